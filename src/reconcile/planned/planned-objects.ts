import { setTimeout as sleep } from "node:timers/promises";
import type { KindName } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import { isManaged, KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import type { Dependent } from "../dependents/dependents";

/**
 * The objects that this process has met in Terraform's state, and the racks and machines that those name. Terraform plans
 * the destroy of what refers to an object before that of the object itself, in a process of its own.
 */
export class OwnObjects {
  readonly #names = new Set<string>();
  readonly #ended = new Set<string>();

  add(kind: Kind, attributes: Attributes): void {
    if (typeof attributes.id === "string") this.#names.add(`${kind.name} ${attributes.id}`);
    for (const { name, references } of kind.fields) {
      const target = attributes[name];
      if (references !== undefined && !isManaged(KINDS[references]) && typeof target === "string")
        this.#names.add(`${references} ${target}`);
    }
  }

  /** Records that this run destroys the object. */
  end(kind: Kind, attributes: Attributes): void {
    this.add(kind, attributes);
    this.#ended.add(`${kind.name} ${textOf(attributes.id)}`);
  }

  /**
   * Whether the dependent leaves before the object that it belongs to is deleted: this run destroys it, or changes it, where
   * a change in place can make it belong to another object.
   */
  leaves(dependent: Dependent): boolean {
    const { object } = dependent;
    if (!this.has(dependent) || object === undefined) return this.has(dependent);
    const canMove = (KINDS[object.kind] as Kind).fields.some(
      ({ references, namesInterface, requiresReplace }) =>
        (references !== undefined || namesInterface === true) && requiresReplace !== true,
    );
    return canMove || this.#ended.has(`${object.kind} ${object.id}`);
  }

  /** Whether the dependent is one of them, or a rack's that one of them names. */
  has(dependent: Dependent): boolean {
    const { rack = [] } = dependent;
    return this.hasObject(dependent) || rack.some((name) => this.#names.has(`rack_controller ${name}`));
  }

  /** Whether the dependent is one of them. */
  hasObject({ object }: Dependent): boolean {
    return object !== undefined && this.#names.has(`${object.kind} ${object.id}`);
  }
}

/** Milliseconds without a call after which Terraform has no more plans to make at the moment. */
const QUIET_MS = 500;
/** Milliseconds that a plan waits at most for others. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 20;

/** An object as this run plans it. */
export interface PlannedObject {
  /** Undefined = it is to be created. */
  readonly id: string | undefined;
  /** Undefined = it is to be deleted. */
  readonly attributes: Attributes | undefined;
  /** Whether the plan differs from the prior state. */
  readonly isChanged: boolean;
}

/**
 * What one process of the provider has planned so far, so that objects that one run changes are checked together.
 *
 * When Terraform plans, it reads and plans every object of the state, without changes too, dependencies first, others at
 * once. When it applies, another process plans each object again just before it is changed, so it never knows all plans.
 */
export class PlannedObjects {
  readonly #byKind = new Map<KindName, Map<string, PlannedObject>>();
  readonly #log = new Map<KindName, PlannedObject[]>();
  readonly #keys = new WeakMap<PlannedObject, string>();
  readonly #changed = new Set<KindName>();
  readonly #read = new Set<string>();
  readonly #told = new Map<string, PlannedObject>();
  /** Which object that is to be created has a natural key. */
  readonly #claimed = new Map<string, PlannedObject>();
  #created = 0;
  #isApplying = false;
  #calls = 0;
  #waiting = 0;
  #lastAt = performance.now();

  /** Makes a call of Terraform's; {@link untilQuiet} waits for those that are under way. */
  async during<T>(call: () => Promise<T>): Promise<T> {
    this.#calls += 1;
    try {
      return await call();
    } finally {
      this.#calls -= 1;
      this.#lastAt = performance.now();
    }
  }

  /** Records that Terraform reads an object, which it does with those of its state before it plans them. */
  read(kind: KindName, id: string): void {
    this.#read.add(`${kind} ${id}`);
  }

  /** Records a plan, in place of an earlier one of the same object. Each plan without an id is of another object. */
  add(kind: KindName, planned: PlannedObject): void {
    const objects = this.#byKind.get(kind) ?? new Map<string, PlannedObject>();
    const key = planned.id ?? `new ${(this.#created += 1)}`;
    this.#byKind.set(kind, objects.set(key, planned));
    this.#keys.set(planned, key);
    const log = this.#log.get(kind) ?? [];
    log.push(planned);
    this.#log.set(kind, log);
    if (planned.isChanged) this.#changed.add(kind);
  }

  /** Records that a plan is being applied. */
  applying(kind: KindName, id: string | undefined): void {
    this.#isApplying = true;
    const objects = this.#byKind.get(kind);
    if (id !== undefined) objects?.delete(id);
    // Nobody tells which of the creations it is. In the process that applies, each is planned just before.
    else {
      for (const [key, planned] of objects ?? []) if (planned.id === undefined) objects?.delete(key);
      this.#claimed.clear();
    }
  }

  /** The object to be created that has this natural key in this run: the first one that has asked. */
  claim(key: string, by: PlannedObject): PlannedObject {
    const holder = this.#claimed.get(key) ?? by;
    this.#claimed.set(key, holder);
    return holder;
  }

  /** Records that an object is not to be created: its plan has failed. */
  renounce(by: PlannedObject): void {
    for (const [key, holder] of this.#claimed) if (holder === by) this.#claimed.delete(key);
  }

  /** All plans so far in their order, also those that are not current any more; it only grows. */
  log(kind: KindName): readonly PlannedObject[] {
    return this.#log.get(kind) ?? [];
  }

  /** Whether the plan is the newest one of its object, and is not being applied. */
  isCurrent(kind: KindName, planned: PlannedObject): boolean {
    return this.#byKind.get(kind)?.get(this.#keys.get(planned) ?? "") === planned;
  }

  of(kind: KindName): Iterable<PlannedObject> {
    return this.#byKind.get(kind)?.values() ?? [];
  }

  find(kind: KindName, id: string): PlannedObject | undefined {
    return this.#byKind.get(kind)?.get(id);
  }

  /** Whether any object of the kind changes. */
  hasChanges(kind: KindName): boolean {
    return this.#changed.has(kind);
  }

  /** Whether a live object is part of this run, planned already or to be planned soon. */
  has(kind: KindName, id: string): boolean {
    return this.find(kind, id) !== undefined || this.#read.has(`${kind} ${id}`);
  }

  /** Whether this process makes all plans of a run, as far as can be told, rather than one before each change. */
  isPlanning({ id }: PlannedObject, kind: KindName): boolean {
    return !this.#isApplying && (id === undefined || this.#read.has(`${kind} ${id}`));
  }

  /** Waits until the condition holds, or Terraform has made no other call for a while. */
  async untilQuiet(isDone: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    this.#waiting += 1;
    try {
      this.#lastAt = performance.now();
      const isQuiet = (): boolean => this.#calls <= this.#waiting && performance.now() > this.#lastAt + QUIET_MS;
      while (!isDone() && !isQuiet() && performance.now() < deadline) await sleep(PAUSE_MS);
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Whether no other object has reported this fault between two objects: it is reported once. */
  isNews(fault: string, by: PlannedObject): boolean {
    const teller = this.#told.get(fault) ?? by;
    this.#told.set(fault, teller);
    return teller === by || (by.id !== undefined && teller.id === by.id);
  }
}
