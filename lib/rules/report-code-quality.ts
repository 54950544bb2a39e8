import { printable } from "../model/text";
import { hashOf, identityOf, type ReportPlace, uriOf, uriOutside } from "./finding-place";
import type { Finding, Report } from "./report";
import type { Level } from "./verdict";

/** GitLab's severities. */
const SEVERITIES: Readonly<Record<Level, string>> = { error: "critical", warning: "minor", information: "info" };

function issue({ category, folder, artifact }: ReportPlace, finding: Finding): object {
  const { id, level, where, what, why, fix } = finding;
  const path = where.file === undefined ? undefined : uriOf(where.file, folder);
  return {
    description: printable(`${id} ${where.path}: ${what}. ${why} Fix: ${fix}`),
    check_name: id,
    fingerprint: hashOf(`${category}:${identityOf(finding)}`),
    severity: SEVERITIES[level],
    location: {
      path: decodeURIComponent(path ?? uriOf(artifact, folder) ?? uriOutside(artifact)),
      lines: { begin: path === undefined ? 1 : (where.line ?? 1) },
    },
  };
}

/**
 * The report as GitLab's merge requests show it (`artifacts:reports:codequality`). Suppressed findings are left out, since GitLab has no word for them.
 *
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function reportCodeQuality({ findings }: Report, place: ReportPlace): string {
  const open = findings.filter(({ suppressed }) => suppressed === undefined);
  return `${JSON.stringify(
    open.map((finding) => issue(place, finding)),
    null,
    2,
  )}\n`;
}
