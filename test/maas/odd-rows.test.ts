import { documentText, type NetworkDocument } from "../../lib/model/document";
import { readDocument } from "../../lib/model/document/read";
import type { Member } from "../../lib/model/json-member";
import type { Kind } from "../../lib/model/kind";
import { isManaged, KINDS } from "../../lib/model/kinds";
import { ProblemError } from "../../lib/model/problem";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { expressible } from "../../src/export/expressible";
import { adoptingDocument, readRegion, select } from "../../src/export/selection";
import { typescriptSource } from "../../src/export/typescript-source";
import { pictureOf } from "../../src/graph/picture-of";
import { svg } from "../../src/graph/svg";
import { checkAnswer } from "../../src/maas/answer";
import type { Query } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasDecodeError, MaasNotFoundError, type MaasRequest } from "../../src/maas/errors";
import { answerMember } from "../../src/maas/rows";
import { Snapshot } from "../../src/maas/snapshot";
import { Dependents } from "../../src/reconcile/dependents/dependents";
import { prepare } from "../../src/reconcile/engine/plan/prepare";
import { verify } from "../../src/reconcile/engine/verify/verify";
import { openRegion } from "../../src/reconcile/kinds";
import { RegionObjects } from "../../src/reconcile/region-objects";
import { listRegion, liveNetwork } from "../../src/reconcile/region/live-network";
import type { Region } from "../../src/reconcile/region/region";
import { LAB } from "../export/lab/seed";
import { EngineUser } from "../support/engine";

jest.setTimeout(120_000);

type Client = Region["client"];

const url = "http://region.example:5240/MAAS";

const requestOf = (path: string): MaasRequest => ({ method: "GET", path, url: `${url}/api/2.0/${path}` });

const rows = (value: unknown): ObjectJson[] => value as ObjectJson[];
const twice = (value: unknown): ObjectJson[] => [...rows(value), ...rows(value)];

/** A region that answers as another one did, but for one member of one answer. */
class OddRegion {
  readonly answers = new Map<string, unknown>();
  odd: { readonly places: readonly Place[]; readonly value: unknown } | undefined;

  constructor(private readonly real: Client) {}

  get client(): Client {
    const never = (): never => {
      throw new Error("nothing is to be changed");
    };
    return { get: (path, query) => this.get(path, query), post: never, put: never, delete: never };
  }

  private async get(path: string, query?: Query): Promise<unknown> {
    const call = query === undefined ? path : `${path}?${new URLSearchParams(query).toString()}`;
    if (!this.answers.has(call)) this.answers.set(call, await this.ask(path, query));
    const answer = this.answers.get(call);
    if (answer instanceof Error) throw answer;
    const { places = [], value } = this.odd ?? {};
    const given = places
      .filter((place) => place.call === call)
      .reduce((json, { pointer }) => replaced(json, pointer.split("/").slice(1), value), answer);
    checkAnswer(requestOf(call), given);
    return given;
  }

  private ask(path: string, query?: Query): Promise<unknown> {
    return this.real.get(path, query).catch((error: unknown) => {
      if (error instanceof MaasNotFoundError) return error;
      throw error;
    });
  }
}

/** The JSON with another value at a place; undefined takes the member away. */
function replaced(json: unknown, [head, ...rest]: readonly string[], value: unknown): unknown {
  if (head === undefined) return value;
  if (json === null) return null;
  const entries = Object.entries(json as object).map(
    ([name, old]) => [name, name === head ? replaced(old, rest, value) : (old as unknown)] as const,
  );
  if (Array.isArray(json)) return entries.map(([, item]) => item);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

interface Place {
  readonly call: string;
  readonly pointer: string;
  readonly member: Member;
}

const anyRow = (pointer: string): string => pointer.replace(/\/\d+(?=\/)/g, "/*");

/** A place for each member that is read: in the first row that has it. */
function placesIn(call: string, answer: unknown): Place[] {
  if (answer instanceof Error) return [];
  const found = new Map<string, Place>();
  const walk = (member: Member, value: unknown, pointer: string): void => {
    if (typeof value !== "object" || value === null) return;
    const { items, members = [] } = member;
    if (Array.isArray(value) && items !== undefined)
      value.forEach((item, index) => walk(items, item, `${pointer}/${index}`));
    for (const [name, inner] of members) {
      const at = `${pointer}/${name}`;
      if (!found.has(anyRow(at)) && name in value) found.set(anyRow(at), { call, pointer: at, member: inner });
      walk(inner, (value as ObjectJson)[name], at);
    }
  };
  const expected = answerMember(requestOf(call));
  if (expected !== undefined) walk(expected, answer, "");
  return [...found.values()];
}

const VALUES: readonly (readonly [name: string, value: unknown])[] = [
  ["null", null],
  ["{}", {}],
  ["[]", []],
  ["true", true],
  ["empty text", ""],
  ["x", "x"],
  ["1e400", JSON.parse("1e400")],
  ["missing", undefined],
];

let user: EngineUser;
let region: OddRegion;
let document: NetworkDocument;
const commands: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  plan: (client) => prepare(openRegion(client), { goal: "apply", document }, { url, maxDeletions: Infinity }),
  destroy: (client) =>
    prepare(openRegion(client), { goal: "destroy", document, record: document }, { url, maxDeletions: Infinity }),
  "audit and graph": async (client) => {
    const network = liveNetwork(await listRegion(new Snapshot(client)));
    const report = evaluate({ rules: IPV6_RULES, network, now: new Date(0) });
    return svg(pictureOf(network, report, "lab"));
  },
  export: async (client) => {
    const objects = expressible(select((await readRegion(client, { machines: true })).objects));
    return [
      typescriptSource(objects, { apiUrl: url, stackName: "lab", leftOut: [] }),
      documentText(adoptingDocument(objects, url)),
    ];
  },
  verify: (client) => verify(client, document, { url, timeout: 0, interval: 1 }),
  provider: async (client) => {
    const reading: Region = openRegion(client);
    const objects = new RegionObjects(reading);
    const { objects: sections } = document;
    for (const kind of Object.values<Kind>(KINDS))
      for (const { key, attributes } of sections[kind.name] ?? []) {
        const id = await objects.idOf(kind, key);
        if (id === undefined || !isManaged(kind)) continue;
        await objects.read(kind, id, attributes);
        await new Dependents(reading).of(kind.name, id, attributes);
      }
  },
};

beforeAll(async () => {
  user = await EngineUser.start({
    ...LAB,
    reserved_ips: [{ ip: "10.20.0.20", mac_address: "02:00:00:00:00:01" }],
    devices: [{ hostname: "printer", interfaces: [{ name: "eth0", fabric: "lab" }] }],
  });
  await user.api.post("dhcp-snippets/", [
    ["name", "boot"],
    ["value", "option ntp-servers 10.20.0.2;"],
    ["subnet", "10.20.0.0/24"],
  ]);
  await user.api.post("dnsresources/", [
    ["fqdn", "www.maas"],
    ["ip_addresses", "10.20.0.30"],
  ]);
  await user.api.post("ipaddresses/", [["ip", "10.20.0.31"]], { op: "reserve" });
  region = new OddRegion(user.api);
  const found = expressible(select((await readRegion(user.api, { machines: true })).objects));
  document = readDocument(documentText(adoptingDocument(found, url)));
  for (const run of Object.values(commands)) await run(region.client);
});

afterAll(() => user.stop());

/** What checking an answer with that value at that place says; undefined = it may be there. */
function refusal({ call, pointer }: Pick<Place, "call" | "pointer">, value: unknown): MaasDecodeError | undefined {
  try {
    checkAnswer(requestOf(call), replaced(region.answers.get(call), pointer.split("/").slice(1), value));
    return undefined;
  } catch (error) {
    if (error instanceof MaasDecodeError) return error;
    throw error;
  }
}

const allPlaces = (): Place[] => [...region.answers].flatMap(([call, answer]) => placesIn(call, answer));

test("every value that a member cannot have is refused with the call, the object and the member", () => {
  const places = allPlaces();
  expect(places.length).toBeGreaterThan(200);
  for (const place of places) {
    for (const [name, value] of VALUES) {
      const error = refusal(place, value);
      if (error === undefined) continue;
      expect(error.message).toContain(`GET ${place.call} was answered with an object that cannot be used`);
      expect(error.message).toContain(`the member ${place.pointer}`);
      // Addresses and free ranges have no id.
      if (!/\/(system_)?id$/.test(place.pointer) && !/op=|^ipaddresses/.test(place.call))
        expect(error.message).toContain(" of the object with id ");
      expect(error.message).toMatch(
        / is (null|missing|true|""|"x"|Infinity|an empty object|an empty list), and must be /,
      );
      expect([name, error.outcome]).toEqual([name, "unknown"]);
    }
  }
});

test("an interface is named by its own id, and its machine after it", () => {
  const call = "rackcontrollers/";
  const [rack] = region.answers.get(call) as [{ system_id: string; interface_set: [{ id: number }] }];
  const message = refusal({ call, pointer: "/0/interface_set/0/name" }, null)?.message;
  expect(message).toContain(
    `of the object with id ${rack.interface_set[0].id} in that with id ${rack.system_id} is null`,
  );
});

const NONE = ["null", "empty text", "missing"];
const NO_OBJECT = ["null", "missing"];

/** What may be in place of each member of the lists that a plan reads, beside what is there. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "fabrics/ /*/id": [],
  "fabrics/ /*/name": ["x"],
  "fabrics/ /*/class_type": [...NONE, "x"],
  "fabrics/ /*/vlans": ["[]"],
  "fabrics/ /*/vlans/*/id": [],
  "fabrics/ /*/vlans/*/vid": [],
  "fabrics/ /*/vlans/*/mtu": [],
  "fabrics/ /*/vlans/*/name": [...NONE, "x"],
  "fabrics/ /*/vlans/*/fabric": ["x"],
  "fabrics/ /*/vlans/*/fabric_id": [],
  "fabrics/ /*/vlans/*/dhcp_on": ["true"],
  "fabrics/ /*/vlans/*/relay_vlan": NO_OBJECT,
  "fabrics/ /*/vlans/*/relay_vlan/id": [],
  "fabrics/ /*/vlans/*/primary_rack": [...NONE, "x"],
  "subnets/ /*/id": [],
  "subnets/ /*/cidr": [],
  "subnets/ /*/vlan": [],
  "subnets/ /*/vlan/id": [],
  "subnets/ /*/vlan/vid": [],
  "subnets/ /*/vlan/fabric_id": [],
  "subnets/ /*/gateway_ip": NONE,
  "subnets/ /*/dns_servers": ["null", "[]", "missing"],
  "subnets/ /*/managed": ["true"],
  "subnets/ /*/rdns_mode": [],
  "ipranges/ /*/start_ip": [],
  "ipranges/ /*/end_ip": [],
  "ipranges/ /*/type": [],
  "ipranges/ /*/subnet": [],
  "ipranges/ /*/subnet/id": [],
  "static-routes/ /*/gateway_ip": [],
  "static-routes/ /*/metric": [],
  "static-routes/ /*/source/cidr": [],
  "rackcontrollers/ /*/system_id": ["x"],
  "rackcontrollers/ /*/hostname": ["x"],
  "rackcontrollers/ /*/interface_set": ["[]"],
  "rackcontrollers/ /*/interface_set/*/id": [],
  "rackcontrollers/ /*/interface_set/*/name": ["x"],
  "rackcontrollers/ /*/interface_set/*/vlan": NO_OBJECT,
  "rackcontrollers/ /*/interface_set/*/vlan/vid": [],
  "machines/ /*/interface_set/*/tags": ["null", "[]", "missing"],
  "machines/ /*/interface_set/*/effective_mtu": NO_OBJECT,
  "machines/ /*/interface_set/*/links": ["[]"],
  "machines/ /*/interface_set/*/links/*/id": [],
  "machines/ /*/interface_set/*/links/*/mode": [],
  "machines/ /*/interface_set/*/links/*/ip_address": NONE,
  "machines/ /*/interface_set/*/links/*/subnet": NO_OBJECT,
  "machines/ /*/interface_set/*/links/*/subnet/cidr": [],
  "devices/ /*/hostname": ["x"],
  "reservedips/ /*/ip": [],
  "dnsresources/ /*/ip_addresses/*/ip": NONE,
};

test.each(Object.entries(ALLOWED))("%s may hold no odd value but %j", (name, allowed) => {
  const place = allPlaces().find(({ call, pointer }) => `${call} ${anyRow(pointer)}` === name);
  if (place === undefined) throw new Error("nothing is read there");
  const taken = VALUES.filter(([, value]) => refusal(place, value) === undefined).map(([what]) => what);
  expect(taken.sort()).toEqual([...allowed].sort());
});

const NOTHING = VALUES.filter(([name]) => ["null", "empty text", "missing", "[]"].includes(name));

describe.each(Object.entries(commands))("%s", (_, run) => {
  /** Runs with what may be there. @returns errors that are none of ours */
  async function unexplained(places: readonly Place[], value: unknown): Promise<unknown> {
    region.odd = { places: places.filter((place) => refusal(place, value) === undefined), value };
    try {
      await run(region.client);
      return undefined;
    } catch (error) {
      return error instanceof ProblemError ? undefined : error;
    } finally {
      region.odd = undefined;
    }
  }

  test.each(NOTHING)("works, or says why not, where a region has %s wherever that may be", async (_name, value) => {
    const places = allPlaces();
    expect(await unexplained(places, value)).toBeUndefined();
    for (const call of ["machines/", "rackcontrollers/", "fabrics/"])
      expect(
        await unexplained(
          places.filter((place) => place.call === call),
          value,
        ),
      ).toBeUndefined();
  });
});

test.each<[string, (rows: ObjectJson[]) => ObjectJson[], string]>([
  ["subnets/", ([first = {}, ...others]) => [first, ...others, first], "/id"],
  ["fabrics/", ([{ vlans, ...fabric } = {}]) => [{ ...fabric, vlans: twice(vlans) }], "/vlans/"],
  ["fabrics/", ([first = {}]) => [first, { ...first, id: 987_654 }], "/1/vlans/0/id"],
  ["machines/", ([first = {}]) => [{ ...first, interface_set: twice(first.interface_set) }], "/interface_set/"],
  ["rackcontrollers/", ([first = {}]) => [first, first], "/system_id"],
])("the answer to GET %s with an object twice is refused with its place", async (call, change, place) => {
  const answer = change(structuredClone(await region.client.get(call)) as ObjectJson[]);
  const read = (): void => checkAnswer(requestOf(call), answer);
  expect(read).toThrow(MaasDecodeError);
  expect(read).toThrow(/must be an id that no other object of the list has/);
  expect(read).toThrow(place);
});
