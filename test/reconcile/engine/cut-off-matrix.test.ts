import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import type { DocumentKindName } from "../../../lib/model/document/kinds";
import { isManaged, KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import type { Fault } from "../../../scripts/faults/fault-kinds";
import { FaultProxy, KILL } from "../../../scripts/faults/fault-proxy";
import { ApiUrl } from "../../../src/maas/api-url";
import type { ObjectJson } from "../../../src/maas/codec";
import { MaasError } from "../../../src/maas/errors";
import { RefusedError } from "../../../src/reconcile/engine/plan/guard";
import { runSession } from "../../../src/reconcile/engine/run/session";
import { openRegion } from "../../../src/reconcile/kinds";
import type { Seed } from "../../../src/simulator/seed/notation";
import { asRead, EngineUser } from "../../support/engine";
import { strideOf } from "../../support/sampled";

// An object of every kind that was there before a document adopted it: the run is cut off before or after each of its
// writes, and whatever the next run is to do, the object ends as wanted, and a destroy restores what it was.

const V4 = "10.1.0.0/24";
const V6 = "2001:db8:1::/64";

const SEED: Seed = {
  spaces: [{ name: "green", description: "theirs" }],
  fabrics: [
    {
      name: "lab",
      class_type: "1g",
      vlans: [
        { vid: 0, mtu: 1400, dhcp_on: true, primary_rack: "rack2" },
        { vid: 10, name: "theirs", mtu: 1450 },
        { vid: 20, relay_vlan: "lab:0" },
      ],
    },
    { name: "racks", vlans: [{ vid: 0 }, { vid: 5 }] },
  ],
  subnets: [
    { cidr: V4, fabric: "lab", vid: 0, gateway_ip: "10.1.0.1", dns_servers: ["10.1.0.5"] },
    { cidr: V6, fabric: "lab", vid: 0, gateway_ip: "2001:db8:1::1", name: "six" },
    { cidr: "10.2.0.0/24", fabric: "lab", vid: 20 },
  ],
  ip_ranges: [
    { type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199", comment: "theirs" },
    { type: "dynamic", start_ip: "10.2.0.100", end_ip: "10.2.0.199" },
  ],
  dns_resources: [
    { name: "txt", domain: "maas" },
    { name: "www", domain: "maas", ip_addresses: ["10.1.0.70", "10.1.0.71"] },
    { name: "mail", domain: "maas", ip_addresses: ["10.1.0.72"] },
  ],
  dns_records: [
    { dnsresource: "txt.maas", rrtype: "TXT", rrdata: "theirs" },
    { dnsresource: "mail.maas", rrtype: "TXT", rrdata: "theirs" },
  ],
  static_routes: [{ source: V4, destination: "10.2.0.0/24", gateway_ip: "10.1.0.9", metric: 7 }],
  reserved_ips: [{ ip: "10.1.0.60", mac_address: "52:54:00:00:00:60", comment: "theirs" }],
  racks: ["rack1", "rack2"].map((hostname) => ({
    hostname,
    interfaces: [
      { name: "eth0", fabric: "lab" },
      { name: "eth1", fabric: "racks", vid: 5 },
      { name: "eth2", fabric: "lab", vid: 20 },
    ],
  })),
  devices: [
    {
      hostname: "ups",
      interfaces: [{ name: "eth0", fabric: "lab", mac_address: "52:54:00:00:04:01", tags: ["theirs"] }],
    },
  ],
  machines: [
    {
      hostname: "node1",
      interfaces: [
        {
          name: "eth0",
          fabric: "lab",
          links: [
            { mode: "auto", subnet: V4 },
            { mode: "auto", subnet: V6 },
          ],
        },
        { name: "eth1", fabric: "lab", mac_address: "52:54:00:00:01:01", tags: ["theirs"], params: { mtu: 1450 } },
        { name: "eth2", fabric: "lab" },
        { name: "eth3", fabric: "lab" },
        { name: "bond0", type: "bond", parents: ["eth2"], fabric: "lab", params: { bond_mode: "802.3ad" } },
        { name: "br0", type: "bridge", parents: ["eth3"], fabric: "lab", params: { bridge_fd: 7 } },
        { name: "eth1.10", type: "vlan", parents: ["eth1"], fabric: "lab", vid: 10, tags: ["theirs"] },
      ],
    },
  ],
};

/** What a document may refer to without touching it. */
const LOOKED_UP: Partial<Record<DocumentKindName, Readonly<Record<string, Attributes>>>> = {
  space: { green: { name: "green" } },
  fabric: { lab: { name: "lab" }, racks: { name: "racks" } },
  vlan: {
    "lab:0": { fabric: "lab", vid: 0 },
    "lab:10": { fabric: "lab", vid: 10 },
    "lab:20": { fabric: "lab", vid: 20 },
  },
  subnet: Object.fromEntries([V4, V6, "10.2.0.0/24"].map((cidr) => [cidr, { cidr }])),
  dns_domain: { maas: { name: "maas" } },
  rack_controller: { rack1: {}, rack2: {} },
  machine: { node1: {} },
  device: { ups: {} },
};

interface Case {
  readonly kind: ManagedKindName;
  readonly key: string;
  readonly made: Attributes;
  readonly changed: Attributes;
  /** The key after the change, where another one. */
  readonly changedKey?: string;
}

const RANGE = { subnet: V4, type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" };
const ROUTE = { source: V4, destination: "10.2.0.0/24", gateway_ip: "10.1.0.9" };
const NIC = { machine: "node1", mac_address: "52:54:00:00:01:01" };
const TXT = { type: "TXT", name: "txt", domain: "maas", data: "theirs" };
const WWW = { type: "A/AAAA", name: "www", domain: "maas" };
const LEASE = { ip: "10.1.0.60", mac_address: "52:54:00:00:00:60", subnet: V4 };
const LINK = { machine: "node1", network_interface: "eth0", subnet: V4, mode: "AUTO" };
const DEVICE_NIC = { device: "ups", mac_address: "52:54:00:00:04:01" };

const CASES: Readonly<Record<string, Case>> = {
  "a fabric": {
    ...{ kind: "fabric", key: "lab" },
    made: { name: "lab", class_type: "10g" },
    changed: { name: "lab", class_type: "40g" },
  },
  "a space": {
    ...{ kind: "space", key: "green" },
    made: { name: "green", description: "ours" },
    changed: { name: "green", description: "ours now" },
  },
  "a VLAN": {
    ...{ kind: "vlan", key: "lab:10" },
    made: { fabric: "lab", vid: 10, mtu: 9000, space: "green" },
    changed: { fabric: "lab", vid: 10, name: "ours" },
  },
  "the untagged VLAN": {
    ...{ kind: "vlan", key: "lab:0" },
    made: { fabric: "lab", vid: 0, mtu: 9000 },
    changed: { fabric: "lab", vid: 0, space: "green" },
  },
  "an IPv4 subnet": {
    ...{ kind: "subnet", key: V4 },
    made: { cidr: V4, vlan: "lab:0", gateway_ip: "10.1.0.2" },
    changed: { cidr: V4, vlan: "lab:0", dns_servers: [] },
  },
  "an IPv6 subnet": {
    ...{ kind: "subnet", key: V6 },
    made: { cidr: V6, vlan: "lab:20", name: "ours" },
    changed: { cidr: V6, vlan: "lab:0", gateway_ip: "fe80::1" },
  },
  "an IP range": {
    ...{ kind: "ip_range", key: `10.1.0.100-10.1.0.199 in ${V4}` },
    made: { ...RANGE, comment: "ours" },
    changed: { ...RANGE, end_ip: "10.1.0.210" },
    changedKey: `10.1.0.100-10.1.0.210 in ${V4}`,
  },
  "a device": {
    ...{ kind: "device", key: "switch1" },
    made: { hostname: "switch1", network_interfaces: [{ mac_address: "52:54:00:00:02:01" }], description: "ours" },
    changed: {
      hostname: "switch2",
      network_interfaces: [{ mac_address: "52:54:00:00:02:01" }, { mac_address: "52:54:00:00:02:02" }],
    },
    changedKey: "switch2",
  },
  "a static route": {
    ...{ kind: "static_route", key: `${V4} to 10.2.0.0/24 via 10.1.0.9` },
    made: { ...ROUTE, metric: 20 },
    changed: { ...ROUTE, gateway_ip: "10.1.0.8" },
    changedKey: `${V4} to 10.2.0.0/24 via 10.1.0.8`,
  },
  "a DNS domain": {
    ...{ kind: "dns_domain", key: "maas" },
    made: { name: "maas", ttl: 60 },
    changed: { name: "maas", authoritative: false },
  },
  "a DNS record": {
    ...{ kind: "dns_record", key: "TXT txt in maas: theirs" },
    made: { ...TXT, ttl: 60 },
    changed: { ...TXT, ttl: 120 },
  },
  "addresses of a name": {
    ...{ kind: "dns_record", key: "A/AAAA www in maas" },
    made: { ...WWW, data: "10.1.0.71 10.1.0.72 2001:db8:1::70" },
    changed: { ...WWW, data: "10.1.0.73 2001:db8:1::70" },
  },
  "addresses of a name that has other records": {
    ...{ kind: "dns_record", key: "A/AAAA mail in maas" },
    made: { ...WWW, name: "mail", data: "10.1.0.74" },
    changed: { ...WWW, name: "mail", data: "10.1.0.75", ttl: 60 },
  },
  "a reserved IP": {
    ...{ kind: "reserved_ip", key: "10.1.0.60" },
    made: { ...LEASE, comment: "ours" },
    changed: { ...LEASE, comment: "" },
  },
  "a DHCP snippet": {
    ...{ kind: "dhcp_snippet", key: "ntp" },
    made: { name: "ntp", value: "option ntp-servers 10.1.0.6;" },
    changed: { name: "ntp", value: "option ntp-servers 10.1.0.7;", enabled: false },
  },
  DHCP: {
    ...{ kind: "vlan_dhcp", key: "lab:0" },
    made: { vlan: "lab:0", primary_rack_controller: "rack1", secondary_rack_controller: "rack2" },
    changed: { vlan: "lab:0", primary_rack_controller: "rack2", secondary_rack_controller: "rack1" },
  },
  "a DHCP relay": {
    ...{ kind: "vlan_dhcp", key: "lab:20" },
    made: { vlan: "lab:20", primary_rack_controller: "rack1" },
    changed: { vlan: "lab:20", relay_vlan: "lab:0" },
  },
  "a rack interface": {
    ...{ kind: "rack_interface", key: "rack1/eth1" },
    made: { rack_controller: "rack1", name: "eth1", vlan: "lab:10" },
    changed: { rack_controller: "rack1", name: "eth1", vlan: "lab:20" },
  },
  "a physical interface": {
    ...{ kind: "network_interface_physical", key: "node1/52:54:00:00:01:01" },
    made: { ...NIC, name: "uplink", tags: ["ours"] },
    changed: { ...NIC, tags: ["ours", "too"], accept_ra: false },
  },
  "a bond": {
    ...{ kind: "network_interface_bond", key: "node1/bond0" },
    made: { machine: "node1", name: "bond0", parents: ["eth2"], bond_mode: "balance-xor", tags: ["ours"] },
    changed: { machine: "node1", name: "bond0", parents: ["eth2"], bond_miimon: 50 },
  },
  "a bridge": {
    ...{ kind: "network_interface_bridge", key: "node1/br0" },
    made: { machine: "node1", name: "br0", parent: "eth3", bridge_stp: true },
    changed: { machine: "node1", name: "br1", parent: "eth3", bridge_fd: 4 },
    changedKey: "node1/br1",
  },
  "a VLAN interface": {
    ...{ kind: "network_interface_vlan", key: "node1/eth1.10" },
    made: { machine: "node1", name: "eth1.10", parent: "eth1", vlan: "lab:10", tags: ["ours"] },
    changed: { machine: "node1", name: "storage", parent: "eth1", vlan: "lab:10", accept_ra: true },
    changedKey: "node1/storage",
  },
  "tags of an interface": {
    ...{ kind: "network_interface_tag", key: "node1/eth1" },
    made: { machine: "node1", interface_id: "eth1", tags: ["ours", "fast"] },
    changed: { machine: "node1", interface_id: "eth1", tags: ["ours", "slow"] },
  },
  "a link": {
    ...{ kind: "network_interface_link", key: `node1/eth0:${V4}` },
    made: { ...LINK, default_gateway: false },
    changed: { ...LINK, default_gateway: true },
  },
  "a physical interface of a device": {
    ...{ kind: "network_interface_physical", key: "device:ups/52:54:00:00:04:01" },
    made: { ...DEVICE_NIC, name: "mgmt", tags: ["ours"] },
    changed: { ...DEVICE_NIC, tags: ["ours", "too"] },
  },
  "tags of an interface of a device": {
    ...{ kind: "network_interface_tag", key: "device:ups/eth0" },
    made: { device: "ups", interface_id: "eth0", tags: ["ours", "fast"] },
    changed: { device: "ups", interface_id: "eth0", tags: ["ours", "slow"] },
  },
  // A link of a device has nothing that changes in place, so that adopting it writes nothing.
};

test("every adoptable kind has a case here", () => {
  const adoptable = Object.values(KINDS).filter((kind) => isManaged(kind) && kind.adoptable);
  expect(new Set(Object.values(CASES).map(({ kind }) => kind))).toEqual(new Set(adoptable.map(({ name }) => name)));
});

/** A document with the object, or without any of its own. */
function documentOf(object?: DocumentObject & { readonly kind: ManagedKindName }): NetworkDocument {
  const lookedUp = Object.entries(LOOKED_UP).map(([kind, objects]) => [
    kind,
    Object.entries(objects)
      .filter(([key]) => kind !== object?.kind || key !== object.key)
      .map(([key, attributes]): DocumentObject => ({ key, path: `their/${key}`, origin: "look_up", attributes })),
  ]);
  const objects = Object.fromEntries(lookedUp) as Record<DocumentKindName, DocumentObject[]>;
  if (object !== undefined) {
    const { kind, ...own } = object;
    objects[kind] = [...(objects[kind] ?? []), own];
  }
  return { objects, suppressions: [] };
}

const adopting = ({ kind, key }: Case, attributes: Attributes, as = key): NetworkDocument =>
  documentOf({ kind, key: as, path: "lab/own", origin: "adopt", attributes });

let proxy: FaultProxy;
let user: EngineUser;

/** What the region holds, a line for each object, in one order. */
const regionNow = (): string[] =>
  Object.entries(user.simulator.state)
    .flatMap(([name, held]: [string, unknown]) => [held].flat().map((item) => `${name} ${JSON.stringify(item)}`))
    .sort();

const without = (one: readonly string[], other: readonly string[]): string[] =>
  one.filter((line) => !other.includes(line));

/** Expects the region to be so, and says only what is not. */
function expectRegion(wanted: readonly string[]): void {
  const found = regionNow();
  expect({ found: without(found, wanted) }).toEqual({ found: without(wanted, found) });
}

beforeAll(async () => {
  proxy = await FaultProxy.start();
  const retry = { attempts: 4, baseDelayMs: 1, maxDelayMs: 1 };
  user = await EngineUser.start(SEED, "3.6", { apiUrl: ApiUrl.parse(proxy.url), retry });
});

afterAll(async () => {
  await user.stop();
  await proxy.stop();
});

/** The region as it was before anybody here came. The machine's links are its default gateways. */
async function reset({ kind }: Case): Promise<string[]> {
  user.reset();
  proxy.aim(user.simulator.url);
  if (kind !== "network_interface_link") return regionNow();
  const [machine] = (await user.api.get("machines/")) as readonly ObjectJson[];
  const [nic] = machine?.interface_set as readonly ObjectJson[];
  const path = `nodes/${textOf(machine?.system_id)}/interfaces/${textOf(nic?.id)}/`;
  for (const { id } of nic?.links as readonly ObjectJson[])
    await user.api.post(path, [["link_id", textOf(id)]], { op: "set_default_gateway" });
  return regionNow();
}

const NOWHERE = "http://127.0.0.1:9/MAAS";
const WRITES = ["POST", "PUT", "DELETE"];

/** Cuts the run off after so many writes: no call of it reaches the region from then on. */
function cutAfter(writes: number): void {
  const die = (): void => proxy.aim(NOWHERE);
  const drop: Fault["answer"] = (response) => {
    die();
    response.socket?.destroy();
  };
  const plot =
    writes === 0
      ? { at: 1, fault: { name: "cut", carriedOut: 0, methods: WRITES, answer: drop } as const }
      : { at: writes, fault: KILL };
  proxy.aim(user.simulator.url, { ...plot, kill: die });
}

interface Run {
  readonly document: NetworkDocument;
  readonly goal: "apply" | "destroy";
}

/** Runs a document as a user does. @returns what failed; undefined = all is done. */
async function run({ document, goal }: Run): Promise<string | undefined> {
  const region = openRegion(user.api);
  try {
    return await runSession(user.store, { goal, document: asRead(document) }, async (session) => {
      const planned = await session.plan(region, { url: proxy.url, force: ["rules"] });
      const { failed, notTried } = await session.execute(region, planned, { concurrency: 1 });
      const [first] = failed;
      if (first !== undefined) return (first.error as Error).message;
      return notTried.length === 0 ? undefined : "not all was tried";
    });
  } catch (error) {
    if (error instanceof MaasError) return error.message;
    if (error instanceof RefusedError) return `${error.message} ${error.refusals.flatMap(({ about }) => about).join()}`;
    throw error;
  }
}

/** Runs it without a fault, and expects it to come to its end. @returns how often it has changed something. */
async function finish(next: Run): Promise<number> {
  proxy.aim(user.simulator.url);
  expect(await run(next)).toBeUndefined();
  return proxy.seen.filter(({ method }) => method !== "GET").length;
}

type RunName = "made" | "changed" | "none" | "destroy";

/** What is cut off: after which other run, and what may come next. */
const PHASES: Readonly<Record<string, readonly [before: RunName | undefined, cut: RunName, next: readonly RunName[]]>> =
  {
    adopting: [undefined, "made", ["made", "changed", "destroy"]],
    changing: ["made", "changed", ["changed", "none"]],
    restoring: ["made", "destroy", ["destroy", "made"]],
  };

jest.setTimeout(60_000);

/** Every kind is cut off after each number of writes in any case: what comes next takes turns, from kind to kind too. */
const STRIDE = strideOf("runs that come after one that was cut off", 2);

describe.each(Object.entries(CASES).map(([title, of], turn) => [title, of, turn] as const))(
  "%s",
  (_title, of, turn) => {
    const runs: Readonly<Record<RunName, Run>> = {
      made: { document: adopting(of, of.made), goal: "apply" },
      changed: { document: adopting(of, of.changed, of.changedKey), goal: "apply" },
      none: { document: documentOf(), goal: "apply" },
      destroy: { document: documentOf(), goal: "destroy" },
    };

    test.each(Object.keys(PHASES))("%s it, cut off after each number of writes", async (phase) => {
      const [before, cut, nexts] = PHASES[phase] ?? [undefined, "made", []];
      let seeded: readonly string[] = [];
      const begin = async (): Promise<void> => {
        seeded = await reset(of);
        if (before !== undefined) await finish(runs[before]);
      };
      await begin();
      const writes = await finish(runs[cut]);
      expect(writes).toBeGreaterThan(0);
      const goal = regionNow();
      const failed: string[] = [];
      for (let done = 0; done <= writes; done += 1) {
        for (const next of nexts.filter((_run, at) => (at + done + turn) % STRIDE === 0)) {
          await begin();
          cutAfter(done);
          expect(await run(runs[cut])).toBeDefined();
          try {
            await finish(runs[next]);
            if (next === cut) expectRegion(goal);
            if (runs[next].goal === "apply") await finish(runs.destroy);
            expectRegion(seeded);
          } catch (error) {
            failed.push(`after ${done} writes, then ${next}: ${(error as Error).message.slice(0, 900)}`);
          }
        }
      }
      expect(failed).toEqual([]);
    });
  },
);
