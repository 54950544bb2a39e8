import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isManaged, KINDS, type ManagedKindName } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { type Fault, FAULTS, WRITES } from "../../scripts/faults/fault-kinds";
import { FaultProxy } from "../../scripts/faults/fault-proxy";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasError } from "../../src/maas/errors";
import { Snapshot } from "../../src/maas/snapshot";
import { Journal } from "../../src/provider/journal";
import { ObjectError, PartialChangeError } from "../../src/reconcile/objects/failure";
import type { Created } from "../../src/reconcile/objects/strategy";
import { isReference, RegionObjects } from "../../src/reconcile/objects/region-objects";
import { MaasSimulator } from "../../src/simulator";

// Every kind of object, made, changed, read and deleted, with every kind of fault at each of its changes: what the next run
// finds and does is to come to one object with the right values. Without Terraform, as one run of the provider does it.

jest.setTimeout(120_000);

let simulator: MaasSimulator;
let proxy: FaultProxy;
let client: MaasClient;
let direct: MaasClient;
let folder: string;

/** One object of a kind: what it is made with, and what it is changed to. */
interface Case {
  readonly kind: ManagedKindName;
  readonly made: Attributes;
  readonly changed: Attributes;
  /** What is to be there beforehand, beyond the seed. */
  readonly prepare?: () => Promise<void>;
}

const POOL = { subnet: "10.1.0.0/24", type: "dynamic", start_ip: "10.1.0.20", end_ip: "10.1.0.29" };
const LINK = { machine: "node1", network_interface: "eth0", subnet: "10.1.0.0/24" };
const NEW_NIC = { machine: "node1", mac_address: "52:54:00:00:00:09", name: "eth9" };
const BOND = { machine: "node1", name: "bond0", parents: ["eth1", "eth2"] };
const BRIDGE = { machine: "node1", name: "br0", parent: "eth1" };

/** Makes a link of the machine the default gateway of IPv6, by hand. */
async function makeGatewayOfV6(): Promise<void> {
  const [machine] = (await direct.get("machines/")) as readonly ObjectJson[];
  const [nic] = machine?.interface_set as readonly ObjectJson[];
  const subnets = (await direct.get("subnets/")) as readonly ObjectJson[];
  const form = [
    ["mode", "auto"],
    ["subnet", textOf(subnets.find(({ cidr }) => cidr === "2001:db8:1::/64")?.id)],
    ["default_gateway", "true"],
  ] as const;
  await direct.post(`nodes/${textOf(machine?.system_id)}/interfaces/${textOf(nic?.id)}/`, form, { op: "link_subnet" });
}

const CASES: Readonly<Record<string, Case>> = {
  fabric: { kind: "fabric", made: { name: "new" }, changed: { name: "newer", class_type: "10g" } },
  space: { kind: "space", made: { name: "new" }, changed: { name: "new", description: "changed" } },
  VLAN: { kind: "vlan", made: { fabric: "lab", vid: 30 }, changed: { fabric: "lab", vid: 31, mtu: 9000 } },
  "untagged VLAN": {
    kind: "vlan",
    made: { fabric: "lab", vid: 0, mtu: 9000 },
    changed: { fabric: "lab", vid: 0, mtu: 1400, space: "green" },
  },
  "IPv4 subnet": {
    kind: "subnet",
    made: { vlan: "lab:10", cidr: "10.2.0.0/24", gateway_ip: "10.2.0.1" },
    changed: { vlan: "lab:10", cidr: "10.2.0.0/24", gateway_ip: "10.2.0.2", dns_servers: ["10.2.0.5"] },
  },
  "IPv6 subnet": {
    kind: "subnet",
    made: { vlan: "lab:10", cidr: "2001:db8:2::/64", name: "new" },
    changed: { vlan: "lab:20", cidr: "2001:db8:2::/64", name: "new", gateway_ip: "fe80::1" },
  },
  "dynamic range": { kind: "ip_range", made: POOL, changed: { ...POOL, end_ip: "10.1.0.39" } },
  "reserved range": {
    kind: "ip_range",
    made: { ...POOL, type: "reserved", comment: "new" },
    changed: { ...POOL, type: "reserved", comment: "changed" },
  },
  "static route": {
    kind: "static_route",
    made: { source: "2001:db8:1::/64", destination: "2001:db8:9::/64", gateway_ip: "2001:db8:1::9" },
    changed: { source: "2001:db8:1::/64", destination: "2001:db8:9::/64", gateway_ip: "2001:db8:1::9", metric: 7 },
  },
  "DNS domain": {
    kind: "dns_domain",
    made: { name: "new.example", ttl: 60, is_default: true },
    changed: { name: "newer.example", authoritative: false, is_default: false },
  },
  "DNS record of addresses": {
    kind: "dns_record",
    made: { type: "A/AAAA", name: "new", domain: "maas", data: "10.1.0.7 2001:db8:1::7" },
    changed: { type: "A/AAAA", name: "new", domain: "maas", data: "10.1.0.8 2001:db8:1::7", ttl: 0 },
  },
  "DNS record of another type": {
    kind: "dns_record",
    made: { type: "MX", fqdn: "maas", data: "10 mail.maas.", ttl: 60 },
    changed: { type: "MX", fqdn: "maas", data: "20 mail.maas." },
  },
  DHCP: {
    kind: "vlan_dhcp",
    made: { vlan: "lab:0", primary_rack_controller: "rack1" },
    changed: { vlan: "lab:0", primary_rack_controller: "rack2", secondary_rack_controller: "rack1" },
  },
  "DHCP relay": {
    kind: "vlan_dhcp",
    made: { vlan: "lab:10", relay_vlan: "lab:0" },
    changed: { vlan: "lab:10", relay_vlan: "lab:20" },
  },
  "rack interface": {
    kind: "rack_interface",
    made: { rack_controller: "rack1", name: "eth1", vlan: "lab:10" },
    changed: { rack_controller: "rack1", name: "eth1", vlan: "lab:20" },
  },
  link: {
    kind: "network_interface_link",
    prepare: makeGatewayOfV6,
    made: { ...LINK, mode: "AUTO", default_gateway: true },
    changed: { ...LINK, mode: "AUTO", default_gateway: false },
  },
  "physical interface": {
    kind: "network_interface_physical",
    made: { ...NEW_NIC, vlan: "lab:0", tags: ["new"] },
    changed: { ...NEW_NIC, name: "eth8", vlan: "lab:10", tags: ["new", "changed"], mtu: 9000 },
  },
  "physical interface that the machine has": {
    kind: "network_interface_physical",
    made: { machine: "node1", mac_address: "52:54:00:00:01:01", name: "uplink", tags: ["new"] },
    changed: { machine: "node1", mac_address: "52:54:00:00:01:01", name: "eth1", accept_ra: true },
  },
  bond: {
    kind: "network_interface_bond",
    made: { ...BOND, bond_mode: "802.3ad" },
    changed: { ...BOND, parents: ["eth2"], bond_mode: "active-backup", bond_miimon: 50, tags: ["changed"] },
  },
  bridge: {
    kind: "network_interface_bridge",
    made: { ...BRIDGE, bridge_stp: true },
    changed: { ...BRIDGE, parent: "eth2", bridge_fd: 5, bridge_stp: false },
  },
  "VLAN interface": {
    kind: "network_interface_vlan",
    made: { machine: "node1", parent: "eth1", vlan: "lab:10" },
    changed: { machine: "node1", parent: "eth2", vlan: "lab:20", name: "storage", tags: ["changed"] },
  },
  "link with an address": {
    kind: "network_interface_link",
    made: { ...LINK, mode: "STATIC", ip_address: "10.1.0.50", default_gateway: false },
    changed: { ...LINK, mode: "STATIC", ip_address: "10.1.0.50", default_gateway: true },
  },
};

/** One or two of each family of faults; `npm run faults` plays them all. */
const CHOSEN = [
  "connection dropped before the work",
  "connection dropped after the work",
  "502 HTML, after the work",
  "503 with Retry-After, after the work",
  "401 nonce used, after the work",
  "404 of a proxy",
  "404 of a proxy, after the work",
  "409 HTML with Retry-After, after the work",
  "200 login page",
  "200 login page, after the work",
  "200 null",
  "200 null, after the work",
  "200 empty list",
  "200 empty list, after the work",
  "204 for a read",
  "request carried out twice",
].map((name) => {
  const fault = FAULTS.find((known) => known.name === name);
  if (fault === undefined) throw new Error(`there is no fault "${name}"`);
  return fault;
});

test("every kind has a case here", () => {
  const kinds = Object.values(KINDS).filter(isManaged);
  expect(new Set(Object.values(CASES).map(({ kind }) => kind))).toEqual(new Set(kinds.map(({ name }) => name)));
});

beforeAll(async () => {
  simulator = await MaasSimulator.start({
    seed: {
      spaces: [{ name: "green" }],
      fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10 }, { vid: 20 }] }, { name: "racks" }],
      subnets: [
        { cidr: "10.1.0.0/24", fabric: "lab", vid: 0, gateway_ip: "10.1.0.1" },
        { cidr: "2001:db8:1::/64", fabric: "lab", vid: 0, gateway_ip: "2001:db8:1::1" },
        { cidr: "2001:db8:9::/64", fabric: "lab", vid: 10 },
      ],
      ip_ranges: [{ type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" }],
      racks: ["rack1", "rack2"].map((hostname) => ({
        hostname,
        interfaces: [
          { name: "eth0", fabric: "lab" },
          { name: "eth1", fabric: "racks" },
        ],
      })),
      machines: [
        {
          hostname: "node1",
          interfaces: ["eth0", "eth1", "eth2"].map((name, at) => ({
            ...{ name, fabric: "lab", mac_address: `52:54:00:00:01:0${at}` },
            // A bond takes the links of its parents for good.
            ...(name === "eth0" && { links: [{ mode: "link_up" }] }),
          })),
        },
      ],
    },
  });
  proxy = await FaultProxy.start();
  const apiKey = ApiKey.parse(simulator.apiKey);
  const retry = { baseDelayMs: 1, maxDelayMs: 2, maxRetryAfterMs: 1, deadlineMs: 500 };
  client = new MaasClient({ apiUrl: ApiUrl.parse(proxy.url), apiKey, retry });
  direct = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey });
});

afterAll(async () => {
  await client.close();
  await direct.close();
  await proxy.stop();
  await simulator.stop();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-matrix-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A run of the provider: it knows nothing of earlier ones but what the journal has. */
function newRun(): RegionObjects {
  const journal = new Journal(folder, proxy.url);
  return new RegionObjects({ client, snapshot: new Snapshot(client), intents: journal, restorations: journal });
}

/** What the region holds, in one order. */
const regionNow = (): unknown =>
  Object.fromEntries(
    Object.entries(simulator.state).map(([name, list]: [string, readonly unknown[]]) => [
      name,
      list.map((item) => JSON.stringify(item)).sort(),
    ]),
  );

/** The work's result; undefined when it failed in a way that a user can be told of. */
async function attempt<T>(work: Promise<T>): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await work };
  } catch (error) {
    if ([MaasError, ObjectError, PartialChangeError].some((known) => error instanceof known)) return undefined;
    throw error;
  }
}

/** Plays the fault at that call from now on. */
const play = (fault: Fault, at: number): void => proxy.aim(simulator.url, { fault, at, kill: () => undefined });

const calm = (): void => proxy.aim(simulator.url);

async function begin({ prepare }: Case): Promise<void> {
  simulator.reset();
  calm();
  await prepare?.();
}

/** The object as a run has made it, with what Terraform would keep of it. */
type Kept = Pick<Created, "live" | "original">;

const make = ({ kind, made }: Case): Promise<Kept> => newRun().create(KINDS[kind], made, false);

const change = ({ kind, changed }: Case, prior: Attributes): Promise<Attributes> =>
  newRun().update(KINDS[kind], textOf(prior.id), prior, { ...prior, ...changed });

const read = ({ kind }: Case, prior: Attributes): Promise<Attributes | undefined> =>
  newRun().read(KINDS[kind], textOf(prior.id), prior);

const remove = ({ kind }: Case, { live, original }: Kept): Promise<void> =>
  newRun().remove(KINDS[kind], textOf(live.id), live, { original });

/** What becomes of the case without any fault. */
interface Goals {
  readonly before: unknown;
  readonly made: unknown;
  readonly changed: unknown;
}

async function goalsOf(of: Case): Promise<Goals> {
  await begin(of);
  const before = regionNow();
  const kept = await make(of);
  const made = regionNow();
  await change(of, kept.live);
  return { before, made, changed: regionNow() };
}

/** Whether the fault had an occasion. What comes after goes without one. */
function played(): boolean {
  const { hit } = proxy;
  calm();
  return hit !== undefined;
}

/** What a reference names may not have been found, and then it comes as an id: a plan compares what the two mean. */
const withoutReferences = ({ kind }: Case, attributes: Attributes | undefined): Attributes | undefined => {
  const names = KINDS[kind].fields.filter(isReference).map(({ name }): string => name);
  return attributes && Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
};

const OPERATIONS: Readonly<
  Record<
    "create" | "update" | "delete" | "read",
    (of: Case, goals: Goals, fault: Fault, at: number) => Promise<boolean>
  >
> = {
  create: async (of, goals, fault, at) => {
    play(fault, at);
    const first = await attempt(make(of));
    const isHit = played();
    const kept = first?.value ?? (await make(of));
    expect(kept.live.id).toEqual(expect.stringMatching(/./));
    expect(regionNow()).toEqual(goals.made);
    await remove(of, kept);
    expect(regionNow()).toEqual(goals.before);
    return isHit;
  },
  update: async (of, goals, fault, at) => {
    const { live, original } = await make(of);
    play(fault, at);
    const first = await attempt(change(of, live));
    const isHit = played();
    // What Terraform does after a failed change: it reads the object, plans what is left to do, and does it.
    const prior = first?.value ?? (await read(of, live)) ?? {};
    expect(prior.id).toBe(live.id);
    const after = await change(of, prior);
    expect(after.id).toBe(live.id);
    expect(regionNow()).toEqual(goals.changed);
    await remove(of, { live: after, ...(original && { original }) });
    expect(regionNow()).toEqual(goals.before);
    return isHit;
  },
  delete: async (of, goals, fault, at) => {
    const kept = await make(of);
    play(fault, at);
    const first = await attempt(remove(of, kept));
    const isHit = played();
    const left = first === undefined ? await read(of, kept.live) : undefined;
    if (left !== undefined) await remove(of, { ...kept, live: left });
    expect(regionNow()).toEqual(goals.before);
    return isHit;
  },
  read: async (of, _goals, fault, at) => {
    const { live } = await make(of);
    const before = await read(of, live);
    play(fault, at);
    const first = await attempt(read(of, live));
    const isHit = played();
    if (first !== undefined) expect(withoutReferences(of, first.value)).toEqual(withoutReferences(of, before));
    expect(await read(of, live)).toEqual(before);
    return isHit;
  },
};

const HIT_BY: Readonly<Record<keyof typeof OPERATIONS, readonly string[]>> = {
  ...{ create: WRITES, update: WRITES, delete: WRITES, read: ["GET"] },
};

describe.each(Object.entries(CASES))("%s", (_title, of) => {
  test.each(Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])(
    "%s, with each fault at each call",
    async (name) => {
      const goals = await goalsOf(of);
      const methods = HIT_BY[name];
      const failed: string[] = [];
      let cells = 0;
      for (const { methods: own = methods, ...fault } of CHOSEN) {
        const hits = methods.filter((method) => own.includes(method));
        for (let at = 1; hits.length > 0; at += 1) {
          await begin(of);
          rmSync(folder, { recursive: true, force: true });
          try {
            if (!(await OPERATIONS[name](of, goals, { ...fault, methods: hits }, at))) break;
          } catch (error) {
            failed.push(`${fault.name} at call ${at}: ${(error as Error).message.slice(0, 1500)}`);
            if (at > 5) break;
          }
          cells += 1;
        }
      }
      expect(failed).toEqual([]);
      expect(cells).toBeGreaterThan(5);
    },
  );
});
