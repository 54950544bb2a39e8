import type { Kind } from "../../lib/model/kind";
import type { Attributes, Value, Values } from "../../lib/model/known";
import { oncePer } from "../../lib/model/once-per";
import type { Problem } from "../../lib/model/problem";
import { explain, toMessage } from "./diagnostics";
import type { DeepPartial, DynamicValue } from "./protocol/tfplugin6_pb";
import { decodeDynamicValue, encodeDynamicValue, type TypeExpression } from "./rpc/dynamic-value";

/** The attributes of an object of Terraform's; undefined for null. */
export const decodeObject = (value: DynamicValue | undefined, type: TypeExpression): Attributes | undefined =>
  (decodeDynamicValue(value, type) as Attributes | null) ?? undefined;

const isBlock = (type: TypeExpression): boolean =>
  typeof type !== "string" && type[0] === "set" && typeof type[1] !== "string" && type[1][0] === "object";

/** The blocks of a state: there are none, whatever another provider has left. Attributes that are sets of objects have values. */
const noBlocks = oncePer((type: Exclude<TypeExpression, string>): Values =>
  type[0] !== "object"
    ? {}
    : Object.fromEntries(
        Object.entries(type[1]).flatMap(([name, of]) => (isBlock(of) ? [[name, [] as Value[]] as const] : [])),
      ),
);

export const encodeObject = (value: Values | undefined, type: TypeExpression): DeepPartial<DynamicValue> =>
  encodeDynamicValue(value === undefined ? null : { ...(typeof type !== "string" && noBlocks(type)), ...value }, type);

export const messages = (diagnostics: readonly Problem[]): ReturnType<typeof toMessage>[] => diagnostics.map(toMessage);

/** What the work answers, or the errors that the user can do something about. */
export async function explained<T extends object>(
  kind: Kind | undefined,
  work: () => T | Promise<T>,
): Promise<T | { diagnostics: ReturnType<typeof toMessage>[] }> {
  try {
    return await work();
  } catch (error) {
    return { diagnostics: messages(explain(error, kind)) };
  }
}
