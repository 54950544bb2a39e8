import { type IConstruct, TerraformStack } from "../cdk";
import { type DeclaredObject, objectsOf } from "../constructs/internal/declared-object";
import { Fact, factsOf } from "../constructs/internal/facts";
import { toValue } from "../constructs/internal/properties";
import { givenProvider, nameOfRegion, regionOf, regionsOf, type StackRegion } from "../constructs/internal/region";
import { blockOf } from "../constructs/internal/synthesised";
import { inUsersLanguage } from "../constructs/internal/users-language";
import { propertySpelling } from "../model/construct-view";
import { documentNetwork } from "../model/document/network";
import type { Kind } from "../model/kind";
import { KINDS } from "../model/kinds";
import { UNKNOWN } from "../model/known";
import type { NetworkUrl, Place } from "../model/network/objects";
import { evaluate } from "../rules/evaluate";
import { IPV6_RULES } from "../rules/ipv6";
import type { Finding, Report, RuleResult } from "../rules/report";
import { suppress } from "../rules/suppression";
import { sharedDocument } from "./document-of";
import { withSources } from "./place-of";
import { suppressionsAt } from "./suppressions";

const KIND_OF: Readonly<Record<string, Kind | undefined>> = KINDS;

/** What belongs to one region, from all stacks of an app. */
interface RegionShare {
  readonly objects: DeclaredObject[];
  readonly regions: StackRegion[];
}

function shares(constructs: readonly IConstruct[]): RegionShare[] {
  const byName = new Map<string, RegionShare>();
  const shareOf = (region: StackRegion | undefined): RegionShare => {
    const name = nameOfRegion(region);
    const share = byName.get(name) ?? { objects: [], regions: [] };
    byName.set(name, share);
    return share;
  };
  for (const construct of constructs) {
    const objects = objectsOf(construct);
    if (objects.length > 0) shareOf(regionOf(construct)).objects.push(...objects);
    if (TerraformStack.isStack(construct))
      for (const region of regionsOf(construct)) shareOf(region).regions.push(region);
  }
  return [...byName.values()];
}

/** The regions' URLs, as rules see them: a token is unknown. */
function urlsOf(regions: readonly StackRegion[]): NetworkUrl[] {
  return regions.flatMap(({ provider, apiUrl }) => {
    if (apiUrl === undefined) return [];
    const url = toValue(apiUrl);
    const { path } = provider.node;
    return [{ key: path, at: { path }, setting: "apiUrl", url: typeof url === "string" ? url : UNKNOWN }];
  });
}

function addResults(a: RuleResult, b: RuleResult | undefined): RuleResult {
  if (b === undefined) return a;
  return {
    rule: a.rule,
    compliant: a.compliant + b.compliant,
    violating: a.violating + b.violating,
    notApplicable: a.notApplicable + b.notApplicable,
    unknown: a.unknown + b.unknown,
  };
}

const ORDER = new Map<string, number>(IPV6_RULES.map(({ id }, index) => [id, index]));

/** In the order of the rule table; the regions one after another within a rule. */
const byRule = (a: { readonly id: string }, b: { readonly id: string }): number =>
  (ORDER.get(a.id) ?? ORDER.size) - (ORDER.get(b.id) ?? ORDER.size);

const merge = (a: Report, b: Report): Report => ({
  findings: [...a.findings, ...b.findings].sort(byRule),
  unjudged: [...a.unjudged, ...b.unjudged].sort(byRule),
  results: a.results.map((result, index) => addResults(result, b.results[index])),
});

/** Kept on the app's root from one question to the next. */
const REPORT = new Fact<{ readonly state: string; readonly report: Report }>("report");

/** What a report depends on: all but overrides and the like is as it was made, and counted only. */
function stateOf(constructs: readonly IConstruct[], suppressions: number): string {
  const changes = constructs.flatMap((construct) => {
    const synthesis = factsOf(construct)?.synthesis;
    const block = synthesis === undefined ? "plain" : blockOf(construct, synthesis);
    const provider = givenProvider(construct);
    const at = typeof provider === "object" ? provider.node.path : provider;
    return block === "plain" && at === undefined ? [] : [[construct.node.path, block, at]];
  });
  return JSON.stringify([constructs.length, suppressions, changes]);
}

/** The finding in the language of the user's program. */
const inWords = (finding: Finding): Finding => ({
  ...finding,
  what: inUsersLanguage(finding.what),
  fix: inUsersLanguage(finding.fix),
});

/**
 * What the IPv6 caveats say about everything in the app, region by region, as it would be synthesised now. Worked out anew
 * when something was added or overridden.
 */
export function caveatReport(root: IConstruct): Report {
  const constructs = root.node.findAll();
  const suppressions = constructs.flatMap(suppressionsAt);
  const state = stateOf(constructs, suppressions.length);
  const cached = REPORT.of(root);
  if (cached?.state === state) return cached.report;
  const now = new Date();
  const rules = IPV6_RULES;
  const merged = shares(constructs)
    .map(({ objects, regions }) =>
      evaluate({
        rules,
        network: documentNetwork(sharedDocument(objects), { urls: urlsOf(regions) }),
        now,
        spellingOf: (kind) => propertySpelling(KIND_OF[kind]),
      }),
    )
    .reduce(merge);
  // Over all regions at once: a suppression holds for a path, and what it matches in none of them is stale.
  const findings = suppress({ ...merged, rules, suppressions, now });
  const report = withSources({ ...merged, findings: findings.map(inWords) }, constructs);
  REPORT.set(root, { state, report });
  return report;
}

/**
 * The part of a report that is about a stack: findings at something in it, around it, or that it only has part in. How
 * often each rule held is counted over the whole app.
 */
export function inStack(stack: TerraformStack, report: Report): Report {
  const { path } = stack.node;
  const isWithin = ({ path: where }: Place): boolean => where === path || where.startsWith(`${path}/`);
  const isAround = ({ path: where }: Place): boolean => where === "" || path.startsWith(`${where}/`);
  return {
    ...report,
    findings: report.findings.filter(({ where, related }) => isAround(where) || [where, ...related].some(isWithin)),
    unjudged: report.unjudged.filter(({ where }) => isWithin(where)),
  };
}
