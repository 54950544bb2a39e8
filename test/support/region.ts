import { randomInt } from "node:crypto";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { type Faults, MaasSimulator } from "../../src/simulator";

/** One call that reached the simulator. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
}

/** A region to test against: the simulator, or the real one that MAAS_E2E_URL and MAAS_E2E_KEY name. */
export interface TestRegion {
  /** The region's URL over IPv4, and over IPv6 where there is one. */
  readonly urls: readonly string[];
  readonly apiKey: string;
  /** A client of its own, for looking and for changing things behind Terraform's back. */
  readonly api: MaasClient;
  /** The calls that the simulator has seen since the last {@link forget}; undefined on a real region. */
  requests(): readonly SeenRequest[] | undefined;
  forget(): void;
  /** The simulator's faults; undefined on a real region. */
  readonly faults: Faults | undefined;
  stop(): Promise<void>;
}

const external = process.env.MAAS_E2E_URL;

/** Whether the tests run against a real region, of which they must touch only what they made. */
export const isRealRegion = external !== undefined;

function clientOf(url: string, key: string): MaasClient {
  return new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: ApiKey.parse(key) });
}

export async function startRegion(): Promise<TestRegion> {
  if (external !== undefined) {
    const apiKey = process.env.MAAS_E2E_KEY;
    if (apiKey === undefined) throw new Error("MAAS_E2E_URL needs MAAS_E2E_KEY: an administrator's API key");
    const api = clientOf(external, apiKey);
    return {
      urls: [external],
      apiKey,
      api,
      requests: () => undefined,
      forget: () => undefined,
      faults: undefined,
      stop: () => api.close(),
    };
  }
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

/** A test that needs the simulator's controls. On a real region it is skipped, and says so. */
export function onSimulatorOnly(title: string, body: () => Promise<void>): void {
  if (!isRealRegion) return test(title, body);
  process.stderr.write(`\n*** SKIPPED on a real region, for it needs the simulator: ${title}\n`);
  test.skip(title, body);
}

/** How many IPv4 networks a run has for itself. */
const NETWORKS = 4;

/**
 * A rack interface that the tests may move and give back, as RACK/NAME. On a real region only one that MAAS_E2E_NIC
 * names: the tests touch nothing there that they did not make, unless they are told to.
 */
export function lentInterface(): string | undefined {
  if (!isRealRegion) return "rack1/eth1";
  if (process.env.MAAS_E2E_NIC === undefined) {
    process.stderr.write(
      "\n*** SKIPPED on a real region: maas_rack_interface. Name one to move with MAAS_E2E_NIC=RACK/NAME\n",
    );
  }
  return process.env.MAAS_E2E_NIC;
}

/** Names and networks that no other run uses, so that a shared region is not disturbed. */
export function ownNames(): { readonly prefix: string; v4(index: number): string; v6(subnet: string): string } {
  const run = randomInt(0x10000);
  const prefix = `e2e-${run.toString(16).padStart(4, "0")}`;
  // 198.18.0.0/15 is for benchmarks (RFC 2544), 2001:db8::/32 for documentation (RFC 3849): no real network has them.
  const first = (run * NETWORKS) % 0x200;
  return {
    prefix,
    v4: (index) => `198.${18 + ((first + index) >> 8)}.${(first + index) & 255}`,
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
    fabrics: sorted((fabrics ?? []).map(({ id, name, vlans }) => [id, name, vlans])),
    spaces: sorted((spaces ?? []).filter(({ id }) => id !== -1).map(({ id, name }) => [id, name])),
    subnets: sorted((subnets ?? []).map(({ id, cidr, gateway_ip }) => [id, cidr, gateway_ip])),
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
 * Expects a region as it was before. A real one has other users, whose new objects are none of our business: of it, only
 * what was there must still be there, and nothing that carries one of our names.
 */
export async function expectAsBefore(
  region: TestRegion,
  before: Record<string, unknown[]>,
  prefix: string,
): Promise<void> {
  const after = await inventory(region.api);
  if (!isRealRegion) return expect(after).toEqual(before);
  expect(JSON.stringify(after)).not.toContain(prefix);
  for (const [kind, objects] of Object.entries(before)) expect(after[kind]).toEqual(expect.arrayContaining(objects));
}
