import { documentNetwork } from "../../lib/model/document/network";
import type { DocumentObject, NetworkDocument } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import type { Picture } from "../../src/graph/picture";
import { pictureOf } from "../../src/graph/picture-of";

const object = (key: string, attributes: Attributes): DocumentObject => ({
  key,
  path: `net/${key}`,
  origin: "create",
  attributes,
});

/** `vlans` VLANs of one fabric, each with a subnet of both families; each second one has DHCP and ranges. */
export function documentOf(vlans: number): NetworkDocument {
  const numbers = Array.from({ length: vlans }, (_, index) => index + 1);
  const served = numbers.filter((n) => n % 2 === 1);
  const subnets = (n: number): [string, string] => [`10.${n >> 8}.${n & 255}.0/24`, `2001:db8:${n.toString(16)}::/64`];
  const range = (subnet: string, type: string, start_ip: string, end_ip: string): DocumentObject =>
    object(`${start_ip}-${end_ip} in ${subnet}`, { subnet, type, start_ip, end_ip });
  return {
    objects: {
      fabric: [object("lab", { name: "lab" })],
      vlan: numbers.map((vid) => object(`lab:${vid}`, { fabric: "lab", vid })),
      subnet: numbers.flatMap((n) => subnets(n).map((cidr) => object(cidr, { cidr, vlan: `lab:${n}` }))),
      ip_range: served.flatMap((n) => {
        const [v4, v6] = subnets(n);
        const [four, six] = [v4.replace("0/24", ""), v6.replace("::/64", "")];
        return [
          range(v4, "dynamic", `${four}100`, `${four}199`),
          range(v6, "static", `${six}:0:1::`, `${six}:0:1:ffff:ffff:ffff`),
        ];
      }),
      rack_controller: [{ ...object("rack1", { hostname: "rack1" }), origin: "look_up" }],
      rack_interface: served.map((n) =>
        object(`rack1/eth0.${n}`, { rack_controller: "rack1", name: `eth0.${n}`, vlan: `lab:${n}` }),
      ),
      vlan_dhcp: served.map((n) => object(`lab:${n}`, { vlan: `lab:${n}`, primary_rack_controller: "rack1" })),
    },
    suppressions: [],
  };
}

/** The picture of a network, judged by the rules. */
export function picture(vlans: number, title = 'lab <&> "more"'): Picture {
  const network = documentNetwork(documentOf(vlans));
  return pictureOf(network, evaluate({ rules: IPV6_RULES, network, now: new Date("2026-11-22") }), title);
}
