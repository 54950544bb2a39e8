import * as z from "zod/mini";
import type { Value } from "../../lib/model/known";
import type { TypeExpression } from "./rpc/dynamic-value";

/** The attributes of a stored object, each of any type. */
export type Stored = Readonly<Record<string, unknown>>;

const TEXT = z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String));
const NUMERAL = z.pipe(z.string().check(z.regex(/\d/)), z.transform(Number));
const NUMBER = z.pipe(
  z.union([z.number(), NUMERAL]),
  z.number().check(z.refine((number) => Math.abs(number) <= Number.MAX_SAFE_INTEGER)),
);
const FLAG = z.union([
  z.boolean(),
  z.pipe(
    z.enum(["true", "false"]),
    z.transform((text) => text === "true"),
  ),
]);

function schemaOf(type: TypeExpression): z.ZodMiniType<Value> {
  if (type === "string") return z.nullable(TEXT);
  if (type === "number") return z.nullable(NUMBER);
  if (type === "bool") return z.nullable(FLAG);
  const [collection, of] = type;
  if (collection === "object") {
    const shape = Object.fromEntries(
      Object.entries(of).map(([name, inner]) => [name, z.prefault(schemaOf(inner), null)]),
    );
    return z.nullable(z.object(shape));
  }
  const items = schemaOf(of);
  return z.nullable(collection === "map" ? z.record(z.string(), items) : z.array(items));
}

const schemas = new Map<TypeExpression, z.ZodMiniType<Value>>();

/**
 * The value as one of the type, where it means the same: ids are numbers in some states and text in others. Null for
 * another idea of the attribute: the refresh that follows goes by the id and reads it anew.
 */
export function readAs(type: TypeExpression, value: unknown): Value {
  let schema = schemas.get(type);
  if (schema === undefined) schemas.set(type, (schema = z.catch(schemaOf(type), null)));
  return schema.parse(value ?? null);
}
