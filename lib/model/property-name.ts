import type { Field, KindName } from "./field";

/** How the properties of one construct are called, where it isn't the field's name in camel case. */
export type PropertyNames = Readonly<Record<string, string>>;

/** The properties that are called otherwise than their field, by kind. */
export const PROPERTY_NAMES = {
  rack_interface: { rack_controller: "rack" },
  vlan_dhcp: {
    primary_rack_controller: "primary",
    secondary_rack_controller: "secondary",
    relay_vlan: "relayTo",
    ip_ranges: "ranges",
  },
} as const satisfies Partial<Record<KindName, PropertyNames>>;

/** The property that sets a field: `gatewayIp` for `gateway_ip`. */
export function propertyOf(field: Pick<Field, "name">, names: PropertyNames = {}): string {
  return names[field.name] ?? field.name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
