import type { Field, TypeOf } from "./field";
import type { ApiPlace } from "./api-place";
import type { TypedKind } from "./kind";
import type { InterfaceLink } from "./network/objects";
import { type Attributes, type Known, UNKNOWN, type Value } from "./known";

/** An object as rules judge it: its attributes, and whether the region may have more on it than is said. */
export interface Judged<A = Attributes> {
  /** Its key in the network. */
  readonly key: string;
  /** What is not known is `UNKNOWN`; what is not set is null or absent. */
  readonly attributes: A;
  /** It was looked up or adopted: the region may have more on it. */
  readonly partial: boolean;
  /** What the interface of a node reports of its addresses. Absent = nothing. */
  readonly links?: Known<readonly InterfaceLink[]>;
}

export const text = (value: Value | undefined): Known<string> => (typeof value === "string" ? value : UNKNOWN);

export const textOrNull = (value: Value | undefined): Known<string | null> =>
  value === null || value === undefined ? null : text(value);

export const number = (value: Value | undefined): Known<number> => (typeof value === "number" ? value : UNKNOWN);

export const flag = (value: Value | undefined, byDefault: Known<boolean>): Known<boolean> =>
  value === undefined || value === null ? byDefault : typeof value === "boolean" ? value : UNKNOWN;

export function texts(value: Value | undefined): Known<readonly Known<string>[]> {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(text) : UNKNOWN;
}

/** A name that may be left out, since it is the key. */
export const named = (value: Value | undefined, key: string): Known<string> => text(value === undefined ? key : value);

/** The name of an attribute that a property stands for: `mac_address` for `macAddress`. */
export const inSnakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The name of a field in TypeScript: `gatewayIp` for `gateway_ip`. */
export const inCamelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

type CamelCase<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : S;

/**
 * What rules read of an object, where the record of its kind does not say otherwise: the attributes that somebody sets, each
 * under its name in TypeScript. Null = not set.
 */
export type FactsOf<K> =
  K extends TypedKind<string, infer F, ApiPlace>
    ? {
        readonly [
          Name in keyof F & string as F[Name]["presence"] extends "computed" ? never : CamelCase<Name>
        ]: F[Name]["presence"] extends "required"
          ? Known<TypeOf<F[Name]["type"]>>
          : Known<TypeOf<F[Name]["type"]>> | null;
      }
    : never;

/** See {@link FactsOf}: what is not set takes its default. */
export function factsOf(fields: readonly Field[], { attributes }: Judged): object {
  return Object.fromEntries(
    fields
      .filter(({ presence }) => presence !== "computed")
      .map(({ name, presence, default: byDefault = null }) => {
        const value = attributes[name] ?? byDefault;
        return [inCamelCase(name), value === null && presence === "required" ? UNKNOWN : value] as const;
      }),
  );
}
