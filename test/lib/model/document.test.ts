import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { z } from "zod";
import { type DocumentObject, documentText, type NetworkDocument } from "../../../lib/model/document";
import { DOCUMENT_KINDS } from "../../../lib/model/document/kinds";
import { DocumentError } from "../../../lib/model/document/error";
import { documentSchema } from "../../../lib/model/document/schema";
import { duplicateMembers } from "../../../lib/model/document/duplicates";
import { readDocument } from "../../../lib/model/document/read";
import { advice, spell, spelled } from "../../../lib/model/problem";
import { type Attributes, UNKNOWN, type Values } from "../../../lib/model/known";

const object = (key: string, attributes: Attributes): DocumentObject => ({
  key,
  path: `lab/${key}`,
  origin: "create",
  attributes,
});

/** A network of `count` VLANs, each with a subnet of both families and a range. */
function network(count: number): NetworkDocument {
  const each = <T>(make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n + 1));
  return {
    apiUrl: "http://region.lab.example:5240/MAAS",
    objects: {
      fabric: [object("lab", { name: "lab" })],
      vlan: each((vid) => object(`lab:${vid}`, { fabric: "lab", vid, mtu: vid % 2 === 0 ? UNKNOWN : 1500 })),
      subnet: each((n) => [
        object(`10.0.${n}.0/24`, { cidr: `10.0.${n}.0/24`, vlan: `lab:${n}`, dns_servers: ["10.0.0.2", "10.0.0.1"] }),
        object(`2001:db8:${n}::/64`, { cidr: `2001:DB8:${n}::/64`, vlan: `lab:${n}`, gateway_ip: UNKNOWN }),
      ]).flat(),
      ip_range: each((n) =>
        object(`10.0.${n}.10-10.0.${n}.20 in 10.0.${n}.0/24`, {
          subnet: `10.0.${n}.0/24`,
          type: "dynamic",
          start_ip: `10.0.${n}.10`,
          end_ip: `10.0.${n}.20`,
        }),
      ),
    },
    suppressions: [],
  };
}

const backwards = (attributes: Attributes): Attributes => Object.fromEntries(Object.entries(attributes).reverse());

const shuffled = (document: NetworkDocument): fc.Arbitrary<NetworkDocument> =>
  fc
    .tuple(
      ...Object.entries(document.objects).map(([kind, list]) =>
        fc
          .shuffledSubarray([...list], { minLength: list.length })
          .map((mixed) => [kind, mixed.map((one) => ({ ...one, attributes: backwards(one.attributes) }))] as const),
      ),
    )
    .map((sections) => ({ ...document, objects: Object.fromEntries(sections.reverse()) }));

/** A document as a test breaks it. */
interface Loose {
  version: number;
  unknown: string[];
  suppressions: unknown[];
  objects: Record<
    "fabric" | "vlan" | "subnet" | "rack_controller",
    { key: string; path?: string; origin?: string; attributes: Record<string, unknown> }[]
  >;
}

const first = (list: Loose["objects"]["vlan"]): Record<string, unknown> => list[0]?.attributes ?? {};

/** The problems of a text, by pointer. */
function problemsOf(change: (json: Loose) => unknown): Record<string, string> {
  const json = JSON.parse(documentText(network(2))) as Loose;
  change(json);
  try {
    readDocument(JSON.stringify(json));
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return Object.fromEntries<string>(
      error.problems.map((problem) => {
        const { subject, what } = spelled(problem);
        return [subject?.pointer ?? "", `${what}. ${spell(advice(problem))}`];
      }),
    );
  }
  return {};
}

test("the same objects in any order give the same bytes", () => {
  const text = documentText(network(5));
  fc.assert(fc.property(shuffled(network(5)), (document) => documentText(document) === text));
});

test("what is written is read back, unknown values included, and written again as the same bytes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), (count) => {
      const text = documentText(network(count));
      expect(documentText(readDocument(text))).toBe(text);
    }),
  );
  expect(readDocument(documentText(network(2))).objects.vlan?.[1]?.attributes.mtu).toBe(UNKNOWN);
});

test("only attributes of the tables are written, so that nothing else can slip in", () => {
  const document = network(0);
  const more: Values = { api_key: "consumer:token:secret" };
  const fabric = [object("lab", { name: "lab", ...more })];
  expect(documentText({ ...document, objects: { fabric } })).not.toContain("secret");
});

/** What is wrong, how a document comes to have it, where it is said, and how. */
type Broken = [title: string, change: (json: Loose) => unknown, pointer: string, message: RegExp];

test.each<Broken>([
  [
    "a text for a number",
    ({ objects }) => Object.assign(objects.vlan[1]?.attributes ?? {}, { vid: "2" }),
    "/objects/vlan/1/attributes/vid",
    /"2" is not a number/,
  ],
  [
    "a VID out of range",
    ({ objects }) => (first(objects.vlan).vid = 5000),
    "/objects/vlan/0/attributes/vid",
    /0 to 4094/,
  ],
  [
    "a gateway outside",
    ({ objects }) => (first(objects.subnet).gateway_ip = "10.9.9.1"),
    "/objects/subnet/0/attributes/gateway_ip",
    /such as 10\.0\.1\.1/,
  ],
  [
    "a dangling reference",
    ({ objects }) => (first(objects.subnet).vlan = "lab:9"),
    "/objects/subnet/0/attributes/vlan",
    /Add it to \/objects\/vlan/,
  ],
  [
    "a reference lab:-1, which no VLAN can have as its key",
    ({ objects }) => (first(objects.subnet).vlan = "lab:-1"),
    "/objects/subnet/0/attributes/vlan",
    /"lab:-1" in the document\. Write .*, as in lab:/,
  ],
  [
    "a reference lab:4095, which no VLAN can have as its key",
    ({ objects }) => (first(objects.subnet).vlan = "lab:4095"),
    "/objects/subnet/0/attributes/vlan",
    /"lab:4095" in the document\. Write .*, as in lab:/,
  ],
  [
    "a reference 0, which no VLAN can have as its key",
    ({ objects }) => (first(objects.subnet).vlan = "0"),
    "/objects/subnet/0/attributes/vlan",
    /"0" in the document\. Write .*, as in lab:/,
  ],
  [
    "a reference untagged, which no VLAN can have as its key",
    ({ objects }) => (first(objects.subnet).vlan = "untagged"),
    "/objects/subnet/0/attributes/vlan",
    /"untagged" in the document\. Write .*, as in lab:/,
  ],
  [
    "a missing attribute",
    ({ objects }) => delete first(objects.subnet).cidr,
    "/objects/subnet/0/attributes/cidr",
    /cidr is missing/,
  ],
  [
    "an attribute that is none",
    ({ objects }) => (first(objects.fabric)["a/b"] = 1),
    "/objects/fabric/0/attributes/a~1b",
    /no "a\/b" here.*name/,
  ],
  [
    "an object twice",
    ({ objects }) => objects.fabric.push(...objects.fabric),
    "/objects/fabric/1/key",
    /Take it out here/,
  ],
  ["another version", (json) => (json.version = 2), "/version", /reads version 1/],
  ["an unknown that is none", ({ unknown }) => unknown.push("/objects/x"), "/unknown", /leads to no attribute/],
  ["a list that is none", ({ objects }) => Object.assign(objects, { vlan: {} }), "/objects/vlan", /square brackets/],
  [
    "a rack that is to be created",
    ({ objects }) => (objects.rack_controller = [{ key: "rack1", origin: "create", attributes: {} }]),
    "/objects/rack_controller/0/origin",
    /registers itself.*"look_up"/,
  ],
  [
    "a rack that is created because nothing else is said",
    ({ objects }) => (objects.rack_controller = [{ key: "rack1", attributes: {} }]),
    "/objects/rack_controller/0/origin",
    /registers itself/,
  ],
  [
    "a key that is not that of the attributes",
    ({ objects }) => Object.assign(objects.vlan[1] ?? {}, { key: "lab:77" }),
    "/objects/vlan/1/key",
    /"lab:77" contradicts the attributes, which make "lab:2"/,
  ],
  [
    "a key that is not that of the attributes, and the path as well",
    ({ objects }) => objects.fabric.push({ key: "lab/one", path: "lab/one", attributes: { name: "one" } }),
    "/objects/fabric/1/key",
    /"lab\/one" contradicts the attributes, which make "one"/,
  ],
  ...[7, null, "", ".."].map((id): Broken => [
    `the id ${JSON.stringify(id)}`,
    ({ objects }) => Object.assign(objects.fabric[0] ?? {}, { id }),
    "/objects/fabric/0/id",
    /is no id.*"7"/,
  ]),
  [
    "a subnet's key that is no CIDR",
    ({ objects }) => objects.subnet.push({ key: "lab-v4", origin: "look_up", attributes: {} }),
    "/objects/subnet/4/key",
    /"lab-v4" is not the key of a subnet/,
  ],
  [
    "an end of a suppression that is no text",
    ({ suppressions }) => suppressions.push({ id: "MAAS6-RTR-01", where: "lab", reason: "a good reason", until: 2027 }),
    "/suppressions/0/until",
    /2027 is not a day/,
  ],
  [
    "a misspelt member of a suppression",
    ({ suppressions }) => suppressions.push({ id: "MAAS6-RTR-01", where: "lab", reason: "a good reason", untill: "" }),
    "/suppressions/0/untill",
    /no "untill" here/,
  ],
  ["a schema that is no text", (document) => Object.assign(document, { $schema: 7 }), "/$schema", /7 is no text/],
  [
    "a pointer of an unknown value that is no text",
    (document) => Object.assign(document, { unknown: [7] }),
    "/unknown/0",
    /7 is no text\. Write the pointer of an attribute/,
  ],
  ["no list of unknown values", (document) => Object.assign(document, { unknown: "all" }), "/unknown", /is no list/],
  [
    "a misspelt member of an interface of a device",
    ({ objects }) => {
      const nics = [{ mac_address: "52:54:00:00:00:01", nmae: "eth0" }];
      Object.assign(objects, { device: [{ key: "sw1", attributes: { hostname: "sw1", network_interfaces: nics } }] });
    },
    "/objects/device/0/attributes/network_interfaces",
    /"nmae":"eth0"}\] is not a list, each item an object of mac_address: a text/,
  ],
])("%s is an error at its JSON pointer, with the fix", (_title, change, pointer, message) => {
  expect(problemsOf(change)[pointer]).toMatch(message);
});

test("a text that is no JSON, or no object, is refused in words", () => {
  expect(() => readDocument("{")).toThrow(/it is no JSON: .*cdktf synth/);
  expect(() => readDocument("[]")).toThrow(/no JSON object/);
  expect(() => readDocument(`{"objects":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)).toThrow(/500 levels deep/);
});

describe("the JSON Schema", () => {
  // Another implementation of JSON Schema, as an editor or a pipeline would have one.
  const schema = z.fromJSONSchema(documentSchema());
  const validate = (json: unknown): boolean => schema.safeParse(json).success;

  test("takes every document that is written", () => {
    expect(validate(JSON.parse(documentText(network(3))))).toBe(true);
  });

  test("refuses what the reader refuses by shape", () => {
    const json = JSON.parse(documentText(network(1))) as Record<string, never>;
    expect(validate({ ...json, version: 2 })).toBe(false);
    expect(validate({ ...json, api_key: "consumer:token:secret" })).toBe(false);
    expect(validate({ ...json, objects: { vlan: [{ key: "lab:1", attributes: { vid: "1" } }] } })).toBe(false);
  });

  test("knows every attribute of every kind, and is what the package publishes", () => {
    const published = readFileSync(join(__dirname, "../../../schema/maas-network.schema.json"), "utf8");
    expect(JSON.parse(published)).toEqual(documentSchema());
    const names = Object.values(DOCUMENT_KINDS).flatMap(({ fields }) => fields.map(({ name }) => name));
    expect(names.filter((name) => !published.includes(`"${name}"`))).toEqual([]);
  });
});

test("what is to be left as it is can be written and read, and names attributes of the kind only", () => {
  const document = network(1);
  const [lab] = document.objects.fabric ?? [];
  const text = documentText({
    ...document,
    objects: {
      ...document.objects,
      fabric: lab === undefined ? [] : [{ ...lab, ignoreChanges: ["name", "class_type"] }],
    },
  });
  expect(readDocument(text).objects.fabric?.[0]?.ignoreChanges).toEqual(["class_type", "name"]);
  expect(() => readDocument(text.replace('"class_type"', '"cidr"'))).toThrow(/a fabric has no attribute "cidr"/);
});

test.each([
  ['{"a":1,"b":{"a":[{"a":1,"a":2}]},"c":[{"x":1},{"x":1}]}', ["/b/a/0/a"]],
  ['{"a":"{\\"a\\":1,","\\u0061":2}', ["/a"]],
  ['{"a/b":1,"a/b":2,"a~":{},"a~":{}}', ["/a~1b", "/a~0"]],
  ['[[{"a":[]},{"a":1}],{"a":{"b":1,"b":1,"b":1}}]', ["/1/a/b"]],
  ['{"":1,"":2,"__proto__":1,"__proto__":2}', ["/", "/__proto__"]],
  ['"a"', []],
])("members that are there twice in %s are found", (text, pointers) => {
  expect(duplicateMembers(text)).toEqual(pointers);
});

test("no JSON that JSON.stringify writes has a member twice", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
      expect(duplicateMembers(JSON.stringify(value, null, indent))).toEqual([]);
    }),
  );
});

test("a document with a member twice is refused at its pointer: JSON.parse takes the last one", () => {
  const text = '{ "format": "maas-network", "version": 1, "objects": { "fabric": [] , "fabric": [] }, "version": 1 }';
  expect(() => readDocument(text)).toThrow(
    /\/objects\/fabric: the member is there twice.*\/version: the member is there twice/s,
  );
});

test.each([
  ["rack_controller", "rack1", "abc12"],
  ["machine", "node1", "ABC123"],
  ["rack_interface", "rack1/eth1", "abc123"],
  ["rack_interface", "rack1/eth1", "abc123/eth1"],
  ["network_interface_link", "node1/eth0:10.0.0.0/24", "abc123/7"],
  ["network_interface_link", "node1/eth0:10.0.0.0/24", "abc123/7/8/9"],
  ["dns_record", "A/AAAA www in lab.example", "A/AAAA"],
])("an id of another form than those of a %s is refused at its pointer", (kind, key, id) => {
  const text = JSON.stringify({
    format: "maas-network",
    version: 1,
    objects: { [kind]: [{ key, id, attributes: {} }] },
  });
  expect(() => readDocument(text)).toThrow(new RegExp(`/objects/${kind}/0/id: "${id}" is no id`));
});

test.each(["abc123", "node-5b5cf0ba-5bd5-11e6-8b77-86f30ca893d3"])("%s is the id of a machine", (id) => {
  const object = { key: "node1", origin: "look_up", id, attributes: {} };
  const text = JSON.stringify({ format: "maas-network", version: 1, objects: { machine: [object] } });
  expect(readDocument(text).objects.machine).toMatchObject([{ id }]);
});

test.each(["1/../../x", "..", "1?x", "1#x", "1 ", "", "x", "-1", 7, null])(
  "the id %j of a fabric is refused at its pointer",
  (id) => {
    const fabric = { key: "lab", path: "lab", origin: "create", id, attributes: { name: "lab" } };
    const text = JSON.stringify({ format: "maas-network", version: 1, objects: { fabric: [fabric] } });
    expect(() => readDocument(text)).toThrow(/\/objects\/fabric\/0\/id: .* is no id\. Write it as "7"\./);
  },
);
