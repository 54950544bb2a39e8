import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { App } from "cdktf";
import type { ReportDocument } from "../../../lib/rules/report-json";
import { appOf, dualStack, ipv4, ipv6Alone, stackOf } from "../aspects/network";

const report = (app: App, stack: string, ending: string): string =>
  readFileSync(join(app.outdir, "stacks", stack, `maas-ipv6-report.${ending}`), "utf8");

const json = (app: App, stack: string): ReportDocument => JSON.parse(report(app, stack, "json")) as ReportDocument;

/** As far as this test looks at it. */
interface Sarif {
  readonly version: string;
  readonly runs: readonly [{ readonly results: readonly { readonly ruleId: string; readonly level: string }[] }];
}

test("a stack's report is next to it, as JSON, SARIF and Markdown", () => {
  const app = appOf();
  dualStack(stackOf(app, "lab"));
  app.synth();
  expect(json(app, "lab")).toMatchObject({
    format: "cdktf-maas-report",
    counts: { error: 0, warning: 1, information: 1 },
    findings: [{ id: "MAAS6-RNG-07" }, { id: "MAAS6-RTR-01", where: { path: "lab/v6" } }],
  });
  const { version, runs } = JSON.parse(report(app, "lab", "sarif")) as Sarif;
  expect(version).toBe("2.1.0");
  expect(runs[0].results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
    ["MAAS6-RNG-07", "note"],
    ["MAAS6-RTR-01", "warning"],
  ]);
  expect(report(app, "lab", "md")).toContain("0 errors, 1 warning, 1 note");
});

test("a refused app has the reports of all its stacks, also of those that CDKTF never came to", () => {
  const app = appOf();
  ipv4(stackOf(app, "first"), "10.0.0.0/24");
  ipv6Alone(stackOf(app, "second"));
  expect(() => app.synth()).toThrow("MAAS6-DUA-01");
  expect(json(app, "first").counts.error).toBe(0);
  expect(json(app, "second").counts.error).toBe(2);
  expect(existsSync(join(app.outdir, "stacks/second/cdk.tf.json"))).toBe(false);
});
