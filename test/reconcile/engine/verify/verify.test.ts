import type { NetworkDocument } from "../../../../lib/model/document";
import { UNKNOWN } from "../../../../lib/model/known";
import { apiPath } from "../../../../src/maas/api-url";
import type { ObjectJson } from "../../../../src/maas/codec";
import { PlanError } from "../../../../src/reconcile/engine/plan/plan-problems";
import { type Clock, type Verification, verify } from "../../../../src/reconcile/engine/verify/verify";
import { asRead, EngineUser } from "../../../support/engine";
import { LAB_SEED, labDocument, made, range, SERVING, V4, V6 } from "../../../support/lab-document";

jest.setTimeout(60_000);

let user: EngineUser;

beforeAll(async () => {
  user = await EngineUser.start(LAB_SEED);
});

afterAll(() => user.stop());

beforeEach(() => {
  user.reset();
});

/** A clock that goes on only while somebody waits, and does something else meanwhile. */
class TestClock implements Clock {
  readonly waits: number[] = [];
  constructor(private readonly meanwhile: (wait: number) => void = () => undefined) {}

  now(): number {
    return this.waits.reduce((sum, ms) => sum + ms, 0);
  }

  async wait(ms: number): Promise<void> {
    this.waits.push(ms);
    this.meanwhile(this.waits.length);
    return Promise.resolve();
  }
}

const look = (document: NetworkDocument, timeout = 0, clock = new TestClock()): Promise<Verification> =>
  verify(user.api, asRead(document), { url: user.simulator.url, timeout, interval: 2000, clock });

/** What is not as desired, as `check path: what`. */
const errors = ({ observations }: Verification): string[] =>
  observations
    .filter(({ severity }) => severity === "error")
    .map(({ check, subject, what }) => `${check} ${subject?.path}: ${what}`)
    .sort();

async function applied(document = labDocument()): Promise<NetworkDocument> {
  await user.run(document);
  return document;
}

async function served(document = labDocument()): Promise<NetworkDocument> {
  await applied(document);
  user.simulator.reportRacks(SERVING);
  return document;
}

async function idOf(list: string, isIt: (row: ObjectJson) => boolean): Promise<number> {
  const rows = (await user.api.get(list)) as readonly ObjectJson[];
  return Number(rows.find(isIt)?.id);
}

const subnetId = (cidr: string): Promise<number> => idOf("subnets/", (row) => row.cidr === cidr);

async function labVlanId(): Promise<number> {
  const [fabric] = ((await user.api.get("fabrics/")) as readonly ObjectJson[]).filter(({ name }) => name === "lab");
  return Number((fabric?.vlans as readonly ObjectJson[])[0]?.id);
}

const change = async (path: string, form: Readonly<Record<string, string>>): Promise<void> =>
  void (await user.api.put(path, Object.entries(form)));

describe("a region that was applied to", () => {
  test("is as desired once its racks serve it, which one look tells with nothing but GETs", async () => {
    const document = await served();
    user.simulator.requests.clear();
    const verification = await look(document, 60_000);
    expect(verification).toEqual({ isAsDesired: true, observations: [], looks: 1 });
    expect(user.simulator.requests.count()).toBe(user.simulator.requests.count("GET"));
  });

  test("is not held responsible for what its racks have not told, and this is said", async () => {
    const verification = await look(await applied());
    expect(verification.isAsDesired).toBe(true);
    expect(verification.observations.map(({ severity, what }) => [severity, what])).toEqual([
      ["unknown", "rack1 has not reported any of its addresses"],
      ["unknown", "rack1 has not reported whether dhcpd runs"],
      ["unknown", "rack1 has not reported whether dhcpd6 runs"],
    ]);
  });

  test("costs a number of GETs that does not grow, and one for each subnet with static ranges", async () => {
    const estate = (subnets: number): NetworkDocument => {
      const numbers = Array.from({ length: subnets }, (_, index) => index);
      return labDocument(() => ({
        subnet: numbers.map((n) => made(`10.30.${n}.0/24`, `s${n}`, { vlan: "lab:0", cidr: `10.30.${n}.0/24` })),
        ip_range: numbers.flatMap((n) => [
          range(`10.30.${n}.0/24`, "static", `10.30.${n}.10`, `10.30.${n}.19`),
          range(`10.30.${n}.0/24`, "dynamic", `10.30.${n}.100`, `10.30.${n}.199`),
        ]),
      }));
    };
    const gets: number[] = [];
    for (const subnets of [12, 60]) {
      user.reset();
      const document = await applied(estate(subnets));
      user.simulator.requests.clear();
      expect(await look(document)).toMatchObject({ isAsDesired: true });
      gets.push(user.simulator.requests.count("GET") - subnets);
    }
    expect(gets[1]).toBe(gets[0]);
    expect(gets[0]).toBeLessThan(12);
  });
});

describe("waiting", () => {
  const off = { rack1: { ...SERVING.rack1, services: { dhcpd: "running", dhcpd6: "off" } } } as const;

  test("ends as soon as the rack runs DHCP of both families", async () => {
    const document = await applied();
    user.simulator.reportRacks(off);
    const clock = new TestClock((wait) => {
      if (wait === 3) user.simulator.reportRacks(SERVING);
    });
    expect(await look(document, 60_000, clock)).toEqual({ isAsDesired: true, observations: [], looks: 4 });
    expect(clock.waits).toEqual([2000, 2000, 2000]);
  });

  test("ends with a last look when the time is up, and says what is still missing", async () => {
    const document = await applied();
    user.simulator.reportRacks(off);
    const clock = new TestClock();
    const verification = await look(document, 5000, clock);
    expect(clock.waits).toEqual([2000, 2000, 1000]);
    expect(verification).toMatchObject({ isAsDesired: false, looks: 4 });
    expect(errors(verification)).toEqual(["dhcp lab/dhcp: dhcpd6 on rack1 is off"]);
  });

  test("is no matter of a time-out of 0", async () => {
    const document = await applied();
    user.simulator.reportRacks(off);
    const clock = new TestClock();
    expect(await look(document, 0, clock)).toMatchObject({ isAsDesired: false, looks: 1 });
    expect(clock.waits).toEqual([]);
  });

  test("reads the long lists that the rules need only when all else holds, and at the end", async () => {
    const document = await applied();
    user.simulator.reportRacks(off);
    user.simulator.requests.clear();
    await look(document, 5000);
    expect(user.simulator.requests.count("GET", "rackcontrollers/?hostname=rack1")).toBe(4);
    expect(user.simulator.requests.count("GET", "static-routes/")).toBe(1);
  });

  test("by the real clock lasts until the region is as desired", async () => {
    const document = await applied();
    user.simulator.reportRacks(off);
    const verification = await verify(user.api, asRead(document), {
      ...{ url: user.simulator.url, timeout: 60_000, interval: 1 },
      onWait: () => user.simulator.reportRacks(SERVING),
    });
    expect(verification).toMatchObject({ isAsDesired: true, looks: 2 });
  });

  test("ends with the caller's signal", async () => {
    const document = await applied();
    user.simulator.reportRacks(off);
    const controller = new AbortController();
    const waiting = verify(user.api, asRead(document), {
      ...{ url: user.simulator.url, timeout: 60_000, interval: 60_000, signal: controller.signal },
      onWait: () => controller.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("drift", () => {
  test("of an attribute is told with both values and the place in the stack", async () => {
    const document = await served();
    await change(apiPath`subnets/${await subnetId(V6)}/`, { gateway_ip: "2001:db8:20::9" });
    expect(errors(await look(document))).toEqual([
      `drift lab/lab-v6: of the subnet ${V6}, gateway_ip is "2001:db8:20::9" and is to be "2001:db8:20::1"`,
    ]);
  });

  test("of DHCP that was switched off is told once", async () => {
    const document = await served();
    await change(apiPath`vlans/${await labVlanId()}/`, { dhcp_on: "false" });
    const verification = await look(document);
    expect(errors(verification).filter((line) => !line.startsWith("rules"))).toEqual([
      "drift lab/dhcp: DHCP of the VLAN lab:0 is off",
    ]);
  });

  test("of what is gone altogether is told, with what follows from it", async () => {
    const document = await served();
    await change(apiPath`vlans/${await labVlanId()}/`, { dhcp_on: "false" });
    await user.api.delete(apiPath`subnets/${await subnetId(V4)}/`);
    expect(errors(await look(document))).toEqual(
      expect.arrayContaining([
        `drift lab/lab-v4: the region has no subnet ${V4}`,
        `drift lab/dynamic-10.20.0.100: the region has no IP range 10.20.0.100-10.20.0.199 in ${V4}`,
      ]) as unknown,
    );
  });

  test("of another rack as the primary one is told by its name", async () => {
    const document = await served();
    const racks = (await user.api.get("rackcontrollers/")) as readonly ObjectJson[];
    const other = racks.find(({ hostname }) => hostname === "rack2");
    await change(apiPath`vlans/${await labVlanId()}/`, { primary_rack: String(other?.system_id) });
    expect(errors(await look(document))).toContain(
      'drift lab/dhcp: of the DHCP of VLAN lab:0, primary_rack_controller is "rack2" and is to be "rack1"',
    );
  });

  test("that only a new object can mend is told as a difference, not as something missing", async () => {
    const document = await served();
    const id = await idOf("ipranges/", ({ start_ip: start }) => start === "2001:db8:20:0:2::");
    await change(apiPath`ipranges/${id}/`, { type: "reserved" });
    expect(errors(await look(document))).toEqual([
      `drift lab/dynamic-2001:db8:20:0:2::: of the IP range 2001:db8:20:0:2::-2001:db8:20:0:2::ffff in ${V6}, type is "reserved" and is to be "dynamic"`,
    ]);
  });
});

describe("what the document looks up", () => {
  test("is missed where the region does not have it, with the names that there are", async () => {
    const document = labDocument(() => ({
      rack_controller: [made("rack9", "rack9", {}, "look_up")],
      rack_interface: [],
      vlan_dhcp: [],
    }));
    const verification = await look(document);
    expect(errors(verification)).toEqual(['look_up lab/rack9: the region has no rack controller "rack9"']);
  });

  test("is warned of, and is no error of the stack, where it breaks a rule", async () => {
    await user.api.post("subnets/", [
      ["cidr", "10.40.0.0/24"],
      ["dns_servers", "2001:db8::53"],
    ]);
    const document = await served(
      labDocument((sections) => ({ subnet: [...sections.subnet, made("10.40.0.0/24", "theirs", {}, "look_up")] })),
    );
    const { isAsDesired, observations } = await look(document);
    expect(
      observations.map(({ severity, subject, what }) => [severity, subject?.path, what.split(":")[0]]),
    ).toContainEqual(["warning", "lab/theirs", "MAAS6-NET-03"]);
    expect(isAsDesired).toBe(true);
  });
});

describe("the rules", () => {
  const unserved = { rack1: { ...SERVING.rack1, addresses: { eth1: ["10.20.0.2/24"] } } } as const;
  const suppressions = (until?: string) =>
    ["MAAS6-DHC-05", "MAAS6-DUA-05"].map((id) => ({
      ...{ id, where: "lab", reason: "the rack gets its IPv6 address next week" },
      ...(until !== undefined && { until }),
    }));

  test("hold on the live network: a rack without an IPv6 address serves no DHCPv6", async () => {
    const document = await applied();
    user.simulator.reportRacks(unserved);
    expect(errors(await look(document))).toEqual([
      expect.stringMatching(/^rules lab\/dhcp: MAAS6-DHC-05: rack1 has no IPv6 address/),
      expect.stringMatching(/^rules lab\/lab-v6: MAAS6-DUA-05: /),
    ]);
  });

  test("may be broken where the stack suppresses them, until the day that it names", async () => {
    const document = await applied();
    user.simulator.reportRacks(unserved);
    expect(await look({ ...document, suppressions: suppressions() })).toMatchObject({ isAsDesired: true });
    expect(await look({ ...document, suppressions: suppressions("2020-01-01") })).toMatchObject({ isAsDesired: false });
  });

  test("tell a rack that MAAS takes though it is not on the VLAN", async () => {
    const document = await applied(labDocument(() => ({ rack_interface: [] })));
    expect(errors(await look(document))).toContainEqual(
      expect.stringMatching(/^rules lab\/dhcp: MAAS6-DHC-04: rack1 has no interface on VLAN lab:untagged/),
    );
  });

  test("say nothing of objects that are not the document's", async () => {
    const document = await served();
    await user.api.post("subnets/", [
      ["cidr", "10.40.0.0/24"],
      ["dns_servers", "2001:db8::53"],
    ]);
    expect(await look(document)).toMatchObject({ isAsDesired: true, observations: [] });
  });
});

describe("DHCP", () => {
  test("of a family without a pool needs no service of it", async () => {
    const document = await applied(
      labDocument(({ ip_range: [dynamic, ...ranges] }) => ({
        ip_range: [dynamic, ...ranges.filter(({ attributes }) => attributes.type === "static")],
      })),
    );
    user.simulator.reportRacks({ rack1: { ...SERVING.rack1, services: { dhcpd: "running", dhcpd6: "off" } } });
    expect(await look(document)).toMatchObject({ isAsDesired: true, observations: [] });
  });

  test("of both racks is looked at, with what the rack says about its service", async () => {
    const document = await applied(
      labDocument(({ rack_controller: racks, rack_interface: nics }) => ({
        rack_controller: [...racks, made("rack2", "rack2", {}, "look_up")],
        rack_interface: [
          ...nics,
          made("rack2/eth1", "rack2-eth1", { rack_controller: "rack2", name: "eth1", vlan: "lab:0" }),
        ],
        vlan_dhcp: [
          made("lab:0", "dhcp", {
            ...{ vlan: "lab:0", primary_rack_controller: "rack1", secondary_rack_controller: "rack2" },
          }),
        ],
      })),
    );
    user.simulator.reportRacks({
      ...SERVING,
      rack2: {
        addresses: { eth1: ["10.20.0.3/24", "2001:db8:20::3/64"] },
        services: { dhcpd: "dead", dhcpd6: "degraded" },
      },
    });
    expect(errors(await look(document))).toEqual([
      "dhcp lab/dhcp: dhcpd on rack2 is dead",
      "dhcp lab/dhcp: dhcpd6 on rack2 is degraded",
    ]);
  });

  test("of a VLAN that is relayed is served by the racks of the other one", async () => {
    const far = "2001:db8:21::/64";
    const document = await applied(
      labDocument(({ vlan, subnet, ip_range: ranges, vlan_dhcp: dhcp }) => ({
        vlan: [...vlan, made("lab:20", "v20", { fabric: "lab", vid: 20 })],
        subnet: [...subnet, made(far, "far-v6", { vlan: "lab:20", cidr: far })],
        ip_range: [
          ...ranges.filter(({ attributes }) => attributes.subnet === V4),
          range(far, "dynamic", "2001:db8:21:0:2::", "2001:db8:21:0:2::ffff"),
        ],
        vlan_dhcp: [...dhcp, made("lab:20", "relay", { vlan: "lab:20", relay_vlan: "lab:0" })],
      })),
    );
    user.simulator.reportRacks({ rack1: { ...SERVING.rack1, services: { dhcpd: "running", dhcpd6: "off" } } });
    expect(errors(await look(document)).filter((line) => line.startsWith("dhcp"))).toEqual([
      "dhcp lab/dhcp: dhcpd6 on rack1 is off",
    ]);
  });
});

describe("static ranges", () => {
  test.each([
    [V4, "10.20.0.1", "10.20.0.2-10.20.0.49", "lab/static-10.20.0.50"],
    [V6, "2001:db8:20::1:0:0", "2001:db8:20::1:0:0-2001:db8:20::ffff:ffff:ffff", "lab/static-2001:db8:20:0:1::"],
  ])("of %s are breached where somebody deletes a reserved range beside them", async (cidr, start, free, path) => {
    // The rack's own address, which is in use, would divide what is free.
    const document = await applied();
    const id = await idOf("ipranges/", ({ start_ip: first }) => first === start);
    await user.api.delete(apiPath`ipranges/${id}/`);
    expect(errors(await look(document))).toContainEqual(
      expect.stringContaining(`static_range ${path}: MAAS may assign ${free} of ${cidr}, outside its static ranges`),
    );
  });

  test("of an unmanaged subnet are breached where somebody adds a reserved range, which is no drift", async () => {
    const cidr = "10.22.0.0/24";
    const document = await applied(
      labDocument(({ subnet, ip_range: ranges }) => ({
        subnet: [...subnet, made(cidr, "unmanaged", { vlan: "lab:0", cidr, managed: false })],
        ip_range: [...ranges, range(cidr, "static", "10.22.0.10", "10.22.0.19")],
      })),
    );
    expect(await look(document)).toMatchObject({ isAsDesired: true });
    await user.api.post("ipranges/", [
      ["type", "reserved"],
      ["subnet", String(await subnetId(cidr))],
      ["start_ip", "10.22.0.100"],
      ["end_ip", "10.22.0.109"],
    ]);
    expect(errors(await look(document))).toEqual([
      `static_range lab/static-10.22.0.10: MAAS may assign 10.22.0.100-10.22.0.109 of ${cidr}, outside its static ranges 10.22.0.10-10.22.0.19`,
    ]);
  });
});

test("a document with values that only Terraform knows can't be verified", async () => {
  const document = labDocument(() => ({
    subnet: [made(V4, "lab-v4", { vlan: "lab:0", cidr: V4, gateway_ip: UNKNOWN })],
    ip_range: [],
  }));
  await expect(look(document)).rejects.toThrow(PlanError);
});
