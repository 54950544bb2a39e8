import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { ENGINE_RULES } from "../../../lib/rules/engine-rules";
import { IPV6_RULES } from "../../../lib/rules/ipv6";
import { COMPLIANT, defineRule, type RuleInfo } from "../../../lib/rules/verdict";

const rules: readonly RuleInfo[] = [...IPV6_RULES, ...Object.values(ENGINE_RULES)];

test("the rules, their levels and their kinds are these", () => {
  expect(rules.map(({ id, level, kind }) => `${id} ${level} ${kind}`)).toEqual([
    "MAAS6-NET-01 error enforced",
    "MAAS6-NET-02 error enforced",
    "MAAS6-NET-03 error silent",
    "MAAS6-NET-04 error enforced",
    "MAAS6-NET-05 warning documented",
    "MAAS6-NET-06 error documented",
    "MAAS6-NET-07 error silent",
    "MAAS6-RNG-01 error enforced",
    "MAAS6-RNG-02 error enforced",
    "MAAS6-RNG-03 error enforced",
    "MAAS6-RNG-04 error enforced",
    "MAAS6-RNG-05 error documented",
    "MAAS6-RNG-06 warning silent",
    "MAAS6-RNG-07 information documented",
    "MAAS6-RNG-08 error enforced",
    "MAAS6-RNG-09 error enforced",
    "MAAS6-DHC-01 error enforced",
    "MAAS6-DHC-02 error enforced",
    "MAAS6-DHC-03 error silent",
    "MAAS6-DHC-04 error silent",
    "MAAS6-DHC-05 error silent",
    "MAAS6-DHC-06 error enforced",
    "MAAS6-DHC-07 error silent",
    "MAAS6-DHC-08 error silent",
    "MAAS6-DUA-01 error documented",
    "MAAS6-DUA-02 error documented",
    "MAAS6-DUA-03 error documented",
    "MAAS6-DUA-04 error documented",
    "MAAS6-DUA-05 error documented",
    "MAAS6-DUA-06 warning documented",
    "MAAS6-URL-01 error documented",
    "MAAS6-URL-02 error documented",
    "MAAS6-RTR-01 warning silent",
    "MAAS6-RTR-02 warning documented",
    "MAAS6-RTR-03 error documented",
    "MAAS6-RTR-04 warning documented",
    "MAAS6-RTR-05 warning documented",
    "MAAS6-RTE-01 error enforced",
    "MAAS6-RTE-02 error enforced",
    "MAAS6-RTE-03 error enforced",
    "MAAS6-DNS-01 error enforced",
    "MAAS6-DNS-02 warning silent",
    "MAAS6-DNS-03 information silent",
    "MAAS6-DNS-04 error silent",
    "MAAS6-RSV-01 error enforced",
    "MAAS6-RSV-02 error enforced",
    "MAAS6-RSV-03 error enforced",
    "MAAS6-RSV-04 error enforced",
    "MAAS6-SUP-01 error engine",
    "MAAS6-SUP-02 error engine",
    "MAAS6-SUP-03 error engine",
    "MAAS6-SUP-04 error engine",
    "MAAS6-ENG-01 error engine",
  ]);
});

test("ids and names are used once", () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});

test.each(rules.map((rule) => [rule.id, rule] as const))(
  "%s says what, why, how to fix, and where from",
  (_id, rule) => {
    for (const text of [rule.info, rule.explanation, rule.remediation]) expect(text).toMatch(/^[A-Z].*\.$/s);
    for (const { at } of rule.sources) expect(at).not.toBe("");
  },
);

test("a rule that is not well formed is refused when it is defined", () => {
  const well = {
    id: "MAAS6-NET-99",
    name: "SomethingHolds",
    level: "error",
    kind: "silent",
    scope: "subnet",
    info: "I.",
    explanation: "E.",
    remediation: "R.",
    sources: [{ at: "somewhere", verified: "2026-11-22" }],
    check: () => COMPLIANT,
  } as const;
  expect(defineRule(well)).toBe(well);
  expect(() => defineRule({ ...well, id: "MAAS6-99" })).toThrow('rule "MAAS6-99" has a malformed id');
  expect(() => defineRule({ ...well, name: "something holds" })).toThrow("in PascalCase");
  expect(() => defineRule({ ...well, sources: [{ at: "somewhere", verified: "lately" }] })).toThrow(
    "does not say when",
  );
});

test("RULES.md is what the rules say", () => {
  const root = resolve(__dirname, "../../..");
  const { status, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", "scripts/generate-rules.ts", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});
