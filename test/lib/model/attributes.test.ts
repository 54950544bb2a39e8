import type { DocumentObject } from "../../../lib/model/document";
import { type AttributesOfKind, KINDS, type KindName, type KindTable } from "../../../lib/model/kinds";
import { attributeEntries, type Attributes, textAt } from "../../../lib/model/known";
import { formatKey, parseKey } from "../../../lib/model/natural-key";

// Checked by the compiler: each line under @ts-expect-error must fail to compile.

/** True of a kind whose fields the compiler knows by name. */
type IsTyped<N extends KindName> = string extends keyof KindTable[N]["field"] ? false : true;

const typed: { readonly [N in KindName]: IsTyped<N> } = {
  space: true,
  fabric: true,
  vlan: true,
  subnet: true,
  ip_range: true,
  static_route: true,
  rack_controller: true,
  rack_interface: true,
  vlan_dhcp: true,
  machine: true,
  network_interface_link: true,
  network_interface_physical: true,
  network_interface_bond: true,
  network_interface_bridge: true,
  network_interface_vlan: true,
  dns_domain: true,
  dns_record: true,
  device: true,
  reserved_ip: true,
  configuration: true,
  dhcp_snippet: true,
  network_interface_tag: true,
};

test("the compiler knows the fields of every kind by name", () => {
  expect(Object.values(typed)).not.toContain(false);
  expect(Object.keys(typed)).toEqual(Object.keys(KINDS));
});

test("a misspelt attribute does not compile, whatever object it is read from or written to", () => {
  const attributes: Attributes = { cidr: "10.0.0.0/24", gateway_ip: "10.0.0.1" };
  const object: DocumentObject = { key: "10.0.0.0/24", path: "lab", origin: "create", attributes };
  const reads = [
    // @ts-expect-error no attribute of any kind
    (): unknown => attributes.gatway_ip,
    // @ts-expect-error no attribute of any kind
    (): unknown => textAt(object.attributes, "gatway_ip"),
    // @ts-expect-error no attribute of any kind
    (): unknown => (({ gatway_ip }: Attributes): unknown => gatway_ip)(attributes),
    // @ts-expect-error an attribute, and not of a subnet
    (): unknown => (attributes as AttributesOfKind<"subnet">).start_ip,
    // @ts-expect-error no attribute of any kind
    (): unknown => parseKey("vlan", "lab:10")?.vidd,
    // @ts-expect-error no attribute of any kind
    (): unknown => formatKey("vlan", { fabric: "lab", vidd: "10" }),
    // @ts-expect-error no field of a subnet
    (): unknown => KINDS.subnet.field.gatway_ip,
  ];
  expect(reads.map((read) => read())).toEqual(reads.map(() => undefined));
  // @ts-expect-error no attribute of any kind
  const written: Attributes = { gatway_ip: "10.0.0.1" };
  expect(attributeEntries(written)).toEqual([["gatway_ip", "10.0.0.1"]]);
});

test("a record's own functions take the attributes of its kind", () => {
  const subnet: KindTable["subnet"] = KINDS.subnet;
  // @ts-expect-error an attribute of an IP range
  const words = subnet.check?.({ start_ip: "10.0.0.5" });
  const wrong = subnet.check?.({ cidr: "10.0.0.0/24", gateway_ip: "10.0.1.1" });
  expect([words, wrong?.map(({ attribute }) => attribute)]).toEqual([[], ["gateway_ip"]]);
});
