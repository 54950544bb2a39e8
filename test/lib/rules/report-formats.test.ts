import * as sarifMatchers from "@microsoft/jest-sarif";
import { DOMParser, type Element, onErrorStopParsing } from "@xmldom/xmldom";
import * as fc from "fast-check";
import { type Finding, type Report, reportText } from "../../../lib/rules/report";
import { reportCodeQuality } from "../../../lib/rules/report-code-quality";
import { reportJunit } from "../../../lib/rules/report-junit";
import { reportMarkdown } from "../../../lib/rules/report-markdown";
import { reportSarif } from "../../../lib/rules/report-sarif";
import { hostileName } from "../../support/hostile-names";
import { labObjects, networkOf, reportOn, UNKNOWN } from "./lab";

expect.extend(sarifMatchers);

/** Findings of each level, one of which is suppressed, and what can't be checked yet. */
const plainReport: Report = reportOn(
  networkOf(
    labObjects({
      router_advertisement: { ra: null },
      subnet: { v6: { gatewayIp: UNKNOWN }, v4: { dnsServers: ["2001:db8:20::2"] } },
    }),
  ),
  [{ id: "MAAS6-RTR-01", reason: "RAs come from tor-7", where: "lab/v6" }],
);

/** The report with that in all that somebody may have named. */
function named(name: string): Report {
  const renamed = (finding: Finding): Finding => ({
    ...finding,
    ...{ what: `${finding.what} ${name}`, why: `${finding.why} ${name}`, fix: `${finding.fix} ${name}` },
    where: { path: `lab/${name}`, file: `stacks/${name}.ts`, line: 7 },
    ...(finding.suppressed && { suppressed: { ...finding.suppressed, reason: `so it is ${name}`, where: name } }),
  });
  return {
    ...plainReport,
    findings: plainReport.findings.map(renamed),
    unjudged: plainReport.unjudged.map((row) => ({ ...row, where: { path: name }, missing: [`mtu of ${name}`] })),
  };
}

const places = fc.record({
  category: hostileName,
  folder: hostileName,
  artifact: hostileName.map((name) => `a${name}`),
});

const childrenOf = (element: Element): Element[] =>
  [...element.childNodes].filter((node): node is Element => node.nodeType === 1);

/**
 * What an element of a JUnit file may have: attributes that it must have and may have, and what may be in it.
 *
 * @see the schemas that Jenkins and GitLab refer to: a suite's `time`, `timestamp` and `hostname` may be left out
 */
const JUNIT: Readonly<Record<string, { must: string[]; may: string[]; holds: string[] }>> = {
  testsuites: { must: [], may: ["name", "tests", "failures", "errors", "time", "disabled"], holds: ["testsuite"] },
  testsuite: { must: ["name", "tests"], may: ["failures", "errors", "skipped"], holds: ["testcase"] },
  testcase: { must: ["name", "classname"], may: ["time"], holds: ["skipped", "failure", "system-out"] },
  failure: { must: [], may: ["message", "type"], holds: [] },
  skipped: { must: [], may: ["message"], holds: [] },
  "system-out": { must: [], may: [], holds: [] },
};

/** What of an element is not as the schema has it. */
function breachesOf(element: Element): string[] {
  const { must, may, holds } = JUNIT[element.tagName] ?? { must: [], may: [], holds: [] };
  const names = [...element.attributes].map(({ name }) => name);
  const children = childrenOf(element);
  return [
    ...must.filter((name) => !names.includes(name)).map((name) => `${element.tagName} lacks ${name}`),
    ...names.filter((name) => ![...must, ...may].includes(name)).map((name) => `${element.tagName} has ${name}`),
    ...children
      .filter(({ tagName }) => !holds.includes(tagName))
      .map(({ tagName }) => `${tagName} in ${element.tagName}`),
    ...children.flatMap(breachesOf),
  ];
}

const tallyOf = (suite: Element): Record<string, string> => {
  const cases = childrenOf(suite);
  const having = (name: string): string =>
    String(cases.filter((one) => childrenOf(one).some(({ tagName }) => tagName === name)).length);
  return { tests: String(cases.length), failures: having("failure"), errors: "0", skipped: having("skipped") };
};

test("a JUnit file is one to a parser and to the schema, and counts its tests right, whatever things are called", () => {
  fc.assert(
    fc.property(hostileName, hostileName, (name, category) => {
      const text = reportJunit(named(name), { category });
      const root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, "text/xml").documentElement;
      expect(root?.tagName).toBe("testsuites");
      if (root === null) return;
      expect(breachesOf(root)).toEqual([]);
      const [suite] = childrenOf(root);
      const counts = Object.fromEntries([...(suite?.attributes ?? [])].map((one) => [one.name, one.value]));
      expect(counts).toMatchObject(suite === undefined ? {} : tallyOf(suite));
    }),
    { numRuns: 60 },
  );
});

const SEVERITIES = ["info", "minor", "major", "critical", "blocker"];

test("a code quality report has what GitLab requires of each issue, and paths within the repository", () => {
  fc.assert(
    fc.property(hostileName, places, (name, place) => {
      const issues = JSON.parse(reportCodeQuality(named(name), place)) as {
        readonly [member: string]: unknown;
        readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
      }[];
      expect(issues.length).toBeGreaterThan(0);
      for (const { description, check_name, fingerprint, severity, location } of issues) {
        for (const text of [description, check_name, fingerprint]) expect(text).toEqual(expect.stringMatching(/./));
        expect(SEVERITIES).toContain(severity);
        expect(location.path).toMatch(/^(?!\/|\.\/)./s);
        expect(location.lines.begin).toBeGreaterThanOrEqual(1);
      }
      expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
    }),
    { numRuns: 60 },
  );
});

test.each(["../100%.json", "../half of \ud800", "/tmp/100%/a b.json"])(
  "a report about a file outside of the repository, %j, is written",
  (artifact) => {
    const unplaced = {
      ...plainReport,
      findings: plainReport.findings.map((one) => ({ ...one, where: { path: "lab" } })),
    };
    const place = { category: "lab", folder: "", artifact };
    const [issue] = JSON.parse(reportCodeQuality(unplaced, place)) as { location: { path: string } }[];
    expect(issue?.location.path).toBe(artifact.replace("\ud800", "\ufffd"));
    expect(JSON.parse(reportSarif(unplaced, { ...place, version: "1.2.3" }))).toBeValidSarifLog();
  },
);

test("a SARIF log is valid, with URIs that leave no folder, whatever things are called", () => {
  fc.assert(
    fc.property(hostileName, places, (name, place) => {
      const log = JSON.parse(reportSarif(named(name), { ...place, version: "1.2.3" })) as object;
      expect(log).toBeValidSarifLog();
      const uris = [...JSON.stringify(log).matchAll(/"uri":"([^"]*)","uriBaseId"/g)].map(([, uri = ""]) => uri);
      expect(uris.length).toBeGreaterThan(0);
      for (const uri of uris) {
        expect(uri).toMatch(/^[\w.!~*'()%/-]+$/);
        expect(uri.split("/")).not.toContain("..");
      }
    }),
    { numRuns: 20 },
  );
});

test("no name is markup in Markdown, or steers a terminal", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      for (const line of reportMarkdown(named(name)).split("\n")) {
        const bare = line.replace(/\\./g, "").replaceAll("<!-- -->", "·");
        expect(bare).not.toMatch(/<(?!\/?(?:details|summary|br)>)|\]\(|(?<!\w)@evil/);
      }
      expect(reportText(named(name))).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    }),
    { numRuns: 60 },
  );
});
