import type { Attributes } from "../../../../lib/model/known";
import type { Step } from "../../../../src/reconcile/engine/plan/order";
import { ORDER_RULES } from "../../../../src/reconcile/engine/plan/order-rules";
import type { DesiredObject } from "../../../../src/reconcile/engine/plan/read-live";
import { StepGraph } from "../../../../src/reconcile/engine/plan/step-graph";
import { StepExecutor } from "../../../../src/reconcile/engine/run/run";
import { openRegion } from "../../../../src/reconcile/kinds";
import { RegionObjects } from "../../../../src/reconcile/region-objects";
import type { RegionState } from "../../../../src/simulator";
import type { Seed } from "../../../../src/simulator/seed/notation";
import { EngineUser } from "../../../support/engine";
import { documentOf } from "../support/documents";
import {
  adopted,
  at,
  dhcp,
  fabric,
  lease,
  link,
  nic,
  range,
  relay,
  route,
  subnet,
  vlan,
  wanted,
} from "../support/objects";
import { waitsOf, wordsOf } from "../support/words";

jest.setTimeout(60_000);

// What may pass is waited for, up to ten seconds, before it counts as refused: here on a clock that leaps over the pauses.
jest.mock("node:timers/promises", () => {
  const actual = jest.requireActual<typeof import("node:timers/promises")>("node:timers/promises");
  const now = performance.now.bind(performance);
  let leapt = 0;
  jest.spyOn(performance, "now").mockImplementation(() => now() + leapt);
  const leap: typeof actual.setTimeout = (delay, value, options) => {
    leapt += delay ?? 0;
    return actual.setTimeout(0, value, options);
  };
  return { ...actual, setTimeout: leap };
});

afterAll(() => jest.restoreAllMocks());

const V4 = "10.0.0.0/24";
const OTHER = "10.0.1.0/24";
const V6 = "2001:db8::/64";

/** The smallest change that a rule is for. */
interface Example {
  /** Words of the rule's reason. */
  readonly rule: string;
  /** What happens in the other order: how MAAS or the engine refuses it, or what the region would be like in between. */
  readonly hazard: RegExp | ((state: RegionState, isLast: boolean) => boolean);
  readonly before: readonly DesiredObject[];
  readonly after: readonly DesiredObject[];
  /** The step that comes first, and the one that waits for it. */
  readonly first: string;
  readonly then: string;
  /** What racks report before it. */
  readonly addresses?: readonly string[];
  /** The release of MAAS that the hazard is of. Default: 3.7. */
  readonly release?: "3.4";
}

const SPARE = [adopted(fabric("spare")), adopted(vlan("spare:0"))];
const ROUTED = [
  ...SPARE,
  subnet(V4, "spare:0", { gateway_ip: "10.0.0.1" }),
  subnet(OTHER, "spare:0", { gateway_ip: "10.0.1.1" }),
  subnet(V6, "spare:0", { gateway_ip: "2001:db8::1" }),
];
const LAB = [fabric("lab"), adopted(vlan("lab:0")), vlan("lab:10")];
const IN_LAB = [...LAB, subnet(V4, "lab:10")];
const POOL = at("pool", range(V4, "dynamic", "10.0.0.100-10.0.0.109"));
const OTHER_POOL = at("other", range(V4, "dynamic", "10.0.0.200-10.0.0.209"));
const RACK = nic("rack1/eth1", "lab:10");
const SERVED = [...IN_LAB, RACK, POOL, dhcp("lab:10", "rack1")];

const isUnserved = ({ vlans, ranges }: RegionState): boolean =>
  vlans.some(({ dhcpOn }) => dhcpOn) && !ranges.some(({ type }) => type === "dynamic");

/** @param name MACHINE/NAME */
const bond = (name: string, ...parents: string[]): DesiredObject =>
  wanted("network_interface_bond", name, { machine: "node1", name: name.split("/")[1] ?? "", parents });

const bridge = (name: string, parent: string): DesiredObject =>
  wanted("network_interface_bridge", name, { machine: "node1", name: name.split("/")[1] ?? "", parent });

const domain = (name: string, attributes: Attributes = {}): DesiredObject =>
  wanted("dns_domain", name, { name, ...attributes });

/** @param key TYPE NAME in DOMAIN */
function record(key: string, data: string): DesiredObject {
  const [type = "", name = "", , owner = ""] = key.split(" ");
  return wanted("dns_record", key, { type, name, domain: owner, data });
}

const ZONE = domain("lab.example");
const NAMED = [...ROUTED, ZONE, record("A/AAAA www in lab.example", "10.0.0.105")];

const LINKED = link("node1", "eth0", V4, { mode: "STATIC", ip_address: "10.0.0.105" });

const EXAMPLES: readonly Example[] = [
  {
    rule: "an interface is there, under its name and on its VLAN, before what is made over it and before its links",
    hazard: /has no interface "bond0"/,
    ...{ before: [], after: [bond("node1/bond0", "eth0"), bridge("node1/br0", "bond0")] },
    ...{ first: "create network_interface_bond node1/bond0", then: "create network_interface_bridge node1/br0" },
  },
  {
    rule: "MAAS deletes with an interface its links and what is over it alone, and removes its links when it gets another VLAN",
    hazard: /MAAS deletes an interface along with the one that it is made over/,
    ...{ before: [bond("node1/bond0", "eth0"), bridge("node1/br0", "bond0")], after: [bridge("node1/br0", "eth1")] },
    ...{ first: "update network_interface_bridge node1/br0", then: "delete network_interface_bond node1/bond0" },
  },
  {
    rule: "MAAS lets no two bonds or bridges have one interface, so that one gives it up first",
    hazard: /already in-use/,
    before: [bond("node1/bond0", "eth0", "eth1"), bond("node1/bond1", "eth2")],
    after: [bond("node1/bond0", "eth0"), bond("node1/bond1", "eth1", "eth2")],
    ...{ first: "update network_interface_bond node1/bond0", then: "update network_interface_bond node1/bond1" },
  },
  {
    rule: "no two interfaces of a machine have one name, so that it is given up first",
    hazard: /has an interface x0 already/,
    ...{ before: [bridge("node1/x0", "eth0")], after: [bond("node1/x0", "eth1")] },
    ...{ first: "delete network_interface_bridge node1/x0", then: "create network_interface_bond node1/x0" },
  },
  {
    rule: "MAAS takes nothing beside a CNAME, and a name's addresses once, so that what was at a name goes first",
    hazard: /a CNAME and another record can't be at one name/,
    before: [ZONE, record("A/AAAA www in lab.example", "192.0.2.1")],
    after: [ZONE, record("CNAME www in lab.example", "web.lab.example")],
    ...{ first: "delete dns_record A/AAAA www in lab.example", then: "create dns_record CNAME www in lab.example" },
  },
  {
    rule: "MAAS takes the address off all names along with the link that has it, so that the link goes first",
    hazard: ({ dnsRecords }, isLast) => isLast && dnsRecords.length === 0,
    before: [...ROUTED, ZONE, LINKED],
    after: NAMED,
    ...{
      first: "delete network_interface_link node1/eth0:10.0.0.105",
      then: "create dns_record A/AAAA www in lab.example",
    },
  },
  {
    rule: "MAAS tells a record by its full name alone, so that a domain of that name goes before it",
    hazard: /with another DNS record/,
    before: [ZONE, domain("sub.lab.example"), record("A/AAAA @ in sub.lab.example", "192.0.2.1")],
    after: [ZONE, record("A/AAAA sub in lab.example", "192.0.2.1")],
    ...{ first: "delete dns_domain sub.lab.example", then: "create dns_record A/AAAA sub in lab.example" },
  },
  {
    rule: "a region always has a default domain, so that another one takes its place before it goes",
    hazard: ({ defaultDomain }) => defaultDomain === "maas",
    before: [domain("one.example", { is_default: true })],
    after: [domain("other.example", { is_default: true })],
    ...{ first: "create dns_domain other.example", then: "delete dns_domain one.example" },
  },
  {
    rule: "what an object refers to is there before it",
    hazard: /has no fabric "lab"/,
    ...{ before: [], after: [fabric("lab"), vlan("lab:10")] },
    ...{ first: "create fabric lab", then: "create vlan lab:10" },
  },
  {
    rule: "MAAS moves, drops or refuses what still refers to an object that is deleted",
    hazard: /Can't delete fabric/,
    before: [fabric("old"), adopted(vlan("old:0")), subnet(V4, "old:0"), ...LAB],
    after: [...LAB, subnet(V4, "lab:10")],
    ...{ first: `update subnet ${V4}`, then: "delete fabric old" },
  },
  {
    rule: "addresses are free only after shrinking and deleting; from 3.7 on no subnet may overlap another",
    hazard: /overlap/i,
    before: [...LAB, subnet(V4, "lab:10")],
    after: [...LAB, subnet("10.0.0.0/25", "lab:10")],
    ...{ first: `delete subnet ${V4}`, then: "create subnet 10.0.0.0/25" },
  },
  {
    rule: "MAAS looks at each change of a dynamic range whether an address in it is taken, so that what takes one leaves first",
    hazard: /conflicts with an existing/,
    before: [...ROUTED, route(V4, OTHER, "10.0.0.105")],
    after: [...ROUTED, route(V4, OTHER, "10.0.0.99"), POOL],
    ...{ first: `delete static_route ${V4} to ${OTHER} via 10.0.0.105`, then: `create ip_range ${POOL.key}` },
  },
  {
    rule: "MAAS looks at each change of a dynamic range whether an address in it is taken, so that what takes one leaves first",
    hazard: /conflicts with an existing/,
    before: NAMED,
    after: [...ROUTED, ZONE, record("A/AAAA www in lab.example", "10.0.0.9"), POOL],
    ...{ first: "update dns_record A/AAAA www in lab.example", then: `create ip_range ${POOL.key}` },
  },
  {
    rule: "MAAS looks at each change of a dynamic range whether an address in it is taken, so that what takes one leaves first",
    hazard: /conflicts with an existing/,
    ...{ before: [...ROUTED, LINKED], after: [...ROUTED, POOL] },
    ...{ first: "delete network_interface_link node1/eth0:10.0.0.105", then: `create ip_range ${POOL.key}` },
  },
  {
    rule: "MAAS finds the subnet of an address where none is named, so that it is there first",
    hazard: /There is no subnet for 10.0.0.105/,
    before: SPARE,
    after: [...ROUTED, lease("10.0.0.105")],
    ...{ first: `create subnet ${V4}`, then: "create reserved_ip 10.0.0.105" },
  },
  {
    rule: "MAAS deletes the addresses of a subnet along with it, so that it goes before a new one of these is there",
    hazard: ({ dnsRecords }, isLast) => isLast && dnsRecords.length === 0,
    before: [...LAB, subnet(V4, "lab:10"), ZONE],
    after: [...LAB, ZONE, record("A/AAAA www in lab.example", "10.0.0.105")],
    ...{ first: `delete subnet ${V4}`, then: "create dns_record A/AAAA www in lab.example" },
  },
  {
    rule: "MAAS refuses an address of a host in a dynamic range, so that the range leaves the address out first",
    hazard: /must be outside the dynamic range/,
    before: [...ROUTED, POOL],
    after: [...ROUTED, at("pool", range(V4, "dynamic", "10.0.0.100-10.0.0.105")), lease("10.0.0.107", V4)],
    ...{ first: `update ip_range 10.0.0.100-10.0.0.105 in ${V4}`, then: "create reserved_ip 10.0.0.107" },
  },
  {
    rule: "MAAS refuses an address of a host in a dynamic range, so that the range leaves the address out first",
    hazard: /dynamic range/,
    ...{ before: [...ROUTED, POOL], after: [...ROUTED, LINKED] },
    ...{ first: `delete ip_range ${POOL.key}`, then: `create network_interface_link ${LINKED.key}` },
  },
  {
    rule: "MAAS refuses a reserved IP of an address that something has, so that this gives it up first",
    hazard: /already in use by another machine/,
    ...{ before: [...ROUTED, LINKED], after: [...ROUTED, lease("10.0.0.105", V4)] },
    ...{ first: "delete network_interface_link node1/eth0:10.0.0.105", then: "create reserved_ip 10.0.0.105" },
  },
  {
    rule: "MAAS refuses a reserved IP of an address that something has, so that this gives it up first",
    hazard: /already in use by another machine/,
    ...{ before: NAMED, after: [...ROUTED, ZONE, lease("10.0.0.105", V4)] },
    ...{ first: "delete dns_record A/AAAA www in lab.example", then: "create reserved_ip 10.0.0.105" },
  },
  {
    rule: "MAAS refuses a second reserved IP of a MAC address on a subnet, so that the former one goes first",
    hazard: /MAAS keeps one address for a MAC address on a subnet/,
    before: [...ROUTED, lease("10.0.0.9", V4)],
    after: [...ROUTED, lease("10.0.0.10", V4)],
    ...{ first: "delete reserved_ip 10.0.0.9", then: "create reserved_ip 10.0.0.10" },
  },
  {
    rule: "on an unmanaged subnet a dynamic range lies in a reserved one",
    hazard: /dynamic range/i,
    before: [...LAB, subnet(V4, "lab:10", { managed: false })],
    after: [...LAB, subnet(V4, "lab:10", { managed: false }), range(V4, "reserved", "10.0.0.90-10.0.0.119"), POOL],
    ...{ first: `create ip_range 10.0.0.90-10.0.0.119 in ${V4}`, then: `create ${POOL.kind} ${POOL.key}` },
  },
  {
    rule: "DHCP is switched on last: it needs a dynamic range, and a rack that is there",
    hazard: /dynamic IP range/i,
    ...{ before: [...IN_LAB, RACK], after: SERVED },
    ...{ first: `create ip_range ${POOL.key}`, then: "create vlan_dhcp lab:10" },
  },
  {
    rule: "DHCP is switched off first: without its ranges and racks MAAS refuses every change of the VLAN",
    hazard: isUnserved,
    ...{ before: SERVED, after: [...IN_LAB, RACK] },
    ...{ first: "delete vlan_dhcp lab:10", then: `delete ip_range ${POOL.key}` },
  },
  {
    rule: "a VLAN is changed while it has them, for the same reason",
    // MAAS refuses the change, and takes it once DHCP is off.
    hazard: ({ vlans }) => !vlans.some(({ dhcpOn }) => dhcpOn),
    before: SERVED,
    after: [
      ...[fabric("lab"), adopted(vlan("lab:0")), vlan("lab:10", { mtu: 9000 }), subnet(V4, "lab:10"), RACK],
      ...[range(V4, "dynamic", "10.0.0.105-10.0.0.119"), dhcp("lab:10", "rack1")],
    ],
    ...{ first: "update vlan lab:10", then: `delete ip_range ${POOL.key}` },
  },
  {
    rule: "a rack moves its interface to the VLAN of its subnet, so the subnet goes first",
    hazard: /the rack would move the interface back|has the address/,
    addresses: ["10.0.0.2/24"],
    before: [...LAB, vlan("lab:20"), subnet(V4, "lab:10"), RACK],
    after: [...LAB, vlan("lab:20"), subnet(V4, "lab:20"), nic("rack1/eth1", "lab:20")],
    ...{ first: `update subnet ${V4}`, then: "update rack_interface rack1/eth1" },
  },
  {
    rule: "MAAS deletes a fabric when its last interface leaves and no subnet is on it, so others come first",
    hazard: ({ fabrics }) => !fabrics.includes("old"),
    before: [...LAB, fabric("old"), adopted(vlan("old:0")), nic("rack1/eth1", "old:0")],
    after: [...LAB, fabric("old"), adopted(vlan("old:0")), RACK, nic("rack2/eth1", "old:0")],
    ...{ first: "update rack_interface rack2/eth1", then: "update rack_interface rack1/eth1" },
  },
  {
    rule: "MAAS drops a DHCP link for another one on the same interface",
    hazard: /DHCP/,
    before: [...SPARE, subnet(V4, "spare:0"), link("node1", "eth0", V4, { mode: "DHCP" })],
    after: [...SPARE, subnet(V4, "spare:0"), subnet(OTHER, "spare:0"), link("node1", "eth0", OTHER)],
    ...{
      first: `delete network_interface_link node1/eth0:${V4}`,
      then: `create network_interface_link node1/eth0:${OTHER}`,
    },
  },
  {
    rule: "a default gateway moves to another link of its family by itself, so that MAAS need not clear those of both families",
    hazard: ({ defaultGateways }) => defaultGateways.length === 0,
    before: [...ROUTED, link("node1", "eth0", V4, { default_gateway: true }), link("node1", "eth0", OTHER)],
    after: [...ROUTED, link("node1", "eth0", V4), link("node1", "eth0", OTHER, { default_gateway: true })],
    ...{
      first: `update network_interface_link node1/eth0:${OTHER}`,
      then: `update network_interface_link node1/eth0:${V4}`,
    },
  },
  {
    rule: "MAAS clears the default gateways of both families at once, so that the other one is set after",
    hazard: ({ defaultGateways }) => defaultGateways.length === 2,
    before: [...ROUTED, link("node1", "eth0", V4, { default_gateway: true }), link("node1", "eth0", V6)],
    after: [...ROUTED, link("node1", "eth0", V4), link("node1", "eth0", V6, { default_gateway: true })],
    ...{
      first: `update network_interface_link node1/eth0:${V4}`,
      then: `update network_interface_link node1/eth0:${V6}`,
    },
  },
  {
    rule: "MAAS before 3.6 has a rack of the VLAN read a snippet first, so that the rack's interface is there",
    hazard: /no available rack controller connected/,
    release: "3.4",
    before: IN_LAB,
    after: [
      ...[...IN_LAB, RACK],
      wanted("dhcp_snippet", "ntp", { name: "ntp", value: "option ntp-servers 10.0.0.5;", subnet: V4 }),
    ],
    ...{ first: "update rack_interface rack1/eth1", then: "create dhcp_snippet ntp" },
  },
  {
    rule: "a VLAN can be relayed only to one that is not relayed itself",
    hazard: /relay/i,
    before: [...LAB, vlan("lab:20"), relay("lab:10", "lab:0")],
    after: [...LAB, vlan("lab:20"), relay("lab:20", "lab:10")],
    ...{ first: "delete vlan_dhcp lab:10", then: "create vlan_dhcp lab:20" },
  },
  {
    rule: "a VLAN whose DHCP stays on is never left without a dynamic range",
    hazard: isUnserved,
    ...{ before: SERVED, after: [...IN_LAB, RACK, OTHER_POOL, dhcp("lab:10", "rack1")] },
    ...{ first: `create ip_range ${OTHER_POOL.key}`, then: `delete ip_range ${POOL.key}` },
  },
];

const document = (objects: readonly DesiredObject[]) =>
  documentOf(objects, { rack_controller: ["rack1", "rack2"], machine: ["node1"] });

const spare = { name: "eth1", fabric: "spare" };
const REGION: Seed = {
  fabrics: [{ name: "spare" }],
  racks: ["rack1", "rack2"].map((hostname) => ({
    hostname,
    interfaces: [{ name: "eth0" }, spare, { ...spare, name: "eth2" }],
  })),
  machines: [{ hostname: "node1", interfaces: ["eth0", "eth1", "eth2"].map((name) => ({ ...spare, name })) }],
};

const users = new Map<string, EngineUser>();
let user: EngineUser;

beforeAll(async () => {
  for (const release of ["3.7", "3.4"]) users.set(release, await EngineUser.start(REGION, release));
});

afterAll(async () => {
  for (const one of users.values()) await one.stop();
});

/** A region that is as an example begins. */
async function begin({ before, addresses, release }: Example): Promise<void> {
  user = users.get(release ?? "3.7") ?? user;
  user.reset();
  await user.run(document(before));
  const rack1 = {
    ...(addresses && { addresses: { eth1: addresses } }),
    services: { rackd: "running" },
  } as const;
  user.simulator.reportRacks({ rack1 });
}

/** How doing some steps went: the first refusal, and what the region was like after each of the others. */
interface Performance {
  readonly refusal?: unknown;
  readonly states: readonly RegionState[];
}

/** Does the steps one by one, in the order given. */
async function perform(steps: readonly Step[], ids: ReadonlyMap<string, string>): Promise<Performance> {
  const region = openRegion(user.api);
  const work = new StepExecutor(new RegionObjects(region), ids);
  const states: RegionState[] = [];
  for (const step of steps) {
    try {
      await work.run(step);
    } catch (refusal) {
      return { refusal, states };
    }
    states.push(user.simulator.state);
  }
  return { states };
}

const said = (error: unknown): string => (error instanceof Error ? `${error.message} ${JSON.stringify(error)}` : "");

describe.each(EXAMPLES)("$rule: $then", (example) => {
  const { rule, hazard, after, first, then } = example;

  test(`so that "${first}" comes before "${then}"`, async () => {
    await begin(example);
    const { plan, desired, live } = await user.prepare(document(after));
    expect(waitsOf(plan.steps)[then]).toContain(first);
    const [one, other] = [first, then].map((words) => plan.steps.find((step) => wordsOf(step) === words));
    const known = ORDER_RULES.find(({ why }) => why === rule);
    expect(other && known?.after(other, new StepGraph(plan.steps, desired, live))).toContain(one);
  });

  test("since nothing goes wrong in this order, and something does in the other", async () => {
    const isHarmed = ({ refusal, states }: Performance): boolean =>
      typeof hazard === "function"
        ? states.some((state, at) => hazard(state, at === states.length - 1))
        : hazard.test(said(refusal));
    await begin(example);
    const { plan, ids } = await user.prepare(document(after));
    const inOrder = await perform(plan.steps, ids);
    expect([inOrder.refusal, isHarmed(inOrder)]).toEqual([undefined, false]);
    await begin(example);
    const again = await user.prepare(document(after));
    const isFirst = (step: Step): boolean => wordsOf(step) === first;
    const rest = again.plan.steps.filter((step) => !isFirst(step));
    const place = rest.findIndex((step) => wordsOf(step) === then) + 1;
    const turned = [...rest.slice(0, place), ...again.plan.steps.filter(isFirst), ...rest.slice(place)];
    expect(isHarmed(await perform(turned, again.ids))).toBe(true);
  });
});

test("every rule has an example here", () => {
  expect([...new Set(EXAMPLES.map(({ rule }) => rule))]).toEqual(ORDER_RULES.map(({ why }) => why));
});
