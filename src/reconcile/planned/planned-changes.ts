import type { KindName } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import { findField, KINDS } from "../../../lib/model/kinds";
import { type AttributeName, type Attributes, isKnown } from "../../../lib/model/known";
import { keyParts } from "../../../lib/model/natural-key";
import { oncePer } from "../../../lib/model/once-per";
import { canonical, sameValue } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import { attributesAt, type Planned, type PlannedChange, type When } from "../objects/planned-state";
import type { Region } from "../region/region";

const partName = (kind: KindName, attribute: AttributeName, value: string): string => `${kind}.${attribute} ${value}`;

/**
 * The changes that this process has planned. Terraform plans, and applies, what an object refers to before the object
 * itself, so that what follows from those changes can be told when the object is planned: computed values, and natural
 * keys that an object only gets, or no longer has.
 */
export class PlannedChanges {
  static readonly of = oncePer((_: Region) => new PlannedChanges());

  readonly #byKind = new Map<KindName, Map<string, PlannedChange>>();
  /** The changes of objects that stay and get another natural key. */
  readonly #rekeyed = new Map<KindName, Map<string, PlannedChange>>();
  /** Which changes have, or had, a value that natural keys are made of, or a name. */
  readonly #byPart = new Map<string, Set<string>>();
  /** Kinds of which live objects change. */
  readonly #live = new Set<KindName>();

  /** Takes in the plan of one object; a later one for the same object takes its place. */
  add(kind: Kind, prior: Attributes | undefined, { attributes: planned, changed, requiresReplace }: Planned): void {
    if (prior === undefined) {
      const required = kind.fields.filter(({ presence }) => presence === "required");
      const values = required.map(({ name }) => planned[name]);
      this.#set(kind, `new ${JSON.stringify(values)}`, { planned, changed });
    } else if (changed.length > 0) {
      const id = textOf(prior.id);
      this.#set(kind, id, { id, prior, planned, changed, isEnded: requiresReplace.length > 0 });
    }
  }

  /** Takes in that an object is deleted: its natural key now means another one, or none. */
  end(kind: Kind, prior: Attributes): void {
    const id = textOf(prior.id);
    this.#set(kind, id, {
      id,
      prior,
      planned: {},
      changed: Object.keys(prior),
      isEnded: true,
    });
  }

  #set({ name, fields }: Kind, key: string, change: PlannedChange): void {
    const objects = this.#byKind.get(name) ?? new Map<string, PlannedChange>();
    this.#byKind.set(name, objects.set(key, change));
    if (change.id !== undefined) this.#live.add(name);
    const parts: readonly string[] = keyParts(name);
    const rekeyed = this.#rekeyed.get(name) ?? new Map<string, PlannedChange>();
    this.#rekeyed.set(name, rekeyed);
    const isRekeyed = change.isEnded !== true && change.changed.some((attribute) => parts.includes(attribute));
    if (change.id !== undefined && isRekeyed) rekeyed.set(key, change);
    else rekeyed.delete(key);
    for (const field of fields.filter((each) => parts.includes(each.name) || each.isName === true)) {
      for (const value of [change.prior?.[field.name] ?? null, change.planned[field.name] ?? null]) {
        if (value === null || !isKnown(value)) continue;
        const part = partName(name, field.name, textOf(canonical(field, value)));
        this.#byPart.set(part, (this.#byPart.get(part) ?? new Set()).add(key));
      }
    }
  }

  /** How many changes have been taken in. */
  get size(): number {
    return [...this.#byKind.values()].reduce((sum, objects) => sum + objects.size, 0);
  }

  of(kind: KindName): readonly PlannedChange[] {
    return [...(this.#byKind.get(kind)?.values() ?? [])];
  }

  /** The changes of objects that stay and get another natural key, by id. */
  rekeyed(kind: KindName): ReadonlyMap<string, PlannedChange> {
    return this.#rekeyed.get(kind) ?? new Map<string, PlannedChange>();
  }

  /**
   * The changes of objects that have, or had, that value of an attribute which natural keys are made of, or which is a name.
   *
   * @param value in its one spelling.
   */
  having(kind: KindName, attribute: AttributeName, value: string): readonly PlannedChange[] {
    const keys = this.#byPart.get(partName(kind, attribute, value)) ?? [];
    return [...keys].flatMap((key) => this.#byKind.get(kind)?.get(key) ?? []);
  }

  /** Whether any live object of the kind changes. */
  hasAny(kind: KindName): boolean {
    return this.#live.has(kind);
  }

  has(kind: KindName, id: string, attribute: AttributeName): boolean {
    return this.#byKind.get(kind)?.get(id)?.changed.includes(attribute) === true;
  }

  /** The change of the object that has that value at that time, in whatever spelling. */
  find(kind: KindName, attribute: AttributeName, value: string, when: When): PlannedChange | undefined {
    const field = findField(KINDS[kind], attribute);
    return this.having(kind, attribute, textOf(canonical(field, value))).find((change) => {
      const found = attributesAt(change, when)?.[attribute] ?? null;
      return found !== null && isKnown(found) && sameValue(field, textOf(found), value);
    });
  }
}
