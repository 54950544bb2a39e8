import * as sarifMatchers from "@microsoft/jest-sarif";
import { type Report, type ReportDocument, reportJson, reportText } from "../../../lib/rules/report";
import { reportCodeQuality } from "../../../lib/rules/report-code-quality";
import { reportJunit } from "../../../lib/rules/report-junit";
import { plain, reportMarkdown } from "../../../lib/rules/report-markdown";
import { reportSarif } from "../../../lib/rules/report-sarif";
import { IPV6_RULES } from "../../../lib/rules/ipv6";
import { lab, networkOf, labObjects, reportOn, UNKNOWN } from "./lab";

expect.extend(sarifMatchers);

/** One error with a line of source, one suppressed warning, one information, one thing not known. */
const report: Report = reportOn(
  networkOf(
    labObjects({
      router_advertisement: { ra: null },
      subnet: { v6: { gatewayIp: UNKNOWN }, v4: { dnsServers: ["2001:db8:20::2"] } },
    }).map(({ kind, object }) =>
      object.key === "v4"
        ? { kind, object: { ...object, at: { path: "lab/v4", file: "my stacks/lab.ts", line: 12 } } }
        : { kind, object },
    ),
  ),
  [{ id: "MAAS6-RTR-01", reason: "RAs come from tor-7 | NET-212", where: "lab/v6", until: "2027-03-31" }],
);

const empty = reportOn(networkOf([]));

test("the lab of these tests has one finding of each sort", () => {
  expect(report.findings.map(({ id, level }) => `${id} ${level}`)).toEqual([
    "MAAS6-NET-03 error",
    "MAAS6-RNG-07 information",
    "MAAS6-RTR-01 warning",
  ]);
  expect(report.unjudged.map(({ id }) => id)).toEqual(["MAAS6-NET-02", "MAAS6-RTR-02"]);
});

describe("JSON", () => {
  test("is versioned, counts, and holds findings, what is unjudged, and a row per rule", () => {
    const document = JSON.parse(reportJson(report)) as ReportDocument;
    expect(document).toMatchObject({
      format: "cdktf-maas-report",
      version: 1,
      counts: { error: 1, warning: 0, information: 1, suppressed: 1, unknown: 2 },
    });
    expect(document.findings).toEqual(report.findings);
    expect(document.unjudged).toEqual(report.unjudged);
    expect(document.rules).toHaveLength(IPV6_RULES.length);
    expect(document.rules[2]).toEqual({
      id: "MAAS6-NET-03",
      name: "DnsServersMatchFamily",
      level: "error",
      kind: "silent",
      compliant: 1,
      violating: 1,
      notApplicable: 0,
      unknown: 0,
    });
  });
});

describe("SARIF", () => {
  interface Log {
    readonly runs: readonly {
      readonly results: readonly Record<string, unknown>[];
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly invocations: readonly {
        readonly executionSuccessful: boolean;
        readonly toolExecutionNotifications: readonly unknown[];
      }[];
    }[];
  }
  const options = { version: "1.2.3", category: "lab", folder: "infra", artifact: "cdktf.json" };
  const logOf = (judged: Report, other: Partial<typeof options> = {}): Log =>
    JSON.parse(reportSarif(judged, { ...options, ...other })) as Log;
  const log = logOf(report);
  const run = log.runs[0];

  test("is valid against the schema of SARIF 2.1.0, also when there is nothing to say", () => {
    expect(log).toBeValidSarifLog();
    expect(logOf(empty)).toBeValidSarifLog();
    expect({ ...log, runs: [{}] }).not.toBeValidSarifLog();
  });

  /** Where a result is, for a file in that folder of the repository. */
  const placeIn = (folder: string, file: string, line?: number): unknown => {
    const [finding] = report.findings;
    if (finding === undefined) throw new Error("there is a finding");
    const where = { path: "lab/v4", file, ...(line !== undefined && { line }) };
    const [placed] = logOf({ ...report, findings: [{ ...finding, where }] }, { folder }).runs[0]?.results ?? [];
    return (placed?.locations as { physicalLocation: { artifactLocation: { uri: string }; region: unknown } }[])[0]
      ?.physicalLocation;
  };

  test("names the construct and its line of source, from the repository's root", () => {
    expect(run?.results[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "infra/my%20stacks/lab.ts", uriBaseId: "%SRCROOT%" },
          region: { startLine: 12 },
        },
        logicalLocations: [{ fullyQualifiedName: "lab/v4", kind: "object" }],
      },
    ]);
  });

  test.each([
    ["", "main.ts", "main.ts"],
    ["infra/network", "../shared/lab.ts", "infra/shared/lab.ts"],
    ["infra", "./a#b.ts", "infra/a%23b.ts"],
    ["infra", "../../elsewhere.ts", "infra/cdktf.json"],
    ["infra", "/opt/elsewhere.ts", "infra/cdktf.json"],
  ])("in the folder %j the file %j is %s; one outside of the repository is the artifact", (folder, file, uri) => {
    expect(placeIn(folder, file, 3)).toEqual({
      artifactLocation: { uri, uriBaseId: "%SRCROOT%" },
      region: { startLine: uri.endsWith("cdktf.json") ? 1 : 3 },
    });
  });

  /** As far as GitHub looks at it. */
  interface Located {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number };
    };
  }
  interface Scanned {
    readonly runs: readonly {
      readonly automationDetails: { readonly id: string };
      readonly tool: {
        readonly driver: {
          readonly name: string;
          readonly rules: readonly {
            readonly id: string;
            readonly name: string;
            readonly shortDescription: { readonly text: string };
            readonly fullDescription: { readonly text: string };
            readonly help: { readonly text: string };
          }[];
        };
      };
      readonly results: readonly {
        readonly ruleId: string;
        readonly message: { readonly text: string };
        readonly locations: readonly Located[];
        readonly relatedLocations?: readonly Located[];
        readonly partialFingerprints: { readonly primaryLocationLineHash: string };
      }[];
    }[];
  }

  /** What GitHub rejects a file for. @see docs.github.com, "SARIF support for code scanning", "SARIF results exceed limits" */
  function refusals(file: unknown): string[] {
    const { runs } = file as Scanned;
    return runs.flatMap(({ automationDetails, tool: { driver }, results }) => [
      ...(/^[^/].*\/$/.test(automationDetails.id) ? [] : [`category ${automationDetails.id}`]),
      ...(results.length > 25_000 ? ["results"] : []),
      ...driver.rules.flatMap(({ id, name, shortDescription, fullDescription, help }) =>
        id.length > 255 ||
        name.length > 255 ||
        [shortDescription, fullDescription].some(({ text }) => text.length > 1024) ||
        help.text === ""
          ? [`rule ${id}`]
          : [],
      ),
      ...results.flatMap(({ ruleId, message, locations, relatedLocations = [], partialFingerprints }) => {
        const all = [...locations, ...relatedLocations];
        const isPlaced = ({ physicalLocation: { artifactLocation, region } }: Located): boolean =>
          /^[^/.][^:]*$/.test(artifactLocation.uri) && region.startLine >= 1;
        const isWhole = locations.length > 0 && all.length <= 1000 && all.every(isPlaced) && message.text !== "";
        return isWhole && /^[0-9a-f]{16}:1$/.test(partialFingerprints.primaryLocationLineHash)
          ? []
          : [`result ${ruleId}`];
      }),
    ]);
  }

  test("is what GitHub takes, also of findings without a line of source", () => {
    expect(refusals(log)).toEqual([]);
    expect(
      refusals({ runs: [{ ...run, results: run?.results.map((row) => ({ ...row, locations: [] })) }] }),
    ).toHaveLength(3);
    const prints = run?.results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
    expect(new Set(prints).size).toBe(3);
  });

  test("leaves out what GitHub would reject the file for, the findings of the lowest level first, and says so", () => {
    const [error, information, warning] = report.findings;
    if (error === undefined || information === undefined || warning === undefined) throw new Error("there are three");
    const related = Array.from({ length: 1500 }, (_, n) => ({ path: `lab/r${n}` }));
    const findings = [...Array.from({ length: 25_000 }, () => information), warning, { ...error, related }];
    const many = logOf({ ...report, findings });
    expect(refusals(many)).toEqual([]);
    expect(many.runs[0]?.results.slice(0, 3).map(({ ruleId }) => ruleId)).toEqual([
      error.id,
      warning.id,
      information.id,
    ]);
    expect(JSON.stringify(many.runs[0]?.invocations[0]?.toolExecutionNotifications[0])).toContain(
      "2 findings are left out",
    );
  });

  test("refers each result to its rule", () => {
    for (const { ruleId, ruleIndex } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex as number]?.id).toBe(ruleId);
    }
  });

  test("has suppressions as suppressions, with their reason", () => {
    expect(run?.results[2]).toMatchObject({
      ruleId: "MAAS6-RTR-01",
      suppressions: [
        { status: "accepted", justification: "RAs come from tor-7 | NET-212", properties: { until: "2027-03-31" } },
      ],
    });
  });

  test("has what is not judged as notifications, not as results", () => {
    expect(run?.results).toHaveLength(3);
    expect(run?.invocations[0]?.executionSuccessful).toBe(true);
    expect(run?.invocations[0]?.toolExecutionNotifications).toMatchObject([
      {
        level: "note",
        associatedRule: { id: "MAAS6-NET-02" },
        message: { text: "MAAS6-NET-02 can't be checked yet: gateway_ip of lab/v6 not known." },
      },
      { associatedRule: { id: "MAAS6-RTR-02" } },
    ]);
  });
});

describe("Markdown", () => {
  const text = reportMarkdown(report);

  test("has a table per level, and folds the rest", () => {
    expect(text).toContain("1 error, 1 note, 1 suppressed, 2 not checked yet.");
    expect(text).toMatch(/### Errors\n\n\| Rule \|.*\n\|.*\n\| MAAS6-NET-03 \| lab\/v4<br>my stacks\/lab.ts:12 \|/);
    expect(text).toContain("<summary>1 suppressed</summary>");
    expect(text).toContain("<summary>2 not checked yet</summary>");
    expect(text).not.toContain("### Warnings");
  });

  test("lets no text break out of its cell", () => {
    expect(text).toContain("RAs come from tor-7 \\| NET-212");
    expect(plain("a|b\n<script>`x`")).toBe("a\\|b &lt;script&gt;\\`x\\`");
    const rows = text.split("\n").filter((line) => line.startsWith("| MAAS6-RTR-01"));
    expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual([7]);
  });

  test("is no longer than GitHub takes, and says how many findings of which rules are left out", () => {
    const [finding] = report.findings;
    const findings = Array.from({ length: 1000 }, (_, index) => ({ ...finding!, where: { path: `lab/v${index}` } }));
    const long = reportMarkdown({ ...report, findings });
    expect(long.length).toBeLessThan(65_536);
    expect(long).toContain("1000 errors, 2 not checked yet.");
    expect(long).toMatch(/\*\*Left out\*\*.*: (\d+) of 1000 errors \(\1 MAAS6-NET-03\)\.\n\n<details>/);
  });

  test("says so when there is nothing", () => {
    expect(reportMarkdown(empty)).toBe("## IPv6 caveats\n\n0 errors.\n");
  });
});

describe("plain text", () => {
  test("says each finding with its place, why and fix, and ends with the counts", () => {
    const lines = reportText(report).split("\n");
    expect(lines.slice(0, 2)).toEqual([
      "error MAAS6-NET-03 lab/v4 (my stacks/lab.ts:12)",
      "  the DNS server 2001:db8:20::2 is not an IPv4 address.",
    ]);
    expect(lines).toContain("  Reason: RAs come from tor-7 | NET-212 (until 2027-03-31)");
    expect(lines).toContain("  MAAS6-NET-02: gateway_ip of lab/v6");
    expect(lines.at(-2)).toBe("IPv6 caveats: 1 error, 1 note, 1 suppressed, 2 not checked yet.");
  });

  test("is one line when there is nothing", () => {
    expect(reportText(empty)).toBe("IPv6 caveats: 0 errors.\n");
  });
});

test("all reports of one network are the same each time", () => {
  const again = reportOn(lab());
  const first = reportOn(lab());
  expect([reportJson(again), reportText(again)]).toEqual([reportJson(first), reportText(first)]);
});

describe("GitLab code quality", () => {
  const place = { category: "lab", folder: "infra", artifact: "cdktf.json" };

  test("has an issue per finding that is not suppressed, at its line or at the artifact's first", () => {
    const issues = JSON.parse(reportCodeQuality(report, place)) as Record<string, unknown>[];
    expect(issues).toMatchObject([
      {
        check_name: "MAAS6-NET-03",
        severity: "critical",
        location: { path: "infra/my stacks/lab.ts", lines: { begin: 12 } },
      },
      { check_name: "MAAS6-RNG-07", severity: "info", location: { path: "infra/cdktf.json", lines: { begin: 1 } } },
    ]);
    expect(issues[0]?.description).toMatch(/^MAAS6-NET-03 lab\/v4: .* Fix: /);
    expect(reportCodeQuality(empty, place)).toBe("[]\n");
  });

  test("tells findings apart by fingerprints that are the same on the next run, and others for another stack", () => {
    const fingerprints = (category: string): unknown[] =>
      (JSON.parse(reportCodeQuality(report, { ...place, category })) as { fingerprint: string }[]).map(
        ({ fingerprint }) => fingerprint,
      );
    expect(new Set([...fingerprints("lab"), ...fingerprints("other")]).size).toBe(4);
    expect(fingerprints("lab")).toEqual(fingerprints("lab"));
  });
});

describe("JUnit", () => {
  const lines = reportJunit(report, { category: "lab & more" }).split("\n");

  test("fails for an error, skips what is suppressed or not checked yet, and passes for all else", () => {
    const about = (id: string): string[] => lines.filter((line) => line.includes(`lab &amp; more.${id}"`));
    expect(about("MAAS6-NET-03")).toEqual([expect.stringMatching(/<failure message="[^"<]+" type="MAAS6-NET-03">/)]);
    expect(about("MAAS6-RTR-01")[0]).toContain('<skipped message="suppressed: RAs come from tor-7 | NET-212"/>');
    expect(about("MAAS6-RNG-07")[0]).toContain("<system-out>information: ");
    expect(about("MAAS6-NET-02")[0]).toContain('<skipped message="not checked yet: ');
    const cases = lines.filter((line) => line.includes("<testcase "));
    expect(lines[1]).toBe(`<testsuites name="cdktf-maas" tests="${cases.length}" failures="1" errors="0">`);
    expect(cases.filter((line) => line.endsWith("/>") && !line.includes("<skipped")).length).toBeGreaterThan(2);
  });

  test("has a suite of no tests for an empty network", () => {
    expect(reportJunit(empty, { category: "lab" })).toContain('<testsuite name="lab" tests="0" failures="0"');
  });
});
