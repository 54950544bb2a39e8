import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentText, type NetworkDocument } from "../../lib/model/document";
import { readDocument } from "../../lib/model/document/read";
import { renderNetplan } from "../../lib/model/netplan";
import { ApiUrl } from "../../src/maas/api-url";
import { prepare, type Prepared } from "../../src/reconcile/engine/plan/prepare";
import { converge } from "../../src/reconcile/engine/run/run";
import { openRegion } from "../../src/reconcile/kinds";
import { netplansOf, type RouterChoice, routersOf } from "../../src/rollout/devices";
import { planRollout } from "../../src/rollout/plan";
import { rolloutDocument } from "../../src/rollout/render/document";
import { firewallNotes } from "../../src/rollout/render/firewall";
import { cisco, frr, juniper } from "../../src/rollout/render/routers";
import { rolloutSource } from "../../src/rollout/render/typescript";
import { prefixOf, type RolloutRequest } from "../../src/rollout/request";
import type { Rollout } from "../../src/rollout/rollout";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { faultsOf, synthesise } from "../export/app";
import { isMissing, runProgram } from "../support/debian";
import { temporaryFolder } from "../support/synth";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";
import { grown, IPV4_ONLY, readLiveRegion, regionOf, request, withClientOf } from "./regions";

jest.setTimeout(120_000);

const CHOICE: RouterChoice = { routers: new Map(), interfaceName: "eth0.{vid}", dnsServers: [] };

const options = (apiUrl: string, choice = CHOICE) => ({ apiUrl, choice, stackName: "maas-network" });

/** Plans the document on the region, on the record of what ran before. */
const planOn = (simulator: MaasSimulator, document: NetworkDocument, record?: NetworkDocument): Promise<Prepared> =>
  withClientOf(simulator, (client) =>
    prepare(
      openRegion(client),
      { goal: "apply", document, ...(record && { record }) },
      { url: ApiUrl.parse(simulator.url).toString() },
    ),
  );

const stepsOf = ({ plan }: Prepared): string[] => plan.steps.map(({ action, kind, key }) => `${action} ${kind} ${key}`);

async function applyOn(simulator: MaasSimulator, planned: Prepared): Promise<NetworkDocument> {
  const ended = await withClientOf(simulator, (client) => converge(openRegion(client), planned, { concurrency: 4 }));
  expect(ended.failed.map(({ error }) => error)).toEqual([]);
  if (ended.record === undefined) throw new Error("the run did not end");
  return ended.record;
}

const rolloutOf = async (simulator: MaasSimulator, asked: Partial<RolloutRequest> = {}): Promise<Rollout> =>
  planRollout(await readLiveRegion(simulator), request({ stackName: "maas-network", ...asked }));

/** What the constructs of the source say, by the document that they write. */
function synthesised(source: string): NetworkDocument {
  const { objects, ...rest } = readDocument(readFileSync(join(synthesise(source), "maas-network.json"), "utf8"));
  return { ...rest, objects };
}

/** The document without what only a document can say of what exists. */
const essence = ({ objects }: NetworkDocument): unknown =>
  JSON.parse(
    documentText({
      suppressions: [],
      objects: Object.fromEntries(
        Object.entries(objects).map(([kind, list]) => [
          kind,
          list.map((object) => ({
            ...object,
            origin: object.origin === "look_up" ? ("look_up" as const) : ("create" as const),
          })),
        ]),
      ),
    }),
  );

async function withRegion<T>(seed: Seed, use: (simulator: MaasSimulator) => Promise<T>): Promise<T> {
  const simulator = await MaasSimulator.start({ seed });
  try {
    return await use(simulator);
  } finally {
    await simulator.stop();
  }
}

describe("what ipv6 write writes", () => {
  test.each([[false], [true]])(
    "is a stack that compiles, synthesises and only adds, and its document (DHCPv6: %s)",
    async (dhcpv6) => {
      await withRegion(IPV4_ONLY, async (simulator) => {
        const rollout = await rolloutOf(simulator, { dhcpv6 });
        const source = rolloutSource(rollout, options(simulator.url));
        expect(faultsOf([source])).toEqual([]);
        const document = rolloutDocument(rollout, options(simulator.url));
        const stack = synthesised(source);
        expect(essence(document)).toEqual(essence(stack));
        for (const wanted of [document, stack]) {
          const planned = await planOn(simulator, wanted);
          expect(planned.refusals).toEqual([]);
          const actions = new Set(planned.plan.steps.map(({ action, kind }) => `${action} ${kind}`));
          expect([...actions].sort()).toEqual(["create ip_range", "create subnet"]);
        }
        // All that nothing stands in the way of.
        expect((document.objects.subnet ?? []).length).toBe(4);
        expect(source).toContain("// Not here: ams2:110: MAAS does not manage IPv4 DHCP");
      });
    },
  );

  test("adds only what is new when the region has grown, and nothing when it has not", async () => {
    await withRegion(IPV4_ONLY, async (simulator) => {
      const url = simulator.url;
      const staged = rolloutDocument(
        await rolloutOf(simulator, { dhcpv6: true, chosen: { vlans: ["fra1:110"] } }),
        options(url),
      );
      let record = await applyOn(simulator, await planOn(simulator, staged));
      const again = await rolloutOf(simulator, { dhcpv6: true, chosen: { vlans: ["fra1:110"] } });
      expect(again.networks.map(({ ipv6 }) => [ipv6?.standing, ipv6?.isOwn, ipv6?.staticRange?.madeBy])).toEqual([
        ["exists", true, "fra1-110-nodes"],
      ]);
      expect(stepsOf(await planOn(simulator, rolloutDocument(again, options(url)), record))).toEqual([]);

      const whole = rolloutDocument(await rolloutOf(simulator, { dhcpv6: true }), options(url));
      const planned = await planOn(simulator, whole, record);
      expect(new Set(planned.plan.steps.map(({ action }) => action))).toEqual(new Set(["create"]));
      expect(stepsOf(planned).filter((step) => step.includes(staged.objects.subnet?.[0]?.key ?? ""))).toEqual([]);
      record = await applyOn(simulator, planned);

      // One VLAN alone, another prefix, or a VLAN that can't have IPv6 any more: what was made stays in the stack.
      const url0 = options(url);
      for (const asked of [{ chosen: { vlans: ["lis3:110"] } }, { prefix: prefixOf("2001:db8:77::/48") }]) {
        const later = rolloutDocument(await rolloutOf(simulator, { dhcpv6: true, ...asked }), url0);
        expect([asked, stepsOf(await planOn(simulator, later, record))]).toEqual([asked, []]);
      }
      await withClientOf(simulator, async (client) => {
        const fabrics = (await client.get("fabrics/")) as { name: string; vlans: { id: number; vid: number }[] }[];
        const vlan = fabrics.find(({ name }) => name === "fra1")?.vlans.find(({ vid }) => vid === 110);
        await client.put(`vlans/${vlan?.id ?? ""}/`, [["dhcp_on", "false"]]);
      });
      const blocked = await rolloutOf(simulator, { dhcpv6: true });
      expect(blocked.networks.find(({ title }) => title === "fra1:110")?.state).toBe("blocked");
      expect(stepsOf(await planOn(simulator, rolloutDocument(blocked, url0), record))).toEqual([]);

      const source = rolloutSource(await rolloutOf(simulator, { dhcpv6: true }), options(url));
      expect(faultsOf([source])).toEqual([]);
      expect(source.match(/importFrom/g)?.length).toBe(8);
      expect(stepsOf(await planOn(simulator, synthesised(source), record))).toEqual([]);
    });
  });

  test("looks up what somebody else has made, and adds what it lacks", async () => {
    const seed = grown(IPV4_ONLY, {
      subnets: [{ cidr: "2001:db8:ffff:110::/64", fabric: "fra1", vid: 110, gateway_ip: "2001:db8:ffff:110::1" }],
    });
    await withRegion(seed, async (simulator) => {
      const rollout = await rolloutOf(simulator, { dhcpv6: true, chosen: { vlans: ["fra1:110"] } });
      const source = rolloutSource(rollout, options(simulator.url));
      expect(source).toContain('Ipv6Subnet.fromCidr(this, "fra1-110-v6", "2001:db8:ffff:110::/64")');
      const document = rolloutDocument(rollout, options(simulator.url));
      expect(essence(synthesised(source))).toEqual(essence(document));
      const record = await applyOn(simulator, await planOn(simulator, document));
      const later = rolloutDocument(
        await rolloutOf(simulator, { dhcpv6: true, chosen: { vlans: ["fra1:110"] } }),
        options(simulator.url),
      );
      expect(stepsOf(await planOn(simulator, later, record))).toEqual([]);
    });
  });

  test("holds for names that are no identifiers, and that differ in few letters", async () => {
    const names = ["Büro-1", "Buro-1", "10", "lab", "日本"];
    const seed: Seed = {
      fabrics: names.map((name) => ({ name, vlans: [{ vid: 0, dhcp_on: true, primary_rack: "rack" }] })),
      subnets: names.map((fabric, index) => ({ cidr: `10.${index}.0.0/24`, fabric, vid: 0 })),
      ip_ranges: names.map((_, index) => ({
        type: "dynamic",
        start_ip: `10.${index}.0.100`,
        end_ip: `10.${index}.0.199`,
      })),
      racks: [
        {
          hostname: "rack",
          interfaces: names.map((fabric, index) => ({
            ...{ name: `eth${index}`, fabric, vid: 0, addresses: [`10.${index}.0.2/24`] },
          })),
        },
      ],
    };
    await withRegion(seed, async (simulator) => {
      const rollout = await rolloutOf(simulator);
      const source = rolloutSource(rollout, options(simulator.url));
      expect(faultsOf([source])).toEqual([]);
      const document = synthesised(source);
      expect(document.objects.subnet?.length).toBe(names.length);
      expect(essence(document)).toEqual(essence(rolloutDocument(rollout, options(simulator.url))));
    });
  });
});

/** What the region has of what is written. */
const simulatorState = (simulator: MaasSimulator): Promise<unknown> =>
  withClientOf(simulator, async (client) => [await client.get("subnets/"), await client.get("ipranges/")]);

const withTerraform = describeWithTerraform();

withTerraform("what ipv6 write writes, with Terraform", () => {
  const written = async (simulator: MaasSimulator, dhcpv6: boolean): Promise<Configuration> => {
    const source = rolloutSource(await rolloutOf(simulator, { dhcpv6 }), options(simulator.url));
    const text = readFileSync(join(synthesise(source), "cdk.tf.json"), "utf8");
    const { resource, data, provider, import: imports } = JSON.parse(text) as Configuration & { import?: object[] };
    return { resource, data, provider, ...(imports && { import: imports }) };
  };

  test("is added, then DHCPv6; and what is there is taken over when the state is lost", async () => {
    await withRegion(IPV4_ONLY, async (simulator) => {
      const workspaces = [0, 1].map(() => new Workspace({ MAAS_API_KEY: simulator.apiKey }));
      const [workspace, other] = workspaces;
      if (workspace === undefined || other === undefined) throw new Error("no workspace");
      try {
        workspace.write(await written(simulator, false));
        await workspace.init();
        expect(await workspace.apply()).toMatch(/Resources: \d+ added, 0 changed, 0 destroyed/);
        expect(await workspace.plan()).toEqual([]);
        // The reserved range after each of the four static ranges is made again, after the new dynamic range.
        workspace.write(await written(simulator, true));
        expect(await workspace.apply()).toMatch(/Resources: .*8 added, 0 changed, 4 destroyed/);
        expect(await workspace.plan()).toEqual([]);
        const before = await simulatorState(simulator);
        other.write(await written(simulator, true));
        await other.init();
        expect(await other.apply()).toMatch(/ 0 changed, 0 destroyed/);
        expect(await other.plan()).toEqual([]);
        expect(await simulatorState(simulator)).toEqual(before);
      } finally {
        for (const one of workspaces) one.remove();
      }
    });
  });
});

describe("what people put on devices", () => {
  const rolloutWith = async (dhcpv6: boolean): Promise<Rollout> =>
    planRollout(await regionOf(IPV4_ONLY), request({ dhcpv6 }));

  test("is a netplan file per rack with the addresses that it lacks", async () => {
    const rollout = await rolloutWith(false);
    const files = netplansOf(rollout);
    expect([...files.keys()]).toEqual(["ams2", "fra1", "lis3"].flatMap((site) => [`${site}-rack-a`, `${site}-rack-b`]));
    const addresses = rollout.networks.flatMap(({ state, racks }) =>
      state === "ready" ? racks.flatMap(({ ipv6 }) => ipv6?.address ?? []) : [],
    );
    const texts = [...files.values()].map(renderNetplan).join("\n");
    expect(addresses.filter((address) => !texts.includes(address))).toEqual([]);
    expect(texts).toContain("bond0.110");
  });

  (isMissing("vtysh", "frr", "whether it takes the configuration") ? test.skip : test)(
    "is a configuration that the real vtysh takes, with and without DHCPv6 and DNS servers",
    async () => {
      for (const dhcpv6 of [false, true]) {
        const choice = { ...CHOICE, dnsServers: dhcpv6 ? ["2001:db8::53", "2001:db8::54"] : [] };
        for (const own of routersOf(await rolloutWith(dhcpv6), choice).values()) {
          const file = join(temporaryFolder(), "frr.conf");
          writeFileSync(file, frr(own));
          const { status, stdout, stderr } = runProgram("vtysh", ["-C", "-f", file]);
          expect([status, `${stdout}${stderr}`.replace(/.*vtysh.conf.*\n/g, "")]).toEqual([0, ""]);
        }
      }
      const bad = join(temporaryFolder(), "frr.conf");
      writeFileSync(bad, "interface eth0\n ipv6 nd nonsense\nexit\n");
      expect(runProgram("vtysh", ["-C", "-f", bad]).status).not.toBe(0);
    },
  );

  test("says the same on routers of other makers, with the flags for DHCPv6 where there is any", async () => {
    const [own] = [
      ...routersOf(await rolloutWith(true), { ...CHOICE, routers: new Map([["ams2", "core-1"]]) }).entries(),
    ];
    expect(own?.[0]).toBe("core-1");
    const interfaces = own?.[1] ?? [];
    const cidr = interfaces[0]?.network.ipv6.cidr ?? "";
    expect(cisco(interfaces)).toContain(` ipv6 nd prefix ${cidr} 86400 14400 no-autoconfig\n`);
    expect(cisco(interfaces)).toContain("\n ipv6 nd managed-config-flag\n");
    expect(juniper(interfaces)).toContain(
      `set protocols router-advertisement interface eth0.0 prefix ${cidr} no-autonomous\n`,
    );
    expect(juniper(interfaces)).toContain("interface eth0.0 managed-configuration\n");
    const [without] = [...routersOf(await rolloutWith(false), CHOICE).values()];
    expect(juniper(without ?? [])).toContain("no-managed-configuration");
    expect(cisco(without ?? [])).toContain("no ipv6 nd managed-config-flag");
  });

  test("are notes about firewalls: ICMPv6 always, DHCPv6 where it is served", async () => {
    const [without, served] = [firewallNotes(await rolloutWith(false)), firewallNotes(await rolloutWith(true))];
    for (const notes of [without, served]) for (const type of ["133, 134", "135, 136"]) expect(notes).toContain(type);
    expect(without).toContain("UDP 546 and 547 may stay closed");
    expect(served).toMatch(/fra1:untagged.*hosts to port 547, racks \(\S+::a, \S+::b\) to port 546/);
  });
});
