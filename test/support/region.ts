import { randomInt } from "node:crypto";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { type Faults, MaasSimulator } from "../../src/simulator";
import { placeOf, removeOwn } from "./own-objects";
import { RegionFront, type SeenRequest } from "./region-front";
import { keepTally } from "./tally";

/** A region to test against: a simulator of the test's own, or the region that MAAS_E2E_URL and MAAS_E2E_KEY name. */
export interface TestRegion {
  /** The region's URL over IPv4, and over IPv6 where there is one. */
  readonly urls: readonly string[];
  readonly apiKey: string;
  /** A client of its own, for looking and for changing things behind Terraform's back. */
  readonly api: MaasClient;
  /** The calls that the region has seen since the last {@link forget}. */
  requests(): readonly SeenRequest[];
  forget(): void;
  /** What is to go wrong with calls from now on. */
  readonly faults: Faults;
  stop(): Promise<void>;
}

const external = process.env.MAAS_E2E_URL;

/** Whether the tests run against a region that others use too, of which they must touch only what they made. */
export const isSharedRegion = external !== undefined;

if (isSharedRegion) keepTally();
if (isSharedRegion && process.env.MAAS_E2E_NIC === undefined) {
  process.stderr.write(
    "\n*** NOT TESTED on this region: rack interfaces. Name one to move with MAAS_E2E_NIC=RACK/NAME\n",
  );
}

function clientOf(url: string, key: string): MaasClient {
  return new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: ApiKey.parse(key) });
}

export async function startRegion(): Promise<TestRegion> {
  if (external !== undefined) return startShared(external);
  const simulator = await MaasSimulator.start({ port: 0 });
  const api = clientOf(simulator.url, simulator.apiKey);
  return {
    urls: simulator.urls,
    apiKey: simulator.apiKey,
    api,
    requests: () => [...simulator.requests.all()],
    forget: () => simulator.requests.clear(),
    faults: simulator.faults,
    stop: async () => {
      await api.close();
      await simulator.stop();
    },
  };
}

async function startShared(url: string): Promise<TestRegion> {
  const apiKey = process.env.MAAS_E2E_KEY;
  if (apiKey === undefined) throw new Error("MAAS_E2E_URL needs MAAS_E2E_KEY: an administrator's API key");
  const front = await RegionFront.start(url);
  const api = clientOf(front.url, apiKey);
  const nic = lentInterface();
  const giveBack = nic === undefined ? undefined : await placeOf(api, nic);
  return {
    urls: [front.url],
    apiKey,
    api,
    requests: () => front.seen,
    forget: () => {
      front.forget();
    },
    faults: front.faults,
    stop: async () => {
      front.faults.clear();
      await giveBack?.();
      for (const prefix of prefixes) await removeOwn(api, prefix);
      await api.close();
      await front.stop();
    },
  };
}

/** A rack interface. */
export interface Nic {
  readonly rack: string;
  readonly name: string;
}

/**
 * A rack interface that the tests may move and restore. On a shared region only the one that MAAS_E2E_NIC names: the
 * tests touch nothing there that they did not make, unless they are told to. Without one, networks of the tests have none.
 */
export function lentInterface(): Nic | undefined {
  const given = isSharedRegion ? process.env.MAAS_E2E_NIC : "rack1/eth1";
  if (given === undefined) return undefined;
  const [rack = "", name = ""] = given.split("/");
  if (rack === "" || name === "") throw new Error(`MAAS_E2E_NIC is "${given}"; write RACK/NAME, as in rack1/eth1`);
  return { rack, name };
}

/** A test that moves a rack interface. Where the region lends none it is skipped, and says so. */
export function onLentInterface(title: string, body: () => Promise<void>): void {
  if (lentInterface() !== undefined) return test(title, body);
  process.stderr.write(`\n*** SKIPPED, for it moves a rack interface: ${title}. Name one: MAAS_E2E_NIC=RACK/NAME\n`);
  test.skip(title, body);
}

/** The host name of the rack that networks of the tests use: the one with the lent interface, else the first one. */
export async function rackOf({ api }: TestRegion, nic: Nic | undefined): Promise<string> {
  const racks = (await api.get("rackcontrollers/")) as readonly ObjectJson[];
  const hostname = nic?.rack ?? racks[0]?.hostname;
  if (typeof hostname !== "string") throw new Error("the region has no rack controller, which DHCP needs");
  return hostname;
}

/** How many IPv4 networks a run has for itself, and how many runs there is room for. */
const NETWORKS = 8;
const RUNS = 0x200 / NETWORKS;

let runs = randomInt(RUNS);
const prefixes: string[] = [];

/** Names and networks that no other run uses, so that a shared region is not disturbed. */
export interface OwnNames {
  /** Of every name. */
  readonly prefix: string;
  /** The first three octets of a /24: 0 to 7. */
  readonly v4: (index: number) => string;
  /** The first four groups of a /64, with a colon after them; the argument is the last group. */
  readonly v6: (subnet: string) => string;
}

export function ownNames(): OwnNames {
  const run = randomInt(0x10000);
  // 198.18.0.0/15 is for benchmarks (RFC 2544), 2001:db8::/32 for documentation (RFC 3849): no real network has them.
  const first = (runs++ % RUNS) * NETWORKS;
  const prefix = `e2e-${run.toString(16).padStart(4, "0")}`;
  prefixes.push(prefix);
  return {
    prefix,
    v4: (index) => {
      if (index >= NETWORKS) throw new RangeError(`a run has ${NETWORKS} IPv4 networks; there is no ${index}`);
      return `198.${18 + ((first + index) >> 8)}.${(first + index) & 255}`;
    },
    v6: (subnet) => `2001:db8:${run.toString(16)}:${subnet}:`,
  };
}

/** What the region lists, as names and natural keys: to see that nothing else has changed. */
export async function inventory(api: MaasClient): Promise<Record<string, unknown[]>> {
  const list = async (path: string): Promise<readonly ObjectJson[]> => (await api.get(path)) as readonly ObjectJson[];
  const [fabrics, spaces, subnets, ranges, racks] = await Promise.all(
    ["fabrics/", "spaces/", "subnets/", "ipranges/", "rackcontrollers/"].map(list),
  );
  const sorted = (values: unknown[]): unknown[] => values.map((value) => JSON.stringify(value)).sort();
  return {
    fabrics: sorted((fabrics ?? []).map(({ id, name, vlans }) => [id, name, ...sorted(vlans as unknown[])])),
    spaces: sorted(
      (spaces ?? []).filter(({ id }) => id !== -1).map(({ id, name, description }) => [id, name, description]),
    ),
    subnets: sorted(
      (subnets ?? []).map(({ id, cidr, gateway_ip, description, dns_servers, vlan }) => [
        ...[id, cidr, gateway_ip, description, dns_servers],
        (vlan as ObjectJson).id,
      ]),
    ),
    ranges: sorted((ranges ?? []).map(({ id, start_ip, end_ip }) => [id, start_ip, end_ip])),
    interfaces: sorted(
      (racks ?? []).flatMap(({ interface_set }) =>
        ((interface_set ?? []) as ObjectJson[]).map(({ id, name, vlan }) => [
          id,
          name,
          (vlan as ObjectJson | null)?.id,
        ]),
      ),
    ),
  };
}

/**
 * Expects a region as it was before. A shared one has other users, whose new objects are none of our business: of it, only
 * what was there must still be there, and nothing that carries one of our names.
 */
export async function expectAsBefore(
  region: TestRegion,
  before: Record<string, unknown[]>,
  prefix: string,
): Promise<void> {
  const after = await inventory(region.api);
  if (!isSharedRegion) return expect(after).toEqual(before);
  expect(JSON.stringify(after)).not.toContain(prefix);
  for (const [kind, objects] of Object.entries(before)) expect(after[kind]).toEqual(expect.arrayContaining(objects));
}
