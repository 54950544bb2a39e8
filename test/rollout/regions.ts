import { MaasClient } from "../../src/maas/client";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { Snapshot } from "../../src/maas/snapshot";
import { adoptingDocument, readRegion, select } from "../../src/export/selection";
import { expressible } from "../../src/export/expressible";
import { listRegion } from "../../src/reconcile/region/live-network";
import { exportedRegion, liveRegion, type RolloutRegion } from "../../src/rollout/region";
import { prefixOf, type RolloutRequest } from "../../src/rollout/request";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";

const SITES = ["fra1", "ams2", "lis3"] as const;

const VLANS: readonly (readonly [vid: number, name: string | undefined, space: string | undefined])[] = [
  [0, undefined, "provisioning"],
  [110, "storage", "storage"],
  [120, "tenant", "tenant"],
  [130, "oob", undefined],
];

/** Three sites with four VLANs and two racks each, IPv4 only: MAAS serves VID 0 and storage of the first, and has no part in oob. */
export const IPV4_ONLY: Seed = {
  spaces: ["provisioning", "storage", "tenant"].map((name) => ({ name })),
  fabrics: SITES.map((name, site) => ({
    name,
    vlans: VLANS.map(([vid, vlan, space]) => ({
      ...{ vid, ...(vlan !== undefined && { name: vlan }), ...(space !== undefined && { space }) },
      ...((vid === 0 || (vid === 110 && site === 0)) && {
        ...{ dhcp_on: true, primary_rack: `${name}-rack-a` },
        ...(vid === 0 && { secondary_rack: `${name}-rack-b` }),
      }),
    })),
  })),
  subnets: SITES.flatMap((fabric, site) =>
    VLANS.map(([vid], at) => ({
      ...{ cidr: `10.${site + 1}0.${at * 4}.0/22`, fabric, vid, gateway_ip: `10.${site + 1}0.${at * 4}.1` },
      ...(vid === 130 && { managed: false }),
    })),
  ),
  ip_ranges: SITES.flatMap((_, site) =>
    [0, ...(site === 0 ? [4] : [])].map((third) => ({
      ...{ type: "dynamic", start_ip: `10.${site + 1}0.${third + 2}.0`, end_ip: `10.${site + 1}0.${third + 2}.255` },
    })),
  ),
  racks: SITES.flatMap((fabric, site) =>
    ["a", "b"].map((letter, index) => ({
      hostname: `${fabric}-rack-${letter}`,
      interfaces: [
        { name: "bond0", fabric, vid: 0, addresses: [`10.${site + 1}0.0.${10 + index}/22`] },
        { name: "bond0.110", fabric, vid: 110, addresses: [`10.${site + 1}0.4.${10 + index}/22`] },
      ],
    })),
  ),
  machines: SITES.map((fabric) => ({ hostname: `${fabric}-node`, interfaces: [{ name: "eth0", fabric, vid: 0 }] })),
};

/** A seed with more in it. */
export const grown = (seed: Seed, more: Seed): Seed =>
  Object.fromEntries(
    [...new Set([...Object.keys(seed), ...Object.keys(more)])].map((name) => [
      name,
      [...((seed as Record<string, unknown[]>)[name] ?? []), ...((more as Record<string, unknown[]>)[name] ?? [])],
    ]),
  );

/** What is asked for unless a test asks for something else. */
export const request = (asked: Partial<RolloutRequest> = {}): RolloutRequest => ({
  ...{ prefix: prefixOf("fd5a:7c01:9b3e::/48"), chosen: {}, dhcpv6: false, sites: new Map<string, number>() },
  ...asked,
});

/** Does something with a client of a region. */
export async function withClientOf<T>(
  { url, apiKey }: Pick<MaasSimulator, "url" | "apiKey">,
  use: (client: MaasClient) => Promise<T>,
): Promise<T> {
  const client = new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: ApiKey.parse(apiKey) });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

/** A live region as a rollout reads it. */
export const readLiveRegion = (simulator: MaasSimulator): Promise<RolloutRegion> =>
  withClientOf(simulator, async (client) => liveRegion(await listRegion(new Snapshot(client))));

/** The same region, live and as an export has it. */
export async function bothWays(seed: Seed): Promise<Readonly<Record<"live" | "exported", RolloutRegion>>> {
  const simulator = await MaasSimulator.start({ seed });
  try {
    return await withClientOf(simulator, async (client) => {
      const { objects } = await readRegion(client, { machines: true });
      const document = adoptingDocument(expressible(select(objects)), simulator.url);
      return { live: liveRegion(await listRegion(new Snapshot(client))), exported: exportedRegion(document) };
    });
  } finally {
    await simulator.stop();
  }
}

/** A live region from a seed. */
export const regionOf = async (seed: Seed): Promise<RolloutRegion> => (await bothWays(seed)).live;
