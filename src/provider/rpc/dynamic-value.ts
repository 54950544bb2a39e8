import { Decoder, Encoder, ExtData } from "@msgpack/msgpack";
import { Unknown, UNKNOWN, type Value } from "../../../lib/model/known";
import { ProblemError } from "../../../lib/model/problem";
import type { DeepPartial, DynamicValue } from "../protocol/tfplugin6_pb";

/** A type in Terraform's JSON notation, such as `"string"` or `["list", ["object", { "cidr": "string" }]]`. */
export type TypeExpression =
  | "string"
  | "number"
  | "bool"
  | readonly ["list" | "set" | "map", TypeExpression]
  | readonly ["object", Readonly<Record<string, TypeExpression>>];

/** Extension types by which Terraform marks an unknown; the second one says more about it, which nobody here needs. */
const UNKNOWN_EXTENSIONS: readonly number[] = [0, 12];

/** A number that this provider can't hold exactly. Its message says so without the value, which may be a secret. */
export class InexactNumberError extends ProblemError {
  override readonly name = "InexactNumberError";

  /** @param path where the number is, such as `vid` or `lists[0].size`; empty = it is the whole value. */
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super("MAAS-VAL-13", `${where(path)} ${reason}`);
  }
}

// Each has a buffer of its own, which is made once.
const decoder = new Decoder({ useBigInt64: true });
const encoder = new Encoder();

/** What Terraform itself writes for an unknown. */
const ENCODED_UNKNOWN = new ExtData(0, new Uint8Array(1));

/**
 * The plain value in a message's DynamicValue, whichever of the two encodings it has.
 *
 * Attributes that the type doesn't list are dropped, and those that are absent become null: so a state that another
 * version of a schema has written can be read with today's type. No DynamicValue at all is null.
 *
 * @throws TypeError when the value isn't of the type, InexactNumberError for an integer beyond ±(2^53 - 1) and for a
 * fraction that would be read as a whole number. Both name the path and
 * never the value, which may be a secret.
 */
export function decodeDynamicValue(
  dynamic: Pick<DynamicValue, "msgpack" | "json"> | undefined,
  type: TypeExpression,
): Value {
  if (dynamic === undefined) return null;
  if (dynamic.msgpack.length > 0) return fromWire(decoder.decode(dynamic.msgpack), type, "");
  if (dynamic.json.length > 0) return decodeJson(dynamic.json, type);
  return null;
}

/** How MessagePack writes null. */
const NIL = 0xc0;

/** Whether the value is null, which takes no decoding of one that is not. */
export function isNull(dynamic: Pick<DynamicValue, "msgpack" | "json"> | undefined): boolean {
  if (dynamic === undefined) return true;
  const { msgpack, json } = dynamic;
  return msgpack.length > 0 ? msgpack[0] === NIL : json.length === 0 || Buffer.from(json).toString() === "null";
}

/** The same for a value that comes as JSON only, as {@link RawState} does. */
export function decodeJson(json: Uint8Array, type: TypeExpression): Value {
  return fromWire(JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString()), type, "");
}

/**
 * A DynamicValue for a message to Terraform. Attributes that are absent become null.
 *
 * @throws TypeError when the value isn't of the type or has an attribute that the type doesn't list. It names the path.
 */
export function encodeDynamicValue(value: Value, type: TypeExpression): DeepPartial<DynamicValue> {
  return { msgpack: encoder.encode(toWire(value, type, "")) };
}

function fromWire(wire: unknown, type: TypeExpression, path: string): Value {
  if (wire === null || wire === undefined) return null;
  if (wire instanceof ExtData && UNKNOWN_EXTENSIONS.includes(wire.type)) return UNKNOWN;
  if (type === "number") return numberFromWire(wire, path);
  if (type === "string" || type === "bool") return primitive(wire, type, path);
  switch (type[0]) {
    case "list":
    case "set":
      return array(wire, type[0], path).map((item, index) => fromWire(item, type[1], `${path}[${index}]`));
    case "map":
      return mapValues(record(wire, "map", path), (item, key) => fromWire(item, type[1], `${path}["${key}"]`));
    case "object": {
      const attributes = record(wire, "object", path);
      return eachAttribute(type[1], (of, name) => fromWire(own(attributes, name), of, attributePath(path, name)));
    }
  }
}

/** Terraform's numbers have any size and precision; one that a double doesn't hold comes as decimal text. */
function numberFromWire(wire: unknown, path: string): number {
  const isNumeric =
    typeof wire === "number" || typeof wire === "bigint" || (typeof wire === "string" && wire.trim() !== "");
  const number = isNumeric ? Number(wire) : NaN;
  if (Number.isNaN(number)) throw mismatch("number", wire, path);
  exact(number, path);
  const isRounded = typeof wire === "string" && Number.isInteger(number) && !/^-?\d+$/.test(wire);
  if (isRounded) throw new InexactNumberError(path, "is not a whole number. Write it without a fraction.");
  return number;
}

function exact(number: number, path: string): number {
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  throw new InexactNumberError(
    path,
    `is beyond ±${Number.MAX_SAFE_INTEGER}, the largest whole number that this provider can hold exactly. Use a smaller one.`,
  );
}

function toWire(value: Value | undefined, type: TypeExpression, path: string): unknown {
  if (value === null || value === undefined) return null;
  if (value instanceof Unknown) return ENCODED_UNKNOWN;
  if (type === "number") return numberToWire(exact(primitive(value, type, path), path));
  if (type === "string" || type === "bool") return primitive(value, type, path);
  switch (type[0]) {
    case "list":
    case "set":
      return array<Value>(value, type[0], path).map((item, index) => toWire(item, type[1], `${path}[${index}]`));
    case "map":
      return mapValues(record<Value>(value, "map", path), (item, key) => toWire(item, type[1], `${path}["${key}"]`));
    case "object": {
      const attributes = record<Value>(value, "object", path);
      const surplus = Object.keys(attributes).find((name) => !Object.hasOwn(type[1], name));
      if (surplus !== undefined) throw new TypeError(`${where(attributePath(path, surplus))} is not in the schema.`);
      return eachAttribute(type[1], (of, name) => toWire(own(attributes, name), of, attributePath(path, name)));
    }
  }
}

/** A fraction goes as decimal text: to Terraform 0.1 is the decimal number, which the nearest double isn't. */
function numberToWire(value: number): number | string {
  return Number.isInteger(value) ? value : String(value);
}

interface Primitives {
  string: string;
  number: number;
  bool: boolean;
}

function primitive<T extends keyof Primitives>(value: unknown, type: T, path: string): Primitives[T] {
  if (typeof value !== (type === "bool" ? "boolean" : type)) throw mismatch(type, value, path);
  return value as Primitives[T];
}

function array<T = unknown>(value: unknown, type: string, path: string): readonly T[] {
  if (!Array.isArray(value)) throw mismatch(type, value, path);
  return value as T[];
}

function record<T = unknown>(value: unknown, type: string, path: string): Readonly<Record<string, T>> {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExtData);
  if (!isRecord) throw mismatch(type, value, path);
  return value as Record<string, T>;
}

function mapValues<T, R>(from: Readonly<Record<string, T>>, to: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value, key)]));
}

/** A value for each attribute of a schema, whose names are no user's. */
function eachAttribute<R>(
  types: Readonly<Record<string, TypeExpression>>,
  to: (type: TypeExpression, name: string) => R,
): Record<string, R> {
  const values: Record<string, R> = {};
  for (const name in types) values[name] = to(types[name] ?? "string", name);
  return values;
}

function own<T>(of: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

const attributePath = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

const where = (path: string): string => (path === "" ? "The value" : `The value of ${path}`);

function mismatch(type: string, value: unknown, path: string): TypeError {
  const actual = Array.isArray(value) ? "list" : typeof value === "boolean" ? "bool" : typeof value;
  return new TypeError(`${where(path)} must be a ${type}, and is a ${actual}.`);
}
