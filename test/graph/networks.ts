import { documentNetwork } from "../../lib/model/document/network";
import type { DocumentObject, NetworkDocument } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
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

/**
 * A network as companies have them: fabrics of 20 VLANs, an untagged one first, with names, MTUs and spaces; racks on each
 * second VLAN and relays to it from the next one. The last fabric has the longest name that MAAS takes.
 */
export function companyOf(vlans: number): NetworkDocument {
  const { objects, ...rest } = documentOf(vlans);
  const fabrics = Math.ceil(vlans / 20);
  const nameOf = (index: number): string =>
    index === fabrics - 1 ? `dc-${"north-hall-".repeat(20)}` : `dc-${index + 1}`;
  const place = (key: string): { readonly fabric: string; readonly vid: number; readonly n: number } => {
    const n = Number(key.split(":")[1]);
    return { n, fabric: nameOf(Math.floor((n - 1) / 20)), vid: ((n - 1) % 20) * 5 };
  };
  const moved = (key: string): string => `${place(key).fabric}:${place(key).vid}`;
  const racks = ["rack-a1.dc.example", "rack-a2.dc.example", "rack-a10.dc.example"];
  const served = (objects.vlan ?? []).filter(({ key }) => place(key).n % 2 === 1);
  const relayed = (objects.vlan ?? []).filter(({ key }) => place(key).n % 4 === 2);
  const rackOf = (n: number): string => racks[Math.floor(n / 2) % racks.length] ?? "";
  return {
    ...rest,
    objects: {
      ...objects,
      fabric: Array.from({ length: fabrics }, (_, index) => object(nameOf(index), { name: nameOf(index) })),
      space: ["internal", "dmz"].map((name) => object(name, { name })),
      vlan: (objects.vlan ?? []).map(({ key }) => {
        const { fabric, vid, n } = place(key);
        const said = {
          name: `service ${n} of the shop`,
          mtu: n % 3 === 0 ? 9000 : 1500,
          space: n % 2 === 0 ? "dmz" : "internal",
        };
        return object(moved(key), { fabric, vid, ...(vid === 0 ? {} : said) });
      }),
      subnet: (objects.subnet ?? []).map((one, index) => ({
        ...one,
        attributes: {
          ...one.attributes,
          vlan: moved(textOf(one.attributes.vlan)),
          ...(index % 4 > 0 && {
            name: `net ${index}`,
            gateway_ip: textOf(one.attributes.cidr).replace(/0\/24|\/64/, "1"),
          }),
        },
      })),
      rack_controller: racks.map((hostname) => ({ ...object(hostname, { hostname }), origin: "look_up" as const })),
      rack_interface: served.flatMap(({ key }) => {
        const { n } = place(key);
        return [rackOf(n), rackOf(n + 2)].map((rack) =>
          object(`${rack}/bond0.${n}`, { rack_controller: rack, name: `bond0.${n}`, vlan: moved(key) }),
        );
      }),
      vlan_dhcp: [
        ...served.map(({ key }) =>
          object(moved(key), {
            vlan: moved(key),
            primary_rack_controller: rackOf(place(key).n),
            secondary_rack_controller: rackOf(place(key).n + 2),
          }),
        ),
        ...relayed.map(({ key }) =>
          object(moved(key), { vlan: moved(key), relay_vlan: moved(`lab:${place(key).n - 1}`) }),
        ),
      ],
    },
    suppressions: [{ id: "MAAS6-RTR-01", where: "net", reason: "the routers send the advertisements" }],
  };
}

/** The picture of a network, judged by the rules. */
export function picture(document: NetworkDocument, title = 'lab <&> "more"'): Picture {
  const network = documentNetwork(document);
  const { suppressions } = document;
  return pictureOf(network, evaluate({ rules: IPV6_RULES, network, suppressions, now: new Date("2026-11-22") }), title);
}
