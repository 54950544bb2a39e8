import type { Place } from "../model/network/objects";
import { printable } from "../model/printable";
import { ENGINE_RULES } from "./engine-rules";
import type { Finding, Report, Unjudged } from "./report";
import type { Level, RuleInfo } from "./rule";

/** What a SARIF log says about the program that wrote it. */
export interface SarifOptions {
  /** Version of the package. */
  readonly version: string;
}

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

const LEVELS: Readonly<Record<Level, string>> = { error: "error", warning: "warning", information: "note" };

function descriptor(rule: RuleInfo): object {
  const { id, name, info, explanation, remediation, level, kind, sources } = rule;
  return {
    id,
    name,
    shortDescription: { text: info },
    fullDescription: { text: explanation },
    help: { text: remediation },
    defaultConfiguration: { level: LEVELS[level] },
    properties: { kind, sources: sources.map(({ at, verified }) => `${at} (${verified})`) },
  };
}

/** The construct or object by its path, and the line of source where it is known. */
function location({ path, file, line }: Place): object {
  const physical =
    file === undefined
      ? {}
      : {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(file), uriBaseId: "%SRCROOT%" },
            ...(line === undefined ? {} : { region: { startLine: line } }),
          },
        };
  return { ...physical, logicalLocations: [{ fullyQualifiedName: path, kind: "object" }] };
}

function suppressions({ suppressed }: Finding): object {
  if (suppressed === undefined) return {};
  const { reason, where, until } = suppressed;
  return {
    suppressions: [
      {
        kind: "inSource",
        status: "accepted",
        justification: reason,
        location: location({ path: where }),
        ...(until === undefined ? {} : { properties: { until } }),
      },
    ],
  };
}

function result(finding: Finding, ruleIndex: number): object {
  const { id, level, kind, where, what, why, fix, source, related, attribute } = finding;
  return {
    ruleId: id,
    ruleIndex,
    level: LEVELS[level],
    message: { text: printable(`${what}. ${why} Fix: ${fix} Source: ${source.at} (${source.verified}).`) },
    locations: [location(where)],
    ...(related.length === 0 ? {} : { relatedLocations: related.map(location) }),
    partialFingerprints: {
      "place/v1": [id, where.path, attribute ?? "", ...related.map(({ path }) => path)].join(":"),
    },
    ...suppressions(finding),
    properties: { kind, ...(attribute === undefined ? {} : { attribute }) },
  };
}

/** Not a result: viewers that don't know result kinds would show it as a violation. */
function notification({ id, where, missing }: Unjudged, index: number): object {
  return {
    level: "note",
    associatedRule: { id, index },
    message: { text: printable(`${id} can't be judged yet: ${missing.join(", ")} not known.`) },
    locations: [location(where)],
  };
}

/** The report as a SARIF 2.1.0 log, for code scanning. Objects that could not be judged are notifications of the run. */
export function reportSarif({ findings, unjudged, results }: Report, { version }: SarifOptions): string {
  const rules = [...results.map(({ rule }) => rule), ...Object.values(ENGINE_RULES)];
  const indexes = new Map<string, number>(rules.map(({ id }, index) => [id, index]));
  const indexOf = (id: string): number => indexes.get(id) ?? -1;
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "cdktf-maas", version, rules: rules.map(descriptor) } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: !findings.some(({ id }) => id === ENGINE_RULES.crashed.id),
            toolExecutionNotifications: unjudged.map((row) => notification(row, indexOf(row.id))),
          },
        ],
        results: findings.map((finding) => result(finding, indexOf(finding.id))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
