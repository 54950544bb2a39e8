import * as fc from "fast-check";
import { type DocumentObject, documentText, type NetworkDocument } from "../../../../lib/model/document";
import { readDocument } from "../../../../lib/model/document/read";
import type { Attributes } from "../../../../lib/model/known";
import { type DesiredObject, desiredObjects, LiveState } from "../../../../src/reconcile/engine/plan/read-live";
import { diff } from "../../../../src/reconcile/engine/plan/diff";
import { recordsOf } from "../../../../src/reconcile/engine/plan/record";
import { readNetworks } from "../support/desired-networks";
import { documentOf } from "../support/documents";
import {
  adopted,
  dhcp,
  fabric,
  liveObject,
  nic,
  range,
  regionOf,
  relay,
  space,
  subnet,
  vlan,
} from "../support/objects";

const REGION = "http://region.example:5240/MAAS/api/2.0/";
const V4 = "10.0.0.0/24";

/** The records before and after a run that wants this document. Each is what its text is read back as. */
function records(
  document: NetworkDocument,
  { former, live = [] }: { readonly former?: NetworkDocument; readonly live?: readonly DesiredObject[] } = {},
): { readonly before: NetworkDocument; readonly after: NetworkDocument } {
  const [desired, read] = [desiredObjects(document), regionOf(live)];
  const recorded = former === undefined ? [] : desiredObjects(former);
  const { live: renamed, known } = diff({ desired, live: read, recorded });
  const { before, after } = recordsOf({
    ...{ region: REGION, document, desired, live: read, renamed, known },
    former: former && { document: former, objects: recorded },
  });
  for (const record of [before, after]) expect(readDocument(documentText(record))).toEqual(record);
  return { before, after };
}

const all = ({ objects }: NetworkDocument): DocumentObject[] => Object.values(objects).flat();

const keys = (document: NetworkDocument): string[] => all(document).map(({ key }) => key);

const originalOf = (document: NetworkDocument, key: string): Attributes | undefined =>
  all(document).find((object) => object.key === key)?.original;

describe("a record", () => {
  test("of a first run has what the run makes, before it and after it, and says of which region", () => {
    const { before, after } = records(documentOf([fabric("lab"), vlan("lab:10")]));
    expect(keys(before)).toEqual(["lab", "lab:10"]);
    expect(after).toEqual(before);
    expect(after.apiUrl).toBe(REGION);
  });

  test("before a run has the objects of the last run, too, and after it those of this run alone", () => {
    const { before, after } = records(documentOf([space("green")]), { former: documentOf([space("blue")]) });
    expect(keys(before)).toEqual(["blue", "green"]);
    expect(keys(after)).toEqual(["green"]);
  });

  test("before a run has what the last one said of an object as well, so that it can still be emptied", () => {
    const former = documentOf([fabric("lab"), vlan("lab:10"), subnet(V4, "lab:10", { gateway_ip: "10.0.0.1" })]);
    const now = documentOf([fabric("lab"), vlan("lab:10"), subnet(V4, "lab:10", { dns_servers: ["10.0.0.2"] })]);
    const { before, after } = records(now, { former });
    expect(before.objects.subnet?.[0]?.attributes).toEqual({
      ...{ cidr: V4, vlan: "lab:10", gateway_ip: "10.0.0.1", dns_servers: ["10.0.0.2"] },
    });
    expect(after.objects.subnet?.[0]?.attributes).toEqual({ cidr: V4, vlan: "lab:10", dns_servers: ["10.0.0.2"] });
  });

  test("before a run can be read where DHCP changes from racks to a relay, which exclude each other, or back", () => {
    const base = [fabric("lab"), vlan("lab:0"), vlan("lab:10")];
    const served = documentOf([...base, dhcp("lab:10", "rack1")], { rack_controller: ["rack1"] });
    const relayed = documentOf([...base, relay("lab:10", "lab:0")]);
    const dhcpIn = ({ before }: ReturnType<typeof records>): unknown => before.objects.vlan_dhcp?.[0]?.attributes;
    expect(dhcpIn(records(relayed, { former: served }))).toEqual({ vlan: "lab:10", primary_rack_controller: "rack1" });
    expect(dhcpIn(records(served, { former: relayed }))).toEqual({ vlan: "lab:10", relay_vlan: "lab:0" });
  });

  test("before a run does not claim a description that MAAS never returns, so that a run that was cut off is made good", () => {
    const [plain, described] = [documentOf([fabric("lab")]), documentOf([fabric("lab", { description: "ours" })])];
    const { before, after } = records(described, { former: plain });
    expect([before, after].map(({ objects }) => objects.fabric?.[0]?.attributes)).toEqual([
      { name: "lab" },
      { name: "lab", description: "ours" },
    ]);
    // It tells what may be there, also after another run that was cut off and is taken back, and of what is made or adopted.
    const planned = (record: NetworkDocument): unknown => record.objects.fabric?.[0]?.planned;
    expect([planned(before), planned(after)]).toEqual([{ description: "ours" }, undefined]);
    expect(planned(records(plain, { former: before }).before)).toEqual({ description: "ours" });
    expect(planned(records(plain, { former: described }).before)).toEqual({ description: "" });
    expect(planned(records(described).before)).toEqual({ description: "ours" });
    expect(planned(records(described, { former: described }).before)).toBeUndefined();
  });

  test("has static ranges as the reserved ones that a run made for them", () => {
    const document = documentOf([
      ...[fabric("lab"), vlan("lab:10"), subnet(V4, "lab:10"), range(V4, "static", "10.0.0.1-10.0.0.253")],
    ]);
    expect(records(document).after.objects.ip_range).toEqual([
      expect.objectContaining({ key: `10.0.0.254-10.0.0.254 in ${V4}`, origin: "create" }),
    ]);
  });

  test("names what is looked up, which its objects refer to, and nothing that it was told of it", () => {
    const rack = { rack_controller: ["rack1"] };
    const document = documentOf([fabric("lab"), vlan("lab:0"), nic("rack1/eth1", "lab:0")], rack);
    const { before, after } = records(documentOf([fabric("lab")]), { former: document });
    expect(before.objects.rack_controller).toEqual([
      { key: "rack1", path: "lab/rack1", origin: "look_up", attributes: {} },
    ]);
    expect(keys(after)).toContain("rack1");
  });
});

describe("what an object was before", () => {
  const live = [fabric("lab", { class_type: "1g" }), vlan("lab:0", { mtu: 1500 }), nic("rack1/eth1", "spare:0")];
  const wanted = documentOf(
    [adopted(fabric("lab", { class_type: "10g" })), vlan("lab:0", { mtu: 9000 }), nic("rack1/eth1", "lab:0")],
    { rack_controller: ["rack1"] },
  );

  test("is kept of what was adopted, of the untagged VLAN, and of a rack's interface", () => {
    const { before, after } = records(wanted, { live });
    for (const record of [before, after]) {
      expect(originalOf(record, "lab")).toEqual({ name: "lab", class_type: "1g" });
      expect(originalOf(record, "lab:0")).toMatchObject({ fabric: "lab", vid: 0, mtu: 1500 });
      expect(originalOf(record, "rack1/eth1")).toEqual({ rack_controller: "rack1", name: "eth1", vlan: "spare:0" });
    }
  });

  test("is not kept of what a run makes, nor of what was not there", () => {
    const made = documentOf([fabric("lab", { class_type: "10g" }), vlan("lab:10")]);
    expect(all(records(made, { live: [...live, vlan("lab:10")] }).after).map(({ original }) => original)).toEqual([
      ...[undefined, undefined],
    ]);
    expect(originalOf(records(wanted).after, "lab")).toBeUndefined();
  });

  test("stays what it was at the first adoption, however often the run is repeated", () => {
    const { after: first } = records(wanted, { live });
    const changed = [fabric("lab", { class_type: "10g" }), vlan("lab:0", { mtu: 9000 }), nic("rack1/eth1", "lab:0")];
    const { before, after } = records(wanted, { former: first, live: changed });
    expect(after).toEqual(first);
    expect(before).toEqual(first);
  });

  test("is what a run that was cut off has noted, which the next one keeps", () => {
    const { before: cutOff } = records(wanted, { live });
    const halfWay = [fabric("lab", { class_type: "10g" }), vlan("lab:0"), nic("rack1/eth1", "lab:0")];
    expect(records(wanted, { former: cutOff, live: halfWay }).after).toEqual(records(wanted, { live }).after);
  });
});

test("any record can be read, is the same when nothing is different, and holds both networks while one becomes the other", () => {
  fc.assert(
    fc.property(readNetworks, readNetworks, (first, second) => {
      const { after: former } = records(first);
      const { before, after } = records(second, { former });
      expect(new Set(keys(before))).toEqual(new Set([...keys(former), ...keys(after)]));
      expect(records(after, { former: after })).toEqual({ before: after, after });
    }),
    { numRuns: 15 },
  );
});

test("the region's own words for what was there are such as a record may hold", () => {
  const live = new LiveState([liveObject("fabric", "lab", "7", { name: "lab", class_type: null })]);
  const document = documentOf([adopted(fabric("lab"))]);
  const { after } = recordsOf({
    region: REGION,
    document,
    desired: desiredObjects(document),
    former: undefined,
    live,
  });
  expect(originalOf(after, "lab")).toEqual({ name: "lab" });
});
