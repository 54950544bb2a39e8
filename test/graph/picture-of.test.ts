import { documentNetwork } from "../../lib/model/document/network";
import type { DocumentObject } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";
import { liveNetwork } from "../../src/reconcile/region/live-network";
import { pictureOf } from "../../src/graph/picture-of";
import type { Picture } from "../../src/graph/picture";
import { companyOf, picture } from "./networks";

const REPORT = { findings: [], unjudged: [], results: [] };

const object = (key: string, attributes: Attributes, origin: DocumentObject["origin"] = "create"): DocumentObject => ({
  ...{ key, path: key, origin, attributes },
});

const drawn = (objects: Readonly<Record<string, readonly DocumentObject[]>>): Picture =>
  pictureOf(documentNetwork({ objects, suppressions: [] }), REPORT, "lab");

test("fabrics, VLANs, subnets and racks are in natural order", () => {
  const { fabrics, racks } = drawn({
    fabric: ["dc-10", "dc-2"].map((name) => object(name, { name })),
    vlan: [100, 10, 2, 0].map((vid) => object(`dc-2:${vid}`, { fabric: "dc-2", vid })),
    subnet: ["2001:db8:10::/64", "10.0.10.0/24", "2001:db8:a::/64", "10.0.9.0/24"].map((cidr) =>
      object(cidr, { cidr, vlan: "dc-2:10" }),
    ),
    rack_controller: ["rack10", "rack9"].map((hostname) => object(hostname, { hostname })),
  });
  expect(fabrics.map(({ label }) => label)).toEqual(["fabric dc-2", "fabric dc-10"]);
  expect(fabrics[0]?.vlans.map(({ title }) => title)).toEqual(["untagged", "VLAN 2", "VLAN 10", "VLAN 100"]);
  expect(fabrics[0]?.vlans[2]?.subnets.map(({ cidr }) => cidr)).toEqual([
    ...["10.0.9.0/24", "10.0.10.0/24", "2001:db8:a::/64", "2001:db8:10::/64"],
  ]);
  expect(racks.map(({ title }) => title)).toEqual(["rack rack9", "rack rack10"]);
});

test("a card names the VLAN, its MTU and its subnets, but no name that only repeats the VID or the CIDR", () => {
  const { fabrics } = drawn({
    fabric: [object("lab", { name: "lab" })],
    vlan: [
      object("lab:5", { fabric: "lab", vid: 5, name: "storage", mtu: 9000 }),
      object("lab:6", { fabric: "lab", vid: 6, name: "6" }),
    ],
    subnet: [
      object("10.0.0.0/24", { cidr: "10.0.0.0/24", vlan: "lab:5", name: "disks" }),
      object("10.0.1.0/24", { cidr: "10.0.1.0/24", vlan: "lab:5", name: "10.0.1.0/24" }),
    ],
  });
  const [storage, other] = fabrics[0]?.vlans ?? [];
  expect([storage?.name, storage?.facts]).toEqual(["storage", ["MTU 9000", "no DHCP"]]);
  expect(storage?.subnets.map(({ name }) => name)).toEqual(["disks", ""]);
  expect([other?.name, other?.facts]).toEqual(["", ["MTU 1500", "no DHCP"]]);
});

test("a live region's names and MTU are on its cards", () => {
  const vlan = { id: 1, vid: 5, name: "storage", mtu: 9000, dhcp_on: false, relay_vlan: null, fabric_id: 1 };
  const subnet = { id: 1, cidr: "10.0.0.0/24", name: "disks", vlan, managed: true, gateway_ip: null, dns_servers: [] };
  const network = liveNetwork({
    ...{ version: "3.6.5", fabrics: [{ id: 1, name: "lab", vlans: [vlan] }], subnets: [subnet] },
    ...{ ipranges: [], rackcontrollers: [], machines: [], "static-routes": [] },
  });
  const [card] = pictureOf(network, REPORT, "region").fabrics[0]?.vlans ?? [];
  expect([card?.name, card?.facts, card?.subnets[0]?.name]).toEqual(["storage", ["MTU 9000", "no DHCP"], "disks"]);
});

test("chips name racks with their interfaces and parts, and lead to relays and back", () => {
  const { fabrics, racks } = picture(companyOf(3));
  const [served, relayed] = fabrics[0]?.vlans ?? [];
  const textsOf = (chips = served?.chips ?? []): string[] =>
    chips.map(({ role, label, detail }) => `${role}: ${label} ${detail}`.trim());
  expect(textsOf()).toEqual([
    "rack: rack-a1.dc.example bond0.1, DHCP",
    "rack: rack-a2.dc.example bond0.1, DHCP, secondary",
    "vlan: relays VLAN 5",
  ]);
  expect(textsOf(relayed?.chips)).toEqual(["relay: DHCP relay to untagged"]);
  expect(served?.chips.map(({ target }) => target)).toEqual([racks[0]?.id, racks[1]?.id, relayed?.id]);
  expect(relayed?.chips[0]?.target).toBe(served?.id);
});

test("what is not known of a VLAN is not said to be none", () => {
  const { fabrics } = drawn({
    fabric: [object("lab", { name: "lab" }, "look_up")],
    vlan: [object("lab:5", { fabric: "lab", vid: 5 }, "look_up")],
  });
  expect(fabrics[0]?.vlans[0]?.facts).toEqual(["DHCP not known"]);
});

test("a rack of many VLANs names ten of them, and how many others there are", () => {
  const vids = Array.from({ length: 30 }, (_, index) => index + 1);
  const { fabrics, racks } = drawn({
    fabric: [object("lab", { name: "lab" })],
    vlan: vids.map((vid) => object(`lab:${vid}`, { fabric: "lab", vid })),
    rack_controller: [object("rack1", { hostname: "rack1" })],
    rack_interface: vids.map((vid) =>
      object(`rack1/eth0.${vid}`, { rack_controller: "rack1", name: `eth0.${vid}`, vlan: `lab:${vid}` }),
    ),
  });
  expect(racks[0]?.chips.map(({ label, detail }) => `${label} ${detail}`)).toEqual(
    vids.slice(0, 10).map((vid) => `eth0.${vid} VLAN ${vid}, lab`),
  );
  expect(racks[0]?.facts).toEqual(["and 20 more interfaces"]);
  expect(fabrics[0]?.vlans.every(({ chips }) => chips.length === 1)).toBe(true);
});
