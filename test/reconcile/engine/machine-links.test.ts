import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import type { Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../../src/maas/codec";
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
  machines: [
    { hostname: "node1", interfaces: [{ name: "eth0", mac_address: MAC, fabric: "lab" }] },
    { hostname: "busy", status: 6, interfaces: [{ name: "eth0", fabric: "lab" }] },
  ],
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

test("a machine in a state in which MAAS lets nobody change its network is told with that state and what to do", async () => {
  const refused = "can't be changed in its state.*The machine is Deployed.*New, Ready.*maas PROFILE machine release";
  const onBusy = { machine: "busy", network_interface: "eth0", subnet: V4 };
  const document = documentOf({ key: `busy/eth0:${V4}`, path: "lab/busy", origin: "create", attributes: onBusy });
  const bridge = { machine: "busy", name: "br0", parent: "eth0" };
  const { objects } = document;
  for (const wanted of [
    { network_interface_link: objects.network_interface_link ?? [] },
    { network_interface_bridge: [{ key: "busy/br0", path: "lab/br0", origin: "create", attributes: bridge }] },
  ] as const)
    await expect(
      user.run({
        ...document,
        objects: { ...objects, network_interface_link: [], ...wanted, machine: [lookedUp("busy")] },
      }),
    ).rejects.toThrow(new RegExp(refused, "s"));
  expect(user.simulator.state.interfaces.filter(({ node }) => node === "busy")).toHaveLength(1);
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

describe("the default gateway of the other family, which MAAS clears too", () => {
  const gatewaysNow = (): unknown => user.simulator.state.defaultGateways.map(({ subnet }) => subnet);

  const nic = async (): Promise<{ readonly path: string; readonly links: readonly ObjectJson[] }> => {
    const [machine] = (await user.api.get("machines/")) as readonly ObjectJson[];
    const [row] = machine?.interface_set as readonly ObjectJson[];
    return {
      path: `nodes/${textOf(machine?.system_id)}/interfaces/${textOf(row?.id)}/`,
      links: row?.links as readonly ObjectJson[],
    };
  };

  const idOf = async (wanted: string): Promise<string> => {
    const subnets = (await user.api.get("subnets/")) as readonly ObjectJson[];
    return textOf(subnets.find(({ cidr }) => cidr === wanted)?.id);
  };

  /** A link that somebody else has made, and that is the default gateway of IPv6. */
  const makeTheirs = async (): Promise<void> => {
    const subnet = await idOf(V6);
    await user.api.put(`subnets/${subnet}/`, [["gateway_ip", "2001:db8:9::1"]]);
    const form = [
      ["mode", "auto"],
      ["subnet", subnet],
      ["default_gateway", "true"],
    ] as const;
    await user.api.post((await nic()).path, form, { op: "link_subnet" });
  };

  /** Gives up the gateway of IPv4, with a region that refuses to set the other one again. */
  const giveUpAndFail = async (after: NetworkDocument): Promise<void> => {
    user.simulator.faults.set({ faults: [{ fault: "500", path: "op=set_default_gateway", times: 3 }] });
    await expect(user.run(after)).rejects.toThrow(
      /node1 has lost its IPv6 default gateway, the link AUTO to 2001:db8:9::\/64 of eth0.*set-default-gateway \w+ \d+ link_id=\d+\./,
    );
    user.simulator.faults.clear();
    expect(gatewaysNow()).toEqual([]);
  };

  test("is set again by the next run where a run failed in between, though nobody here manages it", async () => {
    await makeTheirs();
    await run(link(V4, { default_gateway: true }));
    expect(gatewaysNow()).toEqual([V4, V6]);
    const after = documentOf(link(V4));
    await giveUpAndFail(after);
    const { plan } = await user.run(after);
    expect(plan.steps.map(({ action, key }) => `${action} ${key}`)).toEqual([`release node1/eth0:${V6}`]);
    expect(gatewaysNow()).toEqual([V6]);
    expect((await user.run(after)).plan.steps).toEqual([]);
    await user.run(after, "destroy");
    expect([gatewaysNow(), linksNow()]).toEqual([[V6], [{ mode: "auto", subnet: V6, ip: null }]]);
  });

  test("is set again where the link that gives it up is an adopted one that is released", async () => {
    await makeTheirs();
    await user.api.post(
      (await nic()).path,
      [
        ["mode", "auto"],
        ["subnet", await idOf(V4)],
      ],
      { op: "link_subnet" },
    );
    const adopted = documentOf({ ...link(V4, { default_gateway: true }), origin: "adopt" });
    await user.run(adopted);
    user.simulator.faults.set({ faults: [{ fault: "500", path: "op=set_default_gateway", times: 3 }] });
    await expect(user.run(adopted, "destroy")).rejects.toThrow("has lost its IPv6 default gateway");
    user.simulator.faults.clear();
    await user.run(adopted, "destroy");
    expect(gatewaysNow()).toEqual([V6]);
  });

  test("is not a step of a run that was cut off before it cleared anything", async () => {
    await makeTheirs();
    await run(link(V4, { default_gateway: true }));
    user.simulator.faults.set({ faults: [{ fault: "500", path: "op=clear_default_gateways", times: 3 }] });
    await expect(user.run(documentOf(link(V4)))).rejects.toThrow("answered 500");
    user.simulator.faults.clear();
    expect(await run(link(V4))).toEqual([`update node1/eth0:${V4}`]);
    expect(gatewaysNow()).toEqual([V6]);
  });

  test("is seen by the next plan where the same document manages it", async () => {
    await makeTheirs();
    await user.api.post((await nic()).path, [["id", textOf((await nic()).links[0]?.id)]], { op: "unlink_subnet" });
    await run(link(V4, { default_gateway: true }), link(V6, { default_gateway: true }));
    await giveUpAndFail(documentOf(link(V4), link(V6, { default_gateway: true })));
    expect(await run(link(V4), link(V6, { default_gateway: true }))).toEqual([`update node1/eth0:${V6}`]);
    expect(gatewaysNow()).toEqual([V6]);
  });
});
