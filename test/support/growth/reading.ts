import { type DocumentObject, documentText, type NetworkDocument } from "../../../lib/model/document";
import { documentNetwork } from "../../../lib/model/document/network";
import { readDocument } from "../../../lib/model/document/read";
import { evaluate } from "../../../lib/rules/evaluate";
import { IPV6_RULES } from "../../../lib/rules/ipv6";
import { expressible } from "../../../src/export/expressible";
import { adoptingDocument, select } from "../../../src/export/selection";
import { typescriptSource } from "../../../src/export/typescript-source";
import { html } from "../../../src/graph/html";
import { mermaid } from "../../../src/graph/mermaid";
import { pictureOf } from "../../../src/graph/picture-of";
import { svg } from "../../../src/graph/svg";
import type { ObjectJson } from "../../../src/maas/codec";
import { openRegion } from "../../../src/reconcile/kinds";
import { tryResolve } from "../../../src/reconcile/references/lookups";
import { liveNetwork } from "../../../src/reconcile/region/live-network";
import { liveObjects } from "../../../src/reconcile/region/live-objects";
import type { Region } from "../../../src/reconcile/region/region";
import type { Part } from "./part";
import type { Rows } from "./regions";

const API_URL = "http://region/MAAS";

/** The region, read already. */
async function regionOf({ fabrics, subnets, ipranges }: Rows): Promise<Region> {
  const lists: Record<string, ObjectJson[]> = { "fabrics/": fabrics, "subnets/": subnets, "ipranges/": ipranges };
  const client = { get: (path: string) => Promise.resolve(lists[path] ?? []) } as unknown as Region["client"];
  const region = openRegion(client);
  for (const collection of ["fabrics", "subnets", "ipranges"] as const) await region.snapshot.list(collection);
  return region;
}

/** Looks each object up by its natural key. */
async function lookUp({ fabrics, subnets, ipranges }: Rows, region: Region): Promise<void> {
  for (const { cidr } of subnets) await tryResolve(region, "subnet", String(cidr));
  for (const { start_ip: start, end_ip: end } of ipranges)
    await tryResolve(region, "ip_range", `${String(start)}-${String(end)}`);
  for (const { vlans } of fabrics)
    for (const { fabric, vid } of vlans as ObjectJson[])
      await tryResolve(region, "vlan", `${String(fabric)}:${String(vid)}`);
}

function documentOf(objects: ReturnType<typeof liveObjects>): NetworkDocument {
  const sections: Record<string, DocumentObject[]> = {};
  for (const { kind, key, attributes } of objects)
    (sections[kind] ??= []).push({ key, path: `lab/${key}`, origin: "create", attributes });
  return { objects: sections, suppressions: [] };
}

/** What reads documents and live objects, part by part, each with what it needs. */
export async function readingParts(rows: Rows): Promise<Readonly<Record<string, Part>>> {
  const region = await regionOf(rows);
  const listed = { ...rows, spaces: [], rackcontrollers: [], machines: [] };
  const objects = liveObjects(listed);
  const document = documentOf(objects);
  const text = documentText(document);
  const network = documentNetwork(document);
  const evaluation = { rules: IPV6_RULES, network, now: new Date(0) };
  const report = evaluate(evaluation);
  const suppressions = report.findings.map(({ id, where }) => ({ id, where: where.path, reason: "as it is found" }));
  const picture = pictureOf(network, report, "lab");
  const selection = expressible(select(objects));
  return {
    "looking up by natural key": () => lookUp(rows, region),
    "live objects": () => liveObjects(listed),
    "writing a document": () => documentText(document),
    "reading a document": () => readDocument(text),
    "the network of a document": () => documentNetwork(document),
    rules: () => evaluate(evaluation),
    "rules, all suppressed": () => evaluate({ ...evaluation, suppressions }),
    picture: () => pictureOf(network, report, "lab"),
    "the picture as HTML, SVG and Mermaid": () => [html, svg, mermaid].map((write) => write(picture)),
    "the network of a region": () => liveNetwork({ version: "3.6.5", ...listed, "static-routes": [] }),
    "selecting for an export": () => expressible(select(objects)),
    "an export as document": () => adoptingDocument(selection, API_URL),
    "an export as source": () => typescriptSource(selection, { apiUrl: API_URL, stackName: "lab", leftOut: [] }),
  };
}
