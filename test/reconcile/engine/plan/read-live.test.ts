import type { NetworkDocument } from "../../../../lib/model/document";
import type { DocumentKindName } from "../../../../lib/model/document/kinds";
import { readDocument } from "../../../../lib/model/document/read";
import { UNKNOWN } from "../../../../lib/model/known";
import { textOf } from "../../../../lib/model/text";
import {
  desiredObjects,
  type LiveState,
  readLive,
  type Surroundings,
} from "../../../../src/reconcile/engine/plan/read-live";
import { openRegion } from "../../../../src/reconcile/kinds";
import { EngineUser } from "../../../support/engine";
import { labDocument, made, range, V4, V6 } from "../../../support/lab-document";
import { documentOf } from "../support/documents";

jest.setTimeout(60_000);

const COUNT = 12;

/** Up to how many objects of a collection are asked for one by one. */
const SINGLY = 8;

const numbers = Array.from({ length: COUNT }, (_, index) => index);
const cidr = (n: number): string => `10.0.${n}.0/24`;

let user: EngineUser;

beforeAll(async () => {
  user = await EngineUser.start({
    spaces: numbers.map((n) => ({ name: `s${n}` })),
    fabrics: numbers.map((n) => ({
      name: `f${n}`,
      vlans: n === 3 ? [{ vid: 0, dhcp_on: true, primary_rack: "r3" }] : [],
    })),
    subnets: numbers.map((n) => ({ cidr: cidr(n), fabric: `f${n}` })),
    ip_ranges: numbers.map((n) => ({ type: "dynamic", start_ip: `10.0.${n}.100`, end_ip: `10.0.${n}.199` })),
    racks: numbers.map((n) => ({
      hostname: `r${n}`,
      system_id: `rack${10 + n}`,
      interfaces: [{ name: "eth0", fabric: `f${n}` }],
    })),
    machines: numbers.map((n) => ({ hostname: `m${n}`, system_id: `mach${10 + n}`, interfaces: [] })),
  });
});

afterAll(() => user.stop());

const NAMES = {
  space: (n: number) => `s${n}`,
  fabric: (n: number) => `f${n}`,
  subnet: cidr,
  rack_controller: (n: number) => `r${n}`,
  machine: (n: number) => `m${n}`,
} as const satisfies Partial<Record<DocumentKindName, (n: number) => string>>;

/** A document that names so many objects of each of these kinds. */
const naming = (count: number, kinds = Object.keys(NAMES) as (keyof typeof NAMES)[]): NetworkDocument =>
  documentOf([], Object.fromEntries(kinds.map((kind) => [kind, numbers.slice(0, count).map(NAMES[kind])])));

/** What is read for some documents, and with which GETs. */
async function read(
  documents: readonly NetworkDocument[],
  extent?: Surroundings,
): Promise<{ readonly live: LiveState; readonly gets: readonly string[] }> {
  user.simulator.requests.clear();
  const live = await readLive(openRegion(user.api), documents, extent);
  const all = user.simulator.requests.all();
  expect(new Set(all.map(({ method }) => method)).size).toBe(all.length === 0 ? 0 : 1);
  return { live, gets: all.map(({ method, path }) => `${method} ${path.replace("/MAAS/api/2.0", "")}`).sort() };
}

test("nothing is asked for where nothing is named", async () => {
  const { live, gets } = await read([documentOf([])]);
  expect([live.objects, gets]).toEqual([[], []]);
});

test.each(Object.keys(NAMES) as (keyof typeof NAMES)[])(
  "up to eight objects of the kind %s are read one by one, more with one list, and each is found",
  async (kind) => {
    for (const [count, calls] of [
      [1, 1],
      [SINGLY, SINGLY],
      [SINGLY + 1, 1],
      [COUNT, 1],
    ] as const) {
      const { live, gets } = await read([naming(count, [kind])]);
      const racks = kind === "fabric" && count > 3 ? ["r3"] : [];
      expect(gets.filter((get) => !get.includes("rack") || kind === "rack_controller")).toHaveLength(calls);
      for (const n of numbers.slice(0, count)) expect(live.find(kind, NAMES[kind](n))?.key).toBe(NAMES[kind](n));
      expect(live.ofKind("rack_controller").map(({ key }) => key)).toEqual(expect.arrayContaining(racks));
    }
  },
);

test("the number of GETs is bounded, whatever is named: a list of each collection at the most, once there is more", async () => {
  const counts: number[] = [];
  for (const count of [2, 4, 6, SINGLY, SINGLY + 1, COUNT]) counts.push((await read([naming(count)])).gets.length);
  expect(Math.max(...counts)).toBeLessThanOrEqual(Object.keys(NAMES).length * SINGLY + 2);
  expect(counts.slice(-2)).toEqual([5, 5]);
});

test("the same object in two documents is asked for once", async () => {
  const { gets } = await read([naming(2, ["space"]), naming(3, ["space"])]);
  expect(gets).toHaveLength(3);
});

test("a VLAN, its DHCP, and the interface of a rack are read with their owner", async () => {
  const document = documentOf([], { vlan: ["f1:0"], vlan_dhcp: ["f2:0"], rack_interface: ["r4/eth0"] });
  const { live, gets } = await read([document]);
  expect(gets).toEqual(["GET /fabrics/name%3Af1/", "GET /fabrics/name%3Af2/", "GET /rackcontrollers/?hostname=r4"]);
  expect(live.find("vlan", "f1:0")).toBeDefined();
  expect(live.find("rack_interface", "r4/eth0")?.attributes.vlan).toBe("f4:0");
});

test("ranges are listed, once, where any is named", async () => {
  const key = `10.0.1.100-10.0.1.199 in ${cidr(1)}`;
  const { live, gets } = await read([documentOf([], { ip_range: [key, `10.0.2.100-10.0.2.199 in ${cidr(2)}`] })]);
  expect(gets).toEqual(["GET /ipranges/"]);
  expect(live.find("ip_range", key)?.attributes.type).toBe("dynamic");
});

test("racks that serve a VLAN and that nobody has named are known by their hostnames, too", async () => {
  const { live } = await read([documentOf([], { vlan_dhcp: ["f3:0"] })]);
  expect(live.find("vlan_dhcp", "f3:0")?.attributes.primary_rack_controller).toBe("r3");
});

test("racks and machines are found by their system ids, and known by their hostnames", async () => {
  const { live } = await read([documentOf([], { rack_controller: ["rack14"], machine: ["mach15"] })]);
  expect(live.findNamed("rack_controller", "rack14")?.key).toBe("r4");
  expect(live.findNamed("machine", "mach15")?.key).toBe("m5");
});

test("what the region does not have is left out", async () => {
  const absent = {
    space: ["nope"],
    fabric: ["nope"],
    subnet: ["10.9.0.0/24"],
    rack_controller: ["nope"],
    machine: ["nope"],
  };
  expect((await read([documentOf([], absent)])).live.objects).toEqual([]);
});

test("the surroundings are all subnets and ranges, named or not, with two lists", async () => {
  const { live, gets } = await read([naming(1, ["subnet"])], { surroundings: true });
  expect(gets).toEqual(["GET /ipranges/", "GET /subnets/"]);
  expect([live.ofKind("subnet").length, live.ofKind("ip_range").length]).toEqual([COUNT, COUNT]);
});

describe("desired", () => {
  const documentOf = (objects: NetworkDocument["objects"]): NetworkDocument => ({ objects, suppressions: [] });

  /** What is wanted of one kind: keys, or ranges as `type key: comment [path]`. */
  const ranges = (document: NetworkDocument): string[] =>
    desiredObjects(document)
      .filter(({ kind }) => kind === "ip_range")
      .map(
        ({ key, path, attributes: { type, comment } }) => `${textOf(type)} ${key}: ${textOf(comment ?? "")} [${path}]`,
      );

  describe("what is wanted", () => {
    test("comes in the order in which kinds refer to each other, whatever order the document has", () => {
      const { objects } = labDocument();
      const turned = documentOf(Object.fromEntries(Object.entries(objects).reverse()));
      const kinds = [...new Set(desiredObjects(turned).map(({ kind }) => kind))];
      expect(kinds).toEqual(["fabric", "vlan", "subnet", "ip_range", "rack_interface", "vlan_dhcp"]);
    });

    test("leaves out what is looked up, and what MAAS has no object for", () => {
      const document = documentOf({
        fabric: [made("lab", "lab", {}, "look_up")],
        vlan: [made("lab:0", "untagged", { fabric: "lab", vid: 0 }, "adopt")],
        rack_controller: [made("rack1", "rack1", {}, "look_up")],
        machine: [made("node1", "node1", {}, "look_up")],
        router_advertisement: [made(`core on ${V6}`, "core", { subnet: V6, router: "core" })],
      });
      expect(desiredObjects(document).map(({ kind, key }) => [kind, key])).toEqual([["vlan", "lab:0"]]);
    });

    test("is spelled as MAAS would spell it, and says no more than the user has", () => {
      const document = documentOf({
        subnet: [
          made("2001:db8::/64", "v6", {
            ...{ cidr: "2001:DB8:0::/64", vlan: "lab:0", gateway_ip: "2001:0DB8::1" },
            ...{ disabled_boot_architectures: ["pxe", "0x0B"], dns_servers: ["2001:DB8::b", "2001:DB8::A"] },
          }),
        ],
      });
      expect(desiredObjects(document)).toEqual([
        {
          ...{ kind: "subnet", key: "2001:db8::/64", path: "lab/v6", origin: "create" },
          attributes: {
            ...{ cidr: "2001:db8::/64", vlan: "lab:0", gateway_ip: "2001:db8::1" },
            // A set has no order, a list has.
            ...{ disabled_boot_architectures: ["pxe", "uefi_arm64_tftp"], dns_servers: ["2001:db8::b", "2001:db8::a"] },
          },
        },
      ]);
    });

    test("keeps what only Terraform knows, null, and what no table names out of it", () => {
      const fabric = made("lab", "lab", { name: "lab", class_type: null, description: UNKNOWN, adopt_existing: true });
      expect(desiredObjects(documentOf({ fabric: [fabric] }))[0]?.attributes).toEqual({
        ...{ name: "lab", class_type: null, description: UNKNOWN },
      });
    });

    test("keeps the origin, and what a record says of the time before", () => {
      const adopted = { ...made("lab", "lab", { name: "lab" }, "adopt"), original: { name: "lab", class_type: "1g" } };
      const document = documentOf({ fabric: [adopted], space: [made("green", "green", { name: "green" })] });
      expect(desiredObjects(document).map(({ key, origin, original }) => [key, origin, original])).toEqual([
        ["green", "create", undefined],
        ["lab", "adopt", { name: "lab", class_type: "1g" }],
      ]);
    });
  });

  describe("static ranges", () => {
    const subnet = (attributes: Record<string, boolean> = {}) =>
      made(V4, "v4", { cidr: V4, vlan: "lab:0", ...attributes });

    test("of a managed subnet become reserved ranges around them, at places that tell what they follow", () => {
      const document = documentOf({
        subnet: [subnet()],
        ip_range: [range(V4, "static", "10.20.0.50", "10.20.0.99"), range(V4, "dynamic", "10.20.0.100", "10.20.0.199")],
      });
      const comment = "Outside static range static-10.20.0.50 (10.20.0.50-10.20.0.99)";
      expect(ranges(document)).toEqual([
        `dynamic 10.20.0.100-10.20.0.199 in ${V4}:  [lab/dynamic-10.20.0.100]`,
        `reserved 10.20.0.1-10.20.0.49 in ${V4}: ${comment} [lab/v4/static-ranges/first]`,
        `reserved 10.20.0.200-10.20.0.254 in ${V4}: ${comment} [lab/v4/static-ranges/lab/dynamic-10.20.0.100]`,
      ]);
    });

    test("of an unmanaged subnet become reserved ranges themselves", () => {
      const document = documentOf({
        subnet: [subnet({ managed: false })],
        ip_range: [range(V4, "static", "10.20.0.50", "10.20.0.99"), range(V4, "reserved", "10.20.0.2", "10.20.0.9")],
      });
      expect(ranges(document)).toEqual([
        `reserved 10.20.0.2-10.20.0.9 in ${V4}:  [lab/reserved-10.20.0.2]`,
        `reserved 10.20.0.50-10.20.0.99 in ${V4}: static range static-10.20.0.50 (10.20.0.50-10.20.0.99) [lab/v4/static-ranges/lab/static-10.20.0.50]`,
      ]);
    });

    test("of a subnet that is looked up become reserved ranges of this stack", () => {
      const theirs = made(V4, "v4", {}, "look_up");
      const document = documentOf({ subnet: [theirs], ip_range: [range(V4, "static", "10.20.0.1", "10.20.0.253")] });
      expect(ranges(document)).toEqual([
        `reserved 10.20.0.254-10.20.0.254 in ${V4}: Outside static range static-10.20.0.1 (10.20.0.1-10.20.0.253) [lab/v4/static-ranges/lab/static-10.20.0.1]`,
      ]);
    });

    test("of one subnet leave the ranges of others alone", () => {
      const other = "10.21.0.0/24";
      const document = documentOf({
        subnet: [subnet(), made(other, "other", { cidr: other, vlan: "lab:0" })],
        ip_range: [range(V4, "static", "10.20.0.1", "10.20.0.254"), range(other, "reserved", "10.21.0.2", "10.21.0.9")],
      });
      expect(ranges(document)).toEqual([`reserved 10.21.0.2-10.21.0.9 in ${other}:  [lab/reserved-10.21.0.2]`]);
    });

    test("are none to MAAS where the subnet is known by a token only", () => {
      const document = documentOf({
        subnet: [made("lab/v4", "v4", { cidr: UNKNOWN, vlan: "lab:0" })],
        ip_range: [
          made("lab/nodes", "nodes", { subnet: "lab/v4", type: "static", start_ip: "10.0.0.1", end_ip: "10.0.0.9" }),
        ],
      });
      expect(ranges(document)).toEqual([]);
    });

    test("have the same places when the document is read back, so that the next run knows them again", () => {
      const paths = (document: NetworkDocument): string[] => desiredObjects(document).map(({ path }) => path);
      const document = labDocument();
      const text = JSON.stringify({ format: "maas-network", version: 1, objects: document.objects });
      expect(paths(readDocument(text))).toEqual(paths(document));
    });
  });
});
