import { describeRule, type RuleInfo } from "./verdict";

const OWN = { at: "cdktf-maas, rule engine", verified: "2026-11-22" } as const;

const own = (rule: Omit<RuleInfo, "level" | "kind" | "sources">): RuleInfo =>
  describeRule({ ...rule, level: "error", kind: "engine", sources: [OWN] });

/** What the engine reports about suppressions and about itself. None of these can be suppressed. */
export const ENGINE_RULES = {
  malformed: own({
    id: "MAAS6-SUP-01",
    name: "SuppressionIsWellFormed",
    info: "A suppression has the id of a rule, a reason of at least 10 characters, a place, and a day as its end if it has one.",
    explanation: "A suppression that nobody can understand later is as good as a switched-off rule.",
    remediation: "Say why the rule may be broken here, in at least 10 characters.",
  }),
  impossible: own({
    id: "MAAS6-SUP-02",
    name: "SuppressedRuleCanBeSuppressed",
    info: "A suppression names a rule that exists and that MAAS itself does not enforce.",
    explanation:
      "MAAS refuses what breaks an enforced rule, so suppressing it would only move the failure to the deployment.",
    remediation: "Fix the finding, and drop the suppression.",
  }),
  expired: own({
    id: "MAAS6-SUP-03",
    name: "SuppressionHasNotExpired",
    info: "A suppression is still within its time.",
    explanation: "Its end was set so that somebody looks at it again.",
    remediation: "Fix the finding, or set a later day with a reason that still holds.",
  }),
  stale: own({
    id: "MAAS6-SUP-04",
    name: "SuppressionIsNeeded",
    info: "A suppression suppresses something.",
    explanation: "One that matches nothing would hide the next violation at its place unseen.",
    remediation: "Drop the suppression, or correct its id and place.",
  }),
  crashed: own({
    id: "MAAS6-ENG-01",
    name: "RuleCompletes",
    info: "Every rule comes to a verdict.",
    explanation:
      "A rule that crashed has checked nothing, which must not look like a pass. This is a fault of cdktf-maas.",
    remediation: "Report it with the message and the configuration of the object named.",
  }),
} as const satisfies Record<string, RuleInfo>;
