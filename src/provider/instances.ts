import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { KindName } from "../../lib/model/field";
import type { Attributes } from "../../lib/model/known";
import type { PrivateState } from "./private-state";

/** Milliseconds to wait for the read of another instance of one object, which Terraform has begun. */
const READ_MS = 2_000;

/** What the instance that has an object now gets from the first one that had it. */
export interface Handover {
  /** When the instance that has the object took it over. */
  readonly heir: number;
  /** What the object had before the first instance adopted it. Absent = that instance created it. */
  readonly original?: Attributes;
}

/** Keeps handovers from one process of the provider to the next. */
export interface HandoverStore {
  find(kind: KindName, id: string): Handover | undefined;
  /** Whether it is kept. */
  write(kind: KindName, id: string, handover: Handover): boolean;
  remove(kind: KindName, id: string): void;
}

/** What is known of the instances of one object. */
interface Known {
  /** The time of the first instance, and what the object had before it. */
  readonly first: { readonly madeAt: number; readonly original?: Attributes };
  /** The time of the instance that has the object now. */
  readonly latest: number;
  /** Whether that one took the object over in this process: whatever other hosts' clocks say, it is the latest. */
  readonly isOfThisProcess?: boolean;
  /** The instance for which the store has a handover, while this process has not met it. What it gets is for no other one. */
  readonly absentHeir?: number;
  /** Whether the handover outlives this process. */
  readonly isKept?: boolean;
}

/** The time of a first instance of which only a handover tells: before all others. */
const BEFORE_ALL = -1;

const originalOf = ({ original }: PrivateState): { readonly original?: Attributes } => (original ? { original } : {});

/**
 * Which instance of Terraform's state an object belongs to. Two have the same object once Terraform has replaced one with
 * create_before_destroy: the new one took the object over, the old one ("deposed") is to be destroyed, in the same run or
 * in the next one. Instances are told apart by the time at which they made the object or took it over: the latest has it.
 *
 * Terraform passes nothing from the old instance to the new one. So whether the object was created or adopted, and what it
 * had before, is handed over here: from the private state of the first instance to that of the latest.
 */
export class Instances {
  readonly #known = new Map<string, Known>();
  readonly #begun = new Map<string, number>();
  readonly #read = new Map<string, number>();
  #store: HandoverStore | undefined;

  /** Keeps handovers there from now on. */
  keepIn(store: HandoverStore | undefined): void {
    this.#store = store;
  }

  /** A time for an instance that is made now: later than that of all others of this process. */
  now(): number {
    return Math.max(Date.now(), ...[...this.#known.values()].map(({ latest }) => latest + 1));
  }

  /** Records that an instance has made the object, or taken it over, in this process. */
  made(kind: KindName, id: string, kept: PrivateState): void {
    const { madeAt = 0 } = kept;
    const before = this.#of(kind, id) ?? { first: { madeAt, ...originalOf(kept) } };
    this.#set(kind, id, { ...before, latest: madeAt, isOfThisProcess: true });
  }

  /**
   * Records that the state has an instance with the object.
   *
   * @returns its private state, with what the first instance of the object hands over if this is the latest one
   */
  has(kind: KindName, id: string, kept: PrivateState): PrivateState {
    const { madeAt = 0 } = kept;
    const own = { madeAt, ...originalOf(kept) };
    const before: Known = this.#of(kind, id) ?? { first: own, latest: madeAt };
    const { absentHeir, ...others } = before;
    const { first, latest, isOfThisProcess = false } = before;
    const isBeforeThisProcess = isOfThisProcess && first.madeAt === latest && madeAt !== latest;
    this.#set(kind, id, {
      ...others,
      ...(absentHeir !== undefined && absentHeir !== madeAt && { absentHeir }),
      first: madeAt < first.madeAt || isBeforeThisProcess ? own : first,
      latest: isOfThisProcess ? latest : Math.max(madeAt, latest),
    });
    return this.#withHandover(kind, id, kept);
  }

  /** Records that the object is deleted, or gets into the state anew by an import. */
  forget(kind: KindName, id: string): void {
    this.#known.delete(nameOf(kind, id));
    this.#store?.remove(kind, id);
  }

  /** Records that Terraform has begun to look at an instance with that object, and will read it. */
  begin(kind: KindName, id: string): void {
    const name = nameOf(kind, id);
    this.#begun.set(name, (this.#begun.get(name) ?? 0) + 1);
  }

  /** Whether a later instance has the object, so that this one no longer stands for it. */
  isSuperseded(kind: KindName, id: string, { madeAt = 0 }: PrivateState): boolean {
    const known = this.#of(kind, id);
    return known !== undefined && madeAt !== known.latest;
  }

  /** Whether the instance that has the object learns in a later run what this one knows of it. */
  isHandedOver(kind: KindName, id: string): boolean {
    const known = this.#of(kind, id);
    return known?.isKept === true && isHandover(known);
  }

  /**
   * Records that an instance is read. Resolves once the others of the object, as far as they have begun, are too.
   *
   * @returns its private state, see {@link has}
   */
  async read(kind: KindName, id: string, kept: PrivateState): Promise<PrivateState> {
    const name = nameOf(kind, id);
    this.has(kind, id, kept);
    this.#read.set(name, (this.#read.get(name) ?? 0) + 1);
    // Terraform begins with all instances of a resource at once.
    await nextTurn();
    const deadline = performance.now() + READ_MS;
    while ((this.#read.get(name) ?? 0) < (this.#begun.get(name) ?? 0) && performance.now() < deadline) await sleep(10);
    const handed = this.#withHandover(kind, id, kept);
    const isInState = this.#known.get(name)?.first.madeAt === BEFORE_ALL && isDeepStrictEqual(handed, kept);
    if (isInState && !this.isSuperseded(kind, id, kept)) {
      this.forget(kind, id);
      this.has(kind, id, kept);
    }
    return handed;
  }

  #withHandover(kind: KindName, id: string, kept: PrivateState): PrivateState {
    const known = this.#known.get(nameOf(kind, id));
    if (known === undefined || !isHandover(known) || kept.madeAt !== known.latest) return kept;
    const { original: _own, ...others } = kept;
    return { ...others, ...originalOf(known.first) };
  }

  #of(kind: KindName, id: string): Known | undefined {
    const known = this.#known.get(nameOf(kind, id));
    if (known !== undefined) return known;
    const handover = this.#store?.find(kind, id);
    return (
      handover && {
        first: { madeAt: BEFORE_ALL, ...originalOf(handover) },
        latest: handover.heir,
        absentHeir: handover.heir,
        isKept: true,
      }
    );
  }

  #set(kind: KindName, id: string, known: Known): void {
    const before = this.#of(kind, id);
    const { first, latest } = known;
    const isAsKept = before?.isKept === true && isDeepStrictEqual([before.first, before.latest], [first, latest]);
    const isKept =
      isAsKept || (isHandover(known) && this.#store?.write(kind, id, { heir: latest, ...originalOf(first) }) === true);
    this.#known.set(nameOf(kind, id), { ...known, isKept });
  }
}

/** Whether the latest instance has got the object from another one. */
const isHandover = ({ first, latest, absentHeir }: Known): boolean =>
  first.madeAt !== latest && absentHeir === undefined;

const nameOf = (kind: KindName, id: string): string => `${kind} ${id}`;
