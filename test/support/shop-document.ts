import { type DocumentObject, documentText, type NetworkDocument } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";

const object = (key: string, path: string, attributes: Attributes): DocumentObject => ({
  ...{ key, path: `shop/${path}`, attributes },
  origin: "create",
});

/** The objects of a small network that a seeded region does not have: a fabric, a VLAN, a subnet and a range. */
export const SHOP = {
  fabric: [object("shop", "fabric", { name: "shop" })],
  vlan: [object("shop:30", "vlan", { fabric: "shop", vid: 30, name: "tills", mtu: 1500 })],
  subnet: [object("10.77.0.0/24", "v4", { cidr: "10.77.0.0/24", vlan: "shop:30", gateway_ip: "10.77.0.1" })],
  ip_range: [
    object("10.77.0.2-10.77.0.9 in 10.77.0.0/24", "routers", {
      ...{ subnet: "10.77.0.0/24", type: "reserved", start_ip: "10.77.0.2", end_ip: "10.77.0.9" },
      comment: "routers",
    }),
  ],
} satisfies NetworkDocument["objects"];

/** {@link SHOP} in the region, as {@link ShopFolder.made} tells it. */
export const SHOP_MADE: readonly string[] = ["fabric shop", "vlan 30", "subnet 10.77.0.0/24", "range 10.77.0.2"];

/** Some objects as a document. */
export function documentOf(objects: NetworkDocument["objects"], apiUrl: string): string {
  return documentText({ apiUrl, objects, suppressions: [] });
}

/** The objects with other attributes, or another origin. */
export function changed(
  objects: readonly DocumentObject[],
  attributes: Attributes,
  origin: DocumentObject["origin"] = "create",
): DocumentObject[] {
  return objects.map((object) => ({ ...object, origin, attributes: { ...object.attributes, ...attributes } }));
}

/** {@link SHOP} with so many further subnets. */
export function shopWithSubnets(count: number): NetworkDocument["objects"] {
  const more = Array.from({ length: count }, (_, index) => {
    const cidr = `10.78.${index}.0/24`;
    return object(cidr, `more-${index}`, { cidr, vlan: "shop:30" });
  });
  return { ...SHOP, subnet: [...SHOP.subnet, ...more] };
}
