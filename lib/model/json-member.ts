import { IpAddress } from "./address";
import { Cidr } from "./cidr";

/** What a member of MAAS's JSON must be, as far as it is read. */
export interface Member {
  /** After "must be": "a whole number". */
  readonly words: string;
  readonly is: (value: unknown) => boolean;
  /** null and a missing member say that there is none, and so does `""` of a text. */
  readonly optional?: true;
  readonly isText?: true;
  /** What each item of a list must be. */
  readonly items?: Member;
  /** Whether no two items of a list may have one id. */
  readonly hasOwnIds?: true;
  /** What is read of an object. */
  readonly members?: readonly (readonly [name: string, member: Member])[];
}

export type Members = Readonly<Record<string, Member>>;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

export const TEXT: Member = { words: "a text", is: isText, isText: true };

export const WHOLE_NUMBER: Member = { words: "a whole number", is: Number.isSafeInteger };

export const FLAG: Member = { words: "true or false", is: (value) => typeof value === "boolean" };

export const ADDRESS: Member = {
  words: "an IP address",
  isText: true,
  is: (value) => isText(value) && IpAddress.tryParse(value) !== undefined,
};

export const NETWORK: Member = {
  words: "a CIDR such as 10.20.0.0/24",
  isText: true,
  is: (value) => isText(value) && Cidr.tryParse(value) !== undefined,
};

/** One of these texts in any case, or one of these numbers. */
export function oneOf(values: readonly (string | number)[]): Member {
  const folded = new Set(values.map((value) => (typeof value === "string" ? value.toLowerCase() : value)));
  return {
    words: `one of ${values.join(", ")}`,
    ...(values.some(isText) && { isText: true }),
    is: (value) => folded.has((typeof value === "string" ? value.toLowerCase() : value) as string | number),
  };
}

export const optional = (member: Member): Member => ({ ...member, optional: true });

export const listOf = (items: Member): Member => ({ words: "a list", is: Array.isArray, items });

/** A list of objects, each of which it has once. */
export const objectsOf = (items: Member): Member => ({ ...listOf(items), hasOwnIds: true });

export const objectOf = (members: Members): Member => ({
  words: "an object",
  is: (value) => typeof value === "object" && !Array.isArray(value),
  members: Object.entries(members),
});

/** A member that is not what it must be. */
export interface WrongMember {
  /** JSON pointer below the value that was looked at. */
  readonly pointer: string;
  readonly found: unknown;
  readonly expected: Member;
  /** The ids of the objects that it is in, the innermost first. */
  readonly inside: readonly string[];
}

/** The member that has an object's id. An interface has the system id of its machine too. */
const idMember = (row: Readonly<Record<string, unknown>>): "id" | "system_id" =>
  row.id === undefined ? "system_id" : "id";

const idOf = (row: Readonly<Record<string, unknown>>): string[] => {
  const id = row[idMember(row)];
  return isText(id) || Number.isSafeInteger(id) ? [String(id)] : [];
};

const below = (name: string | number, wrong: WrongMember): WrongMember => ({
  ...wrong,
  pointer: `/${String(name).replace(/~/g, "~0").replace(/\//g, "~1")}${wrong.pointer}`,
});

const isNone = (member: Member, value: unknown): boolean =>
  value === null || value === undefined || (value === "" && member.isText === true);

/** MAAS's id of what it serves without keeping it, such as the DNS resources that it makes of its machines. */
const NOT_KEPT = -1;

/**
 * The id of an object of the list that an earlier one has too.
 *
 * @param placeOf the pointer to the object of that index, where the list is not the value that is looked at
 */
export function repeatedId(
  list: readonly unknown[],
  placeOf: (index: number) => string = (index) => `/${index}`,
): WrongMember | undefined {
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    const row = item as Readonly<Record<string, unknown>>;
    const name = idMember(row);
    const id = String(row[name]);
    if (row[name] === undefined || row[name] === NOT_KEPT || !seen.has(id)) {
      seen.add(id);
      continue;
    }
    const expected = { words: "an id that no other object of the list has", is: () => false };
    return { pointer: `${placeOf(index)}/${name}`, found: row[name], expected, inside: [id] };
  }
  return undefined;
}

/** The first member of a value that is not what it must be; undefined when there is none. Looks at each member once. */
export function wrongMember(expected: Member, value: unknown): WrongMember | undefined {
  const { is, items, members } = expected;
  if (expected.optional === true && isNone(expected, value)) return undefined;
  if (value === null || !is(value)) return { pointer: "", found: value, expected, inside: [] };
  if (items !== undefined) {
    const list = value as readonly unknown[];
    for (let index = 0; index < list.length; index += 1) {
      const wrong = wrongMember(items, list[index]);
      if (wrong !== undefined) return below(index, wrong);
    }
    const repeated = expected.hasOwnIds === true ? repeatedId(list) : undefined;
    if (repeated !== undefined) return repeated;
  }
  const row = value as Readonly<Record<string, unknown>>;
  for (const [name, member] of members ?? []) {
    const wrong = wrongMember(member, row[name]);
    if (wrong !== undefined) return { ...below(name, wrong), inside: [...wrong.inside, ...idOf(row)] };
  }
  return undefined;
}
