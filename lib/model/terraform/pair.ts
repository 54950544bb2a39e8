import type { Field } from "../field";
import type { Kind } from "../kind";
import { findField, KINDS } from "../kinds";
import { type Attributes, isKnown, UNKNOWN, type Value } from "../known";
import { formatKey, keyParts } from "../natural-key";
import { oncePer } from "../once-per";
import { readDigits, textOf } from "../text";

/**
 * A reference whose natural key Terraform's configuration may give in two attributes, as canonical/maas does: `fabric`, and a
 * VID in `vlan`. Neither means anything alone, so that the two are always read together.
 */
export interface Pair {
  /** The reference: `vlan`. */
  readonly field: Field;
  /** The attribute that completes it: `fabric`. */
  readonly owner: Field;
  /** The part of the natural key that the reference then holds: the `vid` of a VLAN. */
  readonly part: Field;
}

const pairsAmong = oncePer((fields: readonly Field[]): readonly Pair[] =>
  fields.flatMap((owner) => {
    const field = fields.find(({ name }) => name === owner.completes);
    const { references } = field ?? {};
    if (field === undefined || references === undefined) return [];
    const target: Kind = KINDS[references];
    const [part] = keyParts(references)
      .map((name) => findField(target, name))
      .filter((candidate) => candidate.references !== owner.references);
    return part === undefined ? [] : [{ field, owner, part }];
  }),
);

/** The pairs among the fields of a kind as Terraform has it. */
export const pairsOf = ({ fields }: Pick<Kind, "fields">): readonly Pair[] => pairsAmong(fields);

/** The part of the key that the value of the reference is where the pair is complete; undefined = it is an id or a whole key. */
export function partIn({ part }: Pair, value: Value): number | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const number = part.spelled?.[textOf(value)] ?? readDigits(textOf(value));
  const { min = -Infinity, max = Infinity } = part;
  return number !== undefined && number >= min && number <= max ? number : undefined;
}

/** Whether the attributes give the reference in two. */
export const isPaired = (pair: Pair, attributes: Attributes): boolean =>
  (attributes[pair.owner.name] ?? null) !== null && partIn(pair, attributes[pair.field.name] ?? null) !== undefined;

/** The natural key that two attributes make; unknown while the owner is. */
export function keyOfPair({ field, owner, part }: Pair, ownerValue: Value, partValue: number): Value {
  if (!isKnown(ownerValue)) return UNKNOWN;
  const { references = "vlan" } = field;
  const [ownerPart = owner.name] = keyParts(references).filter((name) => name !== part.name);
  return formatKey(references, { [ownerPart]: textOf(ownerValue), [part.name]: String(partValue) }) ?? null;
}

/** The attributes with each reference in one: `lab:20` for the fabric `lab` and the VID 20. An id and a whole key stay. */
export function inOne(pairs: readonly Pair[], attributes: Attributes): Attributes {
  const whole = pairs.flatMap((pair) => {
    const ownerValue = attributes[pair.owner.name] ?? null;
    const number = ownerValue === null ? undefined : partIn(pair, attributes[pair.field.name] ?? null);
    return number === undefined ? [] : [[pair.field.name, keyOfPair(pair, ownerValue, number)] as const];
  });
  return whole.length === 0 ? attributes : { ...attributes, ...Object.fromEntries(whole) };
}
