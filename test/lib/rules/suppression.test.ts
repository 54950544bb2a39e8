import { countsOf, errorsOf, type Report } from "../../../lib/rules/report";
import { covers, type Suppression } from "../../../lib/rules/suppression";
import { type Changes, lab, reportOn, UNKNOWN } from "./lab";

const NO_RA: Changes = { router_advertisement: { ra: null } };

const RTR: Suppression = { id: "MAAS6-RTR-01", reason: "RAs come from leaf pair tor-7, NET-212", where: "lab/v6" };

const about = ({ findings }: Report, group: string) => findings.filter(({ id }) => id.startsWith(`MAAS6-${group}`));

test("a suppressed finding stays in the report with the reason, and stops nothing", () => {
  const report = reportOn(lab(NO_RA), [RTR]);
  expect(about(report, "RTR")).toMatchObject([{ id: RTR.id, suppressed: { reason: RTR.reason, where: "lab/v6" } }]);
  expect(countsOf(report)).toMatchObject({ warning: 0, suppressed: 1 });
  expect(about(report, "SUP")).toEqual([]);
});

test("a suppression holds for its place and all below, not beside", () => {
  const at = (path: string) => ({ path });
  expect(covers(RTR, at("lab/v6"))).toBe(true);
  expect(covers(RTR, at("lab/v6/child"))).toBe(true);
  expect(covers(RTR, at("lab/v61"))).toBe(false);
  expect(covers(RTR, at("lab"))).toBe(false);
});

test("a suppression holds through its last day, UTC", () => {
  const report = reportOn(lab(NO_RA), [{ ...RTR, until: "2026-11-22" }]);
  expect(about(report, "RTR")).toMatchObject([{ suppressed: { until: "2026-11-22" } }]);
  expect(about(report, "SUP")).toEqual([]);
});

test.each([
  ["SUP-01", "a reason that is too short", { reason: "because 9" }, 'the reason "because 9"'],
  ["SUP-01", "a reason of blanks", { reason: "             " }, "shorter than 10 characters"],
  ["SUP-01", "text that is no id", { id: "rtr 1" }, '"rtr 1" is not the id of a rule'],
  ["SUP-01", "no place", { where: " " }, "does not say where it holds"],
  ["SUP-01", "an end that is no day", { until: "2026-02-30" }, '"2026-02-30"'],
  ["SUP-01", "an end that is not written as a day", { until: "next spring" }, '"next spring"'],
  ["SUP-01", "a misspelt end", { untill: "2026-11-21" }, 'has a property "untill"'],
  ["SUP-01", "an end that is a number", { until: 20261121 as unknown as string }, "20261121, the end of"],
  ["SUP-01", "an id that is an object", { id: { of: 1 } as unknown as string }, '{"of":1} is not the id of a rule'],
  ["SUP-01", "a reason that is a list", { reason: [{}] as unknown as string }, "the reason [{}] for MAAS6-RTR-01"],
  ["SUP-02", "a rule that does not exist", { id: "MAAS6-RTR-99" }, "there is no rule MAAS6-RTR-99"],
  ["SUP-02", "an enforced rule", { id: "MAAS6-RNG-03" }, "MAAS itself enforces it"],
  ["SUP-02", "a rule of the engine", { id: "MAAS6-SUP-04" }, "can't be suppressed"],
  ["SUP-03", "an end that is over", { until: "2026-11-21" }, "ended on 2026-11-21 (today is 2026-11-22)"],
  ["SUP-04", "a place without a finding", { where: "lab/v4" }, "at lab/v4 matches no finding"],
])("%s: %s", (id, _title, change, what) => {
  const report = reportOn(lab(NO_RA), [{ ...RTR, ...change, at: { path: "lab/v6", file: "main.ts", line: 7 } }]);
  expect(about(report, "SUP")).toMatchObject([
    {
      id: `MAAS6-${id}`,
      level: "error",
      where: { file: "main.ts", line: 7 },
      what: expect.stringContaining(what) as string,
    },
  ]);
  // What it meant to suppress is open again.
  expect(about(report, "RTR")).toMatchObject([{ id: "MAAS6-RTR-01" }]);
  expect(about(report, "RTR")[0]?.suppressed).toBeUndefined();
});

test("a reason of exactly 10 characters is long enough", () => {
  expect(about(reportOn(lab(NO_RA), [{ ...RTR, reason: "0123456789" }]), "SUP")).toEqual([]);
});

test("a suppression of what can't be judged yet is not stale", () => {
  const report = reportOn(lab({ ...NO_RA, ip_range: { pool6: { type: UNKNOWN } } }), [RTR]);
  expect(about(report, "SUP")).toEqual([]);
});

test("an overlap can be suppressed while the version is older or unknown, and not from MAAS 3.7 on", () => {
  const overlap: Changes = {
    subnet: { inner: { vlan: "pxe", cidr: "10.20.0.128/25", gatewayIp: null, dnsServers: [], managed: true } },
  };
  const suppression = { id: "MAAS6-NET-01", reason: "split by VRF until the 3.7 upgrade", where: "lab/inner" };
  const open = (maasVersion?: string) =>
    errorsOf(reportOn(lab(overlap, maasVersion === undefined ? {} : { maasVersion }), [suppression])).map(
      ({ id }) => id,
    );
  expect(open()).toEqual([]);
  expect(open("3.6.5")).toEqual([]);
  expect(open("3.7.0")).toEqual(["MAAS6-NET-01", "MAAS6-SUP-02"]);
});

const itself: unknown[] = [];
itself.push(itself);

test.each([
  { id: undefined, reason: 7, where: null },
  { ...RTR, where: { path: "lab/v6" } },
  { ...RTR, where: itself },
  { ...RTR, reason: itself },
  { ...RTR, until: ["2027-03-31"] },
  { ...RTR, until: itself },
])("values of wrong types, as plain JavaScript may give them, are malformed and no crash: %j", (wrong) => {
  const found = about(reportOn(lab(), [wrong as unknown as Suppression]), "SUP");
  expect(found).toMatchObject([{ id: "MAAS6-SUP-01" }]);
  expect(found[0]?.where.path).not.toContain("[object");
});
