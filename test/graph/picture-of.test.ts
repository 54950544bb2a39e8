import { documentNetwork } from "../../lib/model/document/network";
import type { DocumentObject } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";
import { liveNetwork } from "../../src/reconcile/region/live-network";
import { html } from "../../src/graph/html";
import { mermaid } from "../../src/graph/mermaid";
import { pictureOf } from "../../src/graph/picture-of";
import { svg } from "../../src/graph/svg";
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

describe("kinds without a place of their own", () => {
  const V4 = "10.0.0.0/24";
  const network = {
    fabric: [object("lab", { name: "lab" })],
    vlan: [object("lab:0", { fabric: "lab", vid: 0 }), object("lab:5", { fabric: "lab", vid: 5 })],
    subnet: [object(V4, { cidr: V4, vlan: "lab:5" }), object("10.0.1.0/24", { cidr: "10.0.1.0/24", vlan: "lab:0" })],
    rack_controller: [object("rack1", { hostname: "rack1" }, "look_up")],
    machine: [object("node-1", { hostname: "node-1" }, "look_up")],
    static_route: [object("route", { source: V4, destination: "10.0.1.0/24", gateway_ip: "10.0.0.9", metric: 0 })],
    reserved_ip: [
      object("10.0.0.50", { ip: "10.0.0.50", mac_address: "52:54:00:00:00:50", subnet: V4 }),
      object("192.0.2.1", { ip: "192.0.2.1", mac_address: "52:54:00:00:00:51" }),
    ],
    dhcp_snippet: [
      object("all", { name: "all", value: "a 1;" }),
      object("net", { name: "net", value: "a 1;", subnet: V4 }),
      object("rack", { name: "rack", value: "a 1;", rack_controller: "rack1" }),
      object("host", { name: "host", value: "a 1;", machine: "node-1" }),
    ],
    dns_domain: [object("lab.example", { name: "lab.example" })],
    dns_record: [
      object("A/AAAA www in lab.example", { type: "A/AAAA", name: "www", domain: "lab.example", data: "10.0.0.60" }),
    ],
    device: [object("ups", { hostname: "ups", network_interfaces: [{ mac_address: "52:54:00:00:00:60" }] })],
    configuration: [object("upstream_dns", { key: "upstream_dns", value: "192.0.2.53" })],
    network_interface_bond: [
      object("node-1/bond0", { machine: "node-1", name: "bond0", parents: ["eth0", "eth1"], vlan: "lab:0" }),
    ],
    network_interface_bridge: [object("node-1/br0", { machine: "node-1", name: "br0", parent: "eth2" })],
    network_interface_vlan: [object("node-1/bond0 on lab:5", { machine: "node-1", parent: "bond0", vlan: "lab:5" })],
    network_interface_link: Array.from({ length: 12 }, (_, index) =>
      object(`node-1/bond0.5:10.0.0.${index + 20}`, {
        ...{ machine: "node-1", network_interface: "bond0.5", subnet: V4, mode: "STATIC" },
        ip_address: `10.0.0.${index + 20}`,
      }),
    ),
  };

  test("stand on the card of what they are for, else beside the networks, and not all of those that are many", () => {
    const { fabrics, racks } = drawn(network);
    const [untagged, tagged] = fabrics[0]?.vlans ?? [];
    expect(untagged?.facts).toContain("bond bond0 of node-1 over eth0, eth1");
    expect(tagged?.facts).toContain("VLAN interface of node-1 over bond0");
    expect(tagged?.subnets[0]?.facts).toEqual([
      ...["no gateway", "route to 10.0.1.0/24 via 10.0.0.9"],
      ...Array.from({ length: 10 }, (_, index) => `node-1 bond0.5 10.0.0.${index + 20}`),
      ...["and 2 more network interface links", "10.0.0.50 for 52:54:00:00:00:50", "DHCP snippet net"],
    ]);
    expect(racks[0]?.facts).toEqual(["DHCP snippet rack"]);
    const beside = fabrics.at(-1);
    expect(beside?.label).toBe("beside the networks");
    expect(Object.fromEntries((beside?.vlans ?? []).map(({ title, facts }) => [title, facts]))).toEqual({
      leases: ["192.0.2.1 for 52:54:00:00:00:51"],
      "DHCP snippets": ["DHCP snippet all", "DHCP snippet host for node-1"],
      DNS: ["domain lab.example", "www.lab.example A/AAAA 10.0.0.60"],
      devices: ["ups"],
      settings: ["upstream_dns = 192.0.2.53"],
      "interfaces on no VLAN": ["bridge br0 of node-1 over eth2"],
    });
  });

  test("are in each form of the picture", () => {
    const whole = drawn(network);
    for (const text of [html(whole), svg(whole), mermaid(whole)])
      for (const line of ["bond0 of node-1", "DHCP snippet net", "www.lab.example", "10.0.0.50 for", "ups", "10.0.0.9"])
        expect([line, text.includes(line)]).toEqual([line, true]);
  });
});
