import type { Value } from "../../lib/model/known";
import { decodeJson } from "./rpc/dynamic-value";
import type { Attribute, Block } from "./schema";

const encoder = new TextEncoder();

/** A value of the wrong type that means the same: ids are numbers in some states, and text here. */
function converted({ type }: Attribute, value: unknown): unknown {
  return type === "string" && (typeof value === "number" || typeof value === "boolean") ? String(value) : value;
}

function decodeAttribute(attribute: Attribute, value: unknown): Value {
  const json = encoder.encode(JSON.stringify(converted(attribute, value) ?? null));
  try {
    return decodeJson(json, attribute.type);
  } catch (error) {
    // Another provider's idea of the attribute. The refresh that follows goes by the id and reads it anew.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * A stored state in today's schema, whoever wrote it: an older version of this provider, or canonical/maas before
 * `terraform state replace-provider`. Attributes that are not known here are dropped.
 */
export function upgradeState(json: Uint8Array, block: Block): Value {
  const stored = JSON.parse(new TextDecoder().decode(json)) as Readonly<Record<string, unknown>>;
  const attributes = block.attributes.map((attribute) => [
    attribute.name,
    decodeAttribute(attribute, stored[attribute.name]),
  ]);
  return Object.fromEntries(attributes) as Value;
}
