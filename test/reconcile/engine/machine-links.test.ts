import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import type { Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import type { Seed } from "../../../src/simulator/seed/notation";
import { EngineUser } from "../../support/engine";

const V4 = "192.168.0.0/24";
const V6 = "2001:db8:9::/64";
const MAC = "52:54:00:aa:bb:cc";

const SEED: Seed = {
  fabrics: [{ name: "lab", vlans: [{ vid: 0 }] }],
  subnets: [
    { cidr: V4, fabric: "lab", gateway_ip: "192.168.0.1" },
    { cidr: V6, fabric: "lab" },
  ],
  machines: [{ hostname: "node1", interfaces: [{ name: "eth0", mac_address: MAC, fabric: "lab" }] }],
};

const lookedUp = (key: string, attributes: Attributes = {}): DocumentObject => ({
  ...{ key, path: key, origin: "look_up", attributes },
});

const link = (subnet: string, said: Attributes = {}): DocumentObject => {
  const attributes: Attributes = { machine: "node1", network_interface: "eth0", subnet, ...said };
  const { network_interface: nic, ip_address: address } = attributes;
  const key = `node1/${textOf(nic)}:${textOf(address ?? subnet)}`;
  return { key, path: `lab/${key}`, origin: "create", attributes };
};

const documentOf = (...links: DocumentObject[]): NetworkDocument => ({
  objects: {
    fabric: [lookedUp("lab")],
    vlan: [lookedUp("lab:0", { fabric: "lab", vid: 0 })],
    subnet: [V4, V6].map((key) => lookedUp(key, { vlan: "lab:0" })),
    machine: [lookedUp("node1")],
    network_interface_link: links,
  },
  suppressions: [],
});

let user: EngineUser;
beforeAll(async () => {
  user = await EngineUser.start(SEED);
});
afterAll(() => user.stop());
beforeEach(() => user.reset());

const linksNow = (): unknown => user.simulator.state.interfaces.find(({ node }) => node === "node1")?.links;

/** The steps of a run, after which there must be nothing left to do. */
async function run(...links: DocumentObject[]): Promise<string[]> {
  const { plan, refusals } = await user.run(documentOf(...links));
  expect(refusals).toEqual([]);
  expect((await user.prepare(documentOf(...links))).plan.steps).toEqual([]);
  return plan.steps.map(({ action, key }) => `${action} ${key}`);
}

test("links of both families are made and taken away, and MAAS keeps its own LINK_UP", async () => {
  const links = [link(V4, { mode: "STATIC", ip_address: "192.168.0.9", default_gateway: true }), link(V6)];
  expect(await run(...links)).toEqual(["create node1/eth0:192.168.0.9", `create node1/eth0:${V6}`]);
  expect(linksNow()).toEqual([
    { mode: "static", subnet: V4, ip: "192.168.0.9" },
    { mode: "auto", subnet: V6, ip: null },
  ]);
  await user.run(documentOf(...links), "destroy");
  expect(linksNow()).toEqual([{ mode: "link_up", subnet: null, ip: null }]);
});

test("an address that MAAS has chosen is no difference", async () => {
  await run(link(V4, { mode: "STATIC" }));
  expect(linksNow()).toEqual([{ mode: "static", subnet: V4, ip: expect.any(String) as string }]);
});

test("the same interface by another of its names is the same link", async () => {
  await run(link(V4, { mode: "STATIC" }));
  expect(await run(link(V4, { mode: "STATIC", network_interface: MAC }))).toEqual([]);
});

test("another mode is another link, and has nothing of the one before", async () => {
  await run(link(V4, { mode: "STATIC" }));
  expect(await run(link(V4, { mode: "DHCP" }))).toEqual(["delete node1/eth0:" + V4, "create node1/eth0:" + V4]);
  expect(linksNow()).toEqual([{ mode: "dhcp", subnet: V4, ip: null }]);
  await run(link(V4));
  expect(linksNow()).toEqual([{ mode: "auto", subnet: V4, ip: null }]);
});
