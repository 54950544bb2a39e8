import { caveatReport, inStack } from "../../lib/aspects/caveat-report";
import { App, type IConstruct, TerraformStack } from "../../lib/cdk";
import { ENGINE_RULES } from "../../lib/rules/engine-rules";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { type Finding, sentenceOf } from "../../lib/rules/report";
import { type ConstructLike, constructOf, stacksOf, withAspects } from "./stacks";

/** The matchers of this package, for jest's `expect`. They judge a stack as synth would, and write nothing. */
export interface CaveatMatchers<R> {
  /**
   * The stack, app or construct breaks the rule, and nothing suppresses that.
   *
   * @param id of the rule, as RULES.md has it: `MAAS6-DUA-02`
   * @param at where: a construct, or its path; everything below it counts. Default: anywhere in it
   * @throws Error when there is no such rule
   */
  toBreakRule(id: string, at?: ConstructLike | string): R;
  /** No rule is broken that would stop synth. Warnings may be left, unless they are asked for. */
  toPassIpv6Caveats(options?: { readonly warnings?: boolean }): R;
}

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

const RULE_IDS: readonly string[] = [...IPV6_RULES, ...Object.values(ENGINE_RULES)].map(({ id }) => id);

function requireRule(id: string): void {
  if (RULE_IDS.includes(id)) return;
  const alike = RULE_IDS.filter((known) => known.slice(0, 9) === id.slice(0, 9));
  const fix = alike.length === 0 ? "RULES.md has them all, such as MAAS6-DUA-02." : `Write one of ${alike.join(", ")}.`;
  throw new Error(`there is no rule ${JSON.stringify(id)}. ${fix}`);
}

const isBelow = (path: string, at: string): boolean =>
  at === "" || path === at || path.startsWith(`${at}/`) || path.startsWith(`${at}[`);

/** What the rules find in a construct and is not suppressed. */
function findingsIn(construct: IConstruct): readonly Finding[] {
  withAspects(construct);
  const report = caveatReport(construct.node.root);
  const own = (): readonly Finding[] => {
    if (App.isApp(construct)) return report.findings;
    const found = stacksOf(construct).flatMap((stack) => inStack(stack, report).findings);
    return TerraformStack.isStack(construct)
      ? found
      : found.filter(({ where }) => isBelow(where.path, construct.node.path));
  };
  return own().filter(({ suppressed }) => suppressed === undefined);
}

const nameOf = ({ node: { path } }: IConstruct): string => (path === "" ? "the app" : path);

const listed = (findings: readonly Finding[]): string =>
  findings.length === 0 ? "It breaks none." : `It breaks:\n${findings.map((one) => `  ${sentenceOf(one)}`).join("\n")}`;

/** The matchers as functions, for an `expect` other than jest's own: `expect.extend(caveatMatchers)`. */
export const caveatMatchers = {
  toBreakRule(received: unknown, id: string, at?: ConstructLike | string): MatcherResult {
    requireRule(id);
    const construct = constructOf(received);
    const findings = findingsIn(construct);
    const place = typeof at === "object" ? at.node.path : (at ?? "");
    const met = findings.filter((finding) => finding.id === id && isBelow(finding.where.path, place));
    const where = place === "" ? "" : ` at ${place}`;
    return {
      pass: met.length > 0,
      message: () =>
        met.length > 0
          ? `expected ${nameOf(construct)} not to break ${id}${where}.\n${listed(met)}`
          : `expected ${nameOf(construct)} to break ${id}${where}.\n${listed(findings)}`,
    };
  },

  toPassIpv6Caveats(received: unknown, { warnings = true }: { readonly warnings?: boolean } = {}): MatcherResult {
    const construct = constructOf(received);
    const met = findingsIn(construct).filter(({ level }) => level === "error" || (!warnings && level === "warning"));
    const what = `the IPv6 caveats${warnings ? "" : " without warnings"}`;
    return {
      pass: met.length === 0,
      message: () =>
        met.length === 0
          ? `expected ${nameOf(construct)} not to pass ${what}, and it does.`
          : `expected ${nameOf(construct)} to pass ${what}.\n${listed(met)}`,
    };
  },
};
