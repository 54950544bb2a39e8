import type { Place } from "../model/network/objects";
import { printable } from "../model/text";
import { ENGINE_RULES } from "./engine-rules";
import { hashOf, identityOf, type ReportPlace, uriOf, uriOutside } from "./finding-place";
import type { Finding, Report, Unjudged } from "./report";
import type { Level, RuleInfo } from "./verdict";

/** What a SARIF log says about the program that wrote it, and where its files are. */
export interface SarifOptions extends ReportPlace {
  /** Version of the package. */
  readonly version: string;
}

/**
 * What GitHub takes of a file: more results of a run, or more locations of a result, and it rejects all of it.
 *
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
 */
const MOST = { results: 25_000, locations: 1000 } as const;

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

/** The results of a log, as code scanning needs them. */
class Results {
  constructor(private readonly options: Pick<SarifOptions, "folder" | "artifact">) {}

  /** The construct or object by its path, and the line of source: GitHub rejects a result without one. */
  location({ path, file, line }: Place): object {
    const { folder, artifact } = this.options;
    const uri = file === undefined ? undefined : uriOf(file, folder);
    return {
      physicalLocation: {
        artifactLocation: { uri: uri ?? uriOf(artifact, folder) ?? uriOutside(artifact), uriBaseId: "%SRCROOT%" },
        region: { startLine: uri === undefined ? 1 : (line ?? 1) },
      },
      logicalLocations: [{ fullyQualifiedName: path, kind: "object" }],
    };
  }

  of(finding: Finding, ruleIndex: number): object {
    const { id, level, kind, where, what, why, fix, source, related, attribute } = finding;
    const place = identityOf(finding);
    const others = related.slice(0, MOST.locations - 1);
    return {
      ruleId: id,
      ruleIndex,
      level: LEVELS[level],
      message: { text: printable(`${what}. ${why} Fix: ${fix} Source: ${source.at} (${source.verified}).`) },
      locations: [this.location(where)],
      ...(others.length === 0 ? {} : { relatedLocations: others.map((other) => this.location(other)) }),
      // GitHub would take all findings of a rule that are shown at one line for one.
      partialFingerprints: { primaryLocationLineHash: `${hashOf(place)}:1`, "place/v1": place },
      ...this.#suppressions(finding),
      properties: { kind, ...(attribute === undefined ? {} : { attribute }) },
    };
  }

  #suppressions({ suppressed }: Finding): object {
    if (suppressed === undefined) return {};
    const { reason, where, until } = suppressed;
    return {
      suppressions: [
        {
          kind: "inSource",
          status: "accepted",
          justification: reason,
          location: this.location({ path: where }),
          ...(until === undefined ? {} : { properties: { until } }),
        },
      ],
    };
  }

  /** Not a result: viewers that don't know result kinds would show it as a violation. */
  notification({ id, where, missing }: Unjudged, index: number): object {
    return {
      level: "note",
      associatedRule: { id, index },
      message: { text: printable(`${id} can't be checked yet: ${missing.join(", ")} not known.`) },
      locations: [this.location(where)],
    };
  }
}

/** The findings that GitHub takes, errors first where there are too many, and what is said of the others. */
function taken(findings: readonly Finding[]): {
  readonly findings: readonly Finding[];
  readonly left: readonly object[];
} {
  const left = findings.length - MOST.results;
  if (left <= 0) return { findings, left: [] };
  const ranked = (["error", "warning", "information"] as const).flatMap((level) =>
    findings.filter((finding) => finding.level === level),
  );
  const text = `${left} findings are left out: code scanning takes ${MOST.results}. Those of the highest level are here.`;
  return { findings: ranked.slice(0, MOST.results), left: [{ level: "warning", message: { text } }] };
}

/** The report as a SARIF 2.1.0 log, for code scanning. Objects that could not be judged are notifications of the run. */
export function reportSarif({ findings: all, unjudged, results: rows }: Report, options: SarifOptions): string {
  const { version, category } = options;
  const rules = [...rows.map(({ rule }) => rule), ...Object.values(ENGINE_RULES)];
  const indexes = new Map<string, number>(rules.map(({ id }, index) => [id, index]));
  const indexOf = (id: string): number => indexes.get(id) ?? -1;
  const results = new Results(options);
  const { findings, left } = taken(all);
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "cdktf-maas", version, rules: rules.map(descriptor) } },
        // What stands before the last slash is the category.
        automationDetails: { id: `cdktf-maas/${category}/` },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: !all.some(({ id }) => id === ENGINE_RULES.crashed.id),
            toolExecutionNotifications: [...left, ...unjudged.map((row) => results.notification(row, indexOf(row.id)))],
          },
        ],
        results: findings.map((finding) => results.of(finding, indexOf(finding.id))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
