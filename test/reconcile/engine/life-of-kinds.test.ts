import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import type { DocumentKindName } from "../../../lib/model/document/kinds";
import { EngineUser } from "../../support/engine";
import { LAB_SEED, made, range } from "../../support/lab-document";

jest.setTimeout(60_000);

const V4 = "10.20.0.0/24";

const NIC = { machine: "node1", name: "nic", vlan: "lab:0" };

type Sections = Partial<Record<DocumentKindName, readonly DocumentObject[]>>;

/** A network with an object of every kind that nothing else refers to. */
const BASE = {
  fabric: [made("lab", "lab", { name: "lab" }), made("spare-lab", "spare", { name: "spare-lab" })],
  space: [made("storage", "storage", { name: "storage" })],
  vlan: [
    made("lab:0", "untagged", { fabric: "lab", vid: 0 }, "adopt"),
    ...[5, 6, 8, 9].map((vid) => made(`lab:${vid}`, `vlan-${vid}`, { fabric: "lab", vid })),
  ],
  subnet: [
    made(V4, "v4", { vlan: "lab:0", cidr: V4 }),
    made("10.21.0.0/24", "other", { vlan: "lab:5", cidr: "10.21.0.0/24" }),
    made("10.23.0.0/24", "far", { vlan: "lab:5", cidr: "10.23.0.0/24" }),
  ],
  ip_range: [
    range(V4, "dynamic", "10.20.0.100", "10.20.0.199"),
    made(`10.20.0.2-10.20.0.9 in ${V4}`, "kept", {
      ...{ subnet: V4, type: "reserved", start_ip: "10.20.0.2", end_ip: "10.20.0.9" },
    }),
  ],
  static_route: [
    made(`${V4} to 10.23.0.0/24 via 10.20.0.1`, "route", {
      ...{ source: V4, destination: "10.23.0.0/24", gateway_ip: "10.20.0.1" },
    }),
  ],
  device: [
    made("switch1", "switch", { hostname: "switch1", network_interfaces: [{ mac_address: "52:54:00:00:03:01" }] }),
    made("ups", "ups", { hostname: "ups", network_interfaces: [{ mac_address: "52:54:00:00:03:02" }] }),
    made("pdu", "pdu", {
      ...{ hostname: "pdu", network_interfaces: ["03", "04"].map((end) => ({ mac_address: `52:54:00:00:03:${end}` })) },
    }),
  ],
  machine: [made("node1", "node1", {}, "look_up")],
  network_interface_physical: [
    ...["eth0", "eth1", "eth2", "eth3"].map((name, at) => {
      const mac = `52:54:00:00:01:0${at}`;
      return made(`node1/${mac}`, name, { machine: "node1", mac_address: mac, vlan: "lab:0" }, "adopt");
    }),
    made("node1/52:54:00:00:02:01", "nic", { ...NIC, mac_address: "52:54:00:00:02:01" }),
    ...["52:54:00:00:03:03", "52:54:00:00:03:04"].map((mac, at) =>
      made(`device:pdu/${mac}`, `pdu-nic-${at}`, { device: "pdu", mac_address: mac, vlan: "lab:0" }),
    ),
  ],
  network_interface_link: [
    made(`device:pdu/eth0:${V4}`, "pdu-link", {
      ...{ device: "pdu", network_interface: "eth0", subnet: V4, mode: "STATIC", ip_address: "10.20.0.60" },
    }),
  ],
  network_interface_bond: [
    made("node1/bond0", "bond", { machine: "node1", name: "bond0", parents: ["eth0", "eth1"], vlan: "lab:0" }),
  ],
  network_interface_bridge: [made("node1/br0", "bridge", { machine: "node1", name: "br0", parent: "eth2" })],
  network_interface_vlan: [
    made("node1/eth3 on lab:5", "tagged", { machine: "node1", parent: "eth3", vlan: "lab:5" }),
    made("node1/storage", "named", { machine: "node1", name: "storage", parent: "eth3", vlan: "lab:9" }),
  ],
  network_interface_tag: [
    made("node1/eth3", "tags", { machine: "node1", interface_id: "eth3", tags: ["fast", "uplink"] }),
    made("device:pdu/eth1", "pdu-tags", { device: "pdu", interface_id: "eth1", tags: ["feed"] }),
  ],
  reserved_ip: [
    made("10.20.0.50", "lease", { ip: "10.20.0.50", mac_address: "52:54:00:00:00:50", subnet: V4, comment: "printer" }),
  ],
  dhcp_snippet: [
    made("ntp", "ntp", { name: "ntp", value: "option ntp-servers 10.20.0.2;" }),
    made("dns", "dns", { name: "dns", value: "option domain-name-servers 10.20.0.2;", subnet: V4 }),
    made("boot", "boot", { name: "boot", value: 'filename "boot";', machine: "node1" }),
    made("power", "power", { name: "power", value: 'filename "power";', device: "ups" }),
    made("relay", "rack-boot", { name: "relay", value: 'filename "relay";', rack_controller: "rack1" }),
  ],
  rack_controller: [made("rack1", "rack1", {}, "look_up")],
  rack_interface: [made("rack1/eth1", "eth1", { rack_controller: "rack1", name: "eth1", vlan: "lab:0" })],
  vlan_dhcp: [
    made("lab:0", "dhcp", { vlan: "lab:0", primary_rack_controller: "rack1" }),
    made("lab:8", "relay", { vlan: "lab:8", relay_vlan: "lab:0" }),
  ],
  dns_domain: [made("lab.example", "zone", { name: "lab.example", ttl: 60 })],
  dns_record: [
    made("A/AAAA www in lab.example", "www", {
      ...{ type: "A/AAAA", name: "www", domain: "lab.example", data: "10.20.0.9 2001:db8:20::9" },
    }),
    made("MX @ in lab.example: 10 www", "mail", { type: "MX", name: "@", domain: "lab.example", data: "10 www" }),
  ],
} as const satisfies Sections;

const documentOf = (sections: Sections): NetworkDocument => ({ objects: sections, suppressions: [] });

/** The network with an object of that path in place of the one that has it. */
const withObject = (kind: keyof typeof BASE, path: string, object?: DocumentObject): NetworkDocument =>
  documentOf({
    ...BASE,
    [kind]: BASE[kind].flatMap((one: DocumentObject) =>
      one.path === `lab/${path}` ? (object === undefined ? [] : [object]) : [one],
    ),
  });

/** What each kind's object, by its path, is to be under another key. */
const OTHERS: readonly (readonly [keyof typeof BASE, string, (path: string) => DocumentObject])[] = [
  ["fabric", "spare", (path) => made("renamed", path, { name: "renamed" })],
  ["vlan", "vlan-6", (path) => made("lab:7", path, { fabric: "lab", vid: 7 })],
  ["vlan_dhcp", "relay", (path) => made("lab:9", path, { vlan: "lab:9", relay_vlan: "lab:0" })],
  ["space", "storage", (path) => made("renamed", path, { name: "renamed" })],
  [
    "ip_range",
    "kept",
    (path) =>
      made(`10.20.0.3-10.20.0.9 in ${V4}`, path, {
        subnet: V4,
        type: "reserved",
        start_ip: "10.20.0.3",
        end_ip: "10.20.0.9",
      }),
  ],
  [
    "static_route",
    "route",
    (path) =>
      made(`${V4} to 10.23.0.0/24 via 10.20.0.254`, path, {
        ...{ source: V4, destination: "10.23.0.0/24", gateway_ip: "10.20.0.254" },
      }),
  ],
  [
    "device",
    "switch",
    (path) =>
      made("switch2", path, { hostname: "switch2", network_interfaces: [{ mac_address: "52:54:00:00:03:01" }] }),
  ],
  [
    "network_interface_physical",
    "nic",
    (path) => made("node1/52:54:00:00:02:02", path, { ...NIC, mac_address: "52:54:00:00:02:02" }),
  ],
  [
    "network_interface_bond",
    "bond",
    (path) => made("node1/bond1", path, { machine: "node1", name: "bond1", parents: ["eth1"], vlan: "lab:0" }),
  ],
  [
    "network_interface_bridge",
    "bridge",
    (path) => made("node1/br1", path, { machine: "node1", name: "br1", parent: "eth2" }),
  ],
  [
    "network_interface_vlan",
    "named",
    (path) => made("node1/other", path, { machine: "node1", name: "other", parent: "eth3", vlan: "lab:8" }),
  ],
  [
    "dns_record",
    "www",
    (path) =>
      made("CNAME www in lab.example", path, { type: "CNAME", name: "www", domain: "lab.example", data: "web" }),
  ],
  [
    "dns_record",
    "mail",
    (path) =>
      made("MX @ in lab.example: 20 www", path, { type: "MX", name: "@", domain: "lab.example", data: "20 www" }),
  ],
  [
    "network_interface_tag",
    "tags",
    (path) => made("node1/eth0", path, { machine: "node1", interface_id: "eth0", tags: ["uplink"] }),
  ],
  [
    "network_interface_tag",
    "pdu-tags",
    (path) => made("device:pdu/eth0", path, { device: "pdu", interface_id: "eth0", tags: ["feed"] }),
  ],
  [
    "network_interface_physical",
    "pdu-nic-1",
    (path) =>
      made("device:ups/52:54:00:00:03:02", path, { device: "ups", mac_address: "52:54:00:00:03:02", vlan: "lab:0" }),
  ],
  [
    "network_interface_link",
    "pdu-link",
    (path) =>
      made(`device:pdu/eth1:${V4}`, path, {
        ...{ device: "pdu", network_interface: "eth1", subnet: V4, mode: "STATIC", ip_address: "10.20.0.61" },
      }),
  ],
  [
    "reserved_ip",
    "lease",
    (path) => made("10.20.0.51", path, { ip: "10.20.0.51", mac_address: "52:54:00:00:00:50", subnet: V4 }),
  ],
  ["subnet", "other", (path) => made("10.22.0.0/24", path, { vlan: "lab:5", cidr: "10.22.0.0/24" })],
  [
    "rack_interface",
    "eth1",
    (path) => made("rack1/eth0", path, { rack_controller: "rack1", name: "eth0", vlan: "lab:0" }),
  ],
];

let user: EngineUser;
let before: unknown;

beforeAll(async () => {
  user = await EngineUser.start({
    ...LAB_SEED,
    fabrics: [...(LAB_SEED.fabrics ?? []), { name: "theirs" }],
    machines: [
      {
        hostname: "node1",
        interfaces: ["eth0", "eth1", "eth2", "eth3"].map((name, at) => ({
          name,
          mac_address: `52:54:00:00:01:0${at}`,
        })),
      },
    ],
  });
  before = user.state;
});

afterEach(() => user.reset());
afterAll(() => user.stop());

/** Applies the documents, one after the other, expects nothing to do after each, and destroys the last one. */
async function live(...documents: readonly NetworkDocument[]): Promise<void> {
  for (const document of documents) {
    await user.run(document);
    expect((await user.prepare(document)).plan.steps).toEqual([]);
  }
  await user.run(documentOf({}), "destroy");
  expect(user.state).toEqual(before);
}

describe("a run leaves the region as the document says, and a destroy as it was", () => {
  test.each(OTHERS)("where a %s at the same place has another key", (kind, path, other) =>
    live(documentOf(BASE), withObject(kind, path, other(path))),
  );

  test.each(OTHERS)("where a %s makes room for another one", (kind, path, other) =>
    live(documentOf(BASE), withObject(kind, path, other("elsewhere"))),
  );

  test.each(OTHERS)("where a %s is taken out and comes back", (kind, path) =>
    live(documentOf(BASE), withObject(kind, path), documentOf(BASE)),
  );
});
