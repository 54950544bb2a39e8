import * as fc from "fast-check";
import ts from "typescript";
import type { DocumentObject, NetworkDocument } from "../../lib/model/document";
import { renderNetplan } from "../../lib/model/netplan";
import { renderRadvd } from "../../lib/model/radvd";
import { rolloutMarkdown } from "../../src/cli/output/rollout-markdown";
import { netplansOf, routersOf } from "../../src/rollout/devices";
import { planRollout } from "../../src/rollout/plan";
import type { RolloutRegion } from "../../src/rollout/region";
import { firewallNotes } from "../../src/rollout/render/firewall";
import { cisco, frr, juniper } from "../../src/rollout/render/routers";
import { rolloutSource } from "../../src/rollout/render/typescript";
import { hostileName } from "../support/hostile-names";
import { IPV4_ONLY, regionOf, request } from "./regions";

jest.setTimeout(60_000);

// It has no types.
const { load } = jest.requireActual<{ load: (text: string) => unknown }>("js-yaml");

const NAMED = ["name", "hostname", "description", "comment"] as const;

/** The object with that at the end of its names. */
function withName(object: DocumentObject, name: string): DocumentObject {
  const texts = NAMED.flatMap((member) => {
    const text = object.attributes[member];
    return typeof text === "string" ? [[member, text + name] as const] : [];
  });
  return { ...object, attributes: { ...object.attributes, ...Object.fromEntries(texts) } };
}

/** The region with that in all names of somebody's choice; fabrics and racks stay different. */
function named(region: RolloutRegion, name: string): RolloutRegion {
  const objects = Object.entries(region.document.objects).map(([kind, list]) => [
    kind,
    kind === "rack_interface" ? list : list.map((object) => withName(object, name)),
  ]);
  const document = { ...region.document, objects: Object.fromEntries(objects) as NetworkDocument["objects"] };
  return { ...region, document };
}

const choice = { routers: new Map<string, string>(), interfaceName: "eth0.{vid}", dnsServers: ["2001:db8::53"] };

let region: RolloutRegion;

beforeAll(async () => {
  region = await regionOf(IPV4_ONLY);
});

/** Everything that `ipv6 write` puts on devices, by file, and what the lines of it begin with. */
function files(name: string): Readonly<Record<string, string>> {
  const rollout = planRollout(named(region, name), request());
  const written: Record<string, string> = {};
  [...netplansOf(rollout)].forEach(([rack, interfaces]) => {
    written[`netplan/${rack}.yaml`] = renderNetplan(interfaces);
  });
  [...routersOf(rollout, choice)].forEach(([router, own]) => {
    written[`radvd/${router}.conf`] = renderRadvd(own.map(({ settings }) => settings));
    written[`frr/${router}.conf`] = frr(own);
    written[`cisco/${router}.txt`] = cisco(own);
    written[`juniper/${router}.txt`] = juniper(own);
  });
  return written;
}

/** The lines that devices act on: without comments, of which a name may be a part. */
const commands = (text: string): string[] =>
  text
    .replace(/\/\*.*?\*\//gs, "")
    .split("\n")
    .filter((line) => !/^\s*([!#].*)?$/.test(line));

const shapeOf = (all: Readonly<Record<string, string>>): string[] =>
  Object.entries(all)
    .map(([file, text]) => `${file.split("/")[0] ?? ""} ${commands(text).join("\n")}`)
    .sort();

test("no name adds a command to a router's or a rack's configuration, or leaves the folder", () => {
  // Sites follow from the names of fabrics, and addresses from the sites.
  const counted = (shape: string[]): string[] =>
    shape.map((text) => text.replace(/[0-9a-f]*:[0-9a-f:]+/g, "ADDRESS")).sort();
  const plain = counted(shapeOf(files("")));
  fc.assert(
    fc.property(hostileName, (name) => {
      const written = files(name);
      expect(Object.keys(written).filter((file) => !/^\w+\/[^/\\\0\n\r]+\.(yaml|conf|txt)$/.test(file))).toEqual([]);
      // What can't be written under such a name is refused, and left out.
      expect(counted(shapeOf(written)).filter((one) => !plain.includes(one))).toEqual([]);
      for (const [file, text] of Object.entries(written))
        if (file.endsWith(".yaml")) expect(load(text)).toHaveProperty("network.version", 2);
    }),
    { numRuns: 60 },
  );
});

test("no name is code in the app, or markup in the texts", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const rollout = planRollout(named(region, name), request());
      const options = { apiUrl: "http://region.example:5240/MAAS", stackName: "maas-ipv6", choice };
      const source = ts.createSourceFile("main.ts", rolloutSource(rollout, options), ts.ScriptTarget.ES2022);
      const { diagnostics = [] } = ts.transpileModule(source.text, { reportDiagnostics: true });
      expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
      const identifiers: string[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node)) identifiers.push(node.expression.getText(source));
        ts.forEachChild(node, visit);
      };
      visit(source);
      expect(identifiers).not.toContain("evil");
      for (const text of [rolloutMarkdown(rollout), firewallNotes(rollout)])
        for (const line of text.split("\n")) {
          const bare = line
            .replace(/\\./g, "")
            .replaceAll("<!-- -->", "·")
            .replace(/`[^`]*`/g, "");
          expect(bare).not.toMatch(/<(?!\/?(details|summary|br)>)|\]\(|(?<!\w)@evil/);
        }
    }),
    { numRuns: 40 },
  );
});
