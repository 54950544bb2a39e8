import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, type Value } from "../../../lib/model/known";
import { canonical } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";

const INTERFACES = KINDS.device.field.network_interfaces;

const macOf = (item: unknown): string => textOf((item as ObjectJson).mac_address ?? "");

/** The MAC addresses of the interfaces that a device is to have; undefined while they are not known. */
export function macsOf({ network_interfaces: value }: Attributes): readonly string[] | undefined {
  const isWhole = (item: Value): boolean =>
    isKnown(item) &&
    typeof item === "object" &&
    item !== null &&
    isKnown((item as { mac_address?: Value }).mac_address ?? null);
  if (!Array.isArray(value) || !value.every(isWhole)) return undefined;
  return (canonical(INTERFACES, value) as readonly Value[]).map(macOf);
}
