import { inCamelCase } from "../../lib/model/facts";
import type { Kind } from "../../lib/model/kind";
import { findField, KINDS } from "../../lib/model/kinds";
import { isKnown, type Known } from "../../lib/model/known";
import { grouped } from "../../lib/model/lists";
import type { Network } from "../../lib/model/network";
import type { NetworkObject } from "../../lib/model/network/objects";

/** Lines of one kind on one card, of those that may be many. */
const MOST_LINES = 10;

/** A line that stands for an object, as its kind says. */
interface Note {
  /** The card that it is on: the kind and key of its object, or the title of one beside the networks. */
  readonly on?: string;
  readonly beside?: string;
  readonly kind: Kind;
  readonly line: string;
}

const shown = (value: Known<unknown>): string =>
  !isKnown(value as Known<string>) ? "(known after apply)" : Array.isArray(value) ? value.join(", ") : String(value);

function noteOf(network: Network, kind: Kind, object: NetworkObject): Note[] {
  const { picture } = kind;
  if (picture === undefined) return [];
  const said = object as unknown as Readonly<Record<string, Known<string> | null | undefined>>;
  const valueOf = (name: string): string => {
    const value = said[inCamelCase(name)] ?? "";
    const { references } = findField(kind, name);
    const target = references && network.tryFind(references, value);
    return target !== undefined && "cidr" in target ? shown(target.cidr) : shown(value);
  };
  const line = picture.line(valueOf);
  const on = picture.on?.find((name) => (said[inCamelCase(name)] ?? null) !== null);
  if (on !== undefined)
    return [{ on: `${findField(kind, on).references ?? ""} ${String(said[inCamelCase(on)])}`, kind, line }];
  return picture.beside === undefined ? [] : [{ beside: picture.beside, kind, line }];
}

/** The lines, those of each kind shortened where they are many. */
const linesOf = (notes: readonly Note[]): string[] =>
  [...grouped(notes, ({ kind }) => kind)].flatMap(([{ title }, own]) => [
    ...own.slice(0, MOST_LINES).map(({ line }) => line),
    ...(own.length > MOST_LINES
      ? [`and ${own.length - MOST_LINES} more ${title}${own.length === MOST_LINES + 1 ? "" : "s"}`]
      : []),
  ]);

/** The lines of a picture that stand for objects without a place of their own. */
export interface Notes {
  /** By the kind and key of what they are on. */
  readonly on: ReadonlyMap<string, readonly string[]>;
  /** By the title of their card beside the networks. */
  readonly beside: ReadonlyMap<string, readonly string[]>;
}

export function notesOf(network: Network): Notes {
  const notes = Object.values<Kind>(KINDS).flatMap((kind) =>
    (network.all(kind.name) as readonly NetworkObject[]).flatMap((object) => noteOf(network, kind, object)),
  );
  const by = (place: "on" | "beside"): ReadonlyMap<string, readonly string[]> => {
    const placed = notes.flatMap((note) => (note[place] === undefined ? [] : [{ at: note[place], note }]));
    return new Map(
      [...grouped(placed, ({ at }) => at)].map(([at, some]) => [at, linesOf(some.map(({ note }) => note))]),
    );
  };
  return { on: by("on"), beside: by("beside") };
}
