import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { caveatReport, inStack } from "../aspects/caveat-report";
import { documentOf } from "../aspects/document-of";
import { type IConstruct, type ISynthesisSession, TerraformStack } from "../cdk";
import { AroundSynthesis, folderOf } from "../constructs/internal/synthesised";
import { packageVersion } from "../constructs/internal/facts";
import { regionsOf, type StackRegion } from "../constructs/internal/region";
import { DOCUMENT_FILE, documentText } from "../model/document";
import type { ReportPlace } from "../rules/finding-place";
import { type Report, reportJson } from "../rules/report";
import { reportCodeQuality } from "../rules/report-code-quality";
import { reportJunit } from "../rules/report-junit";
import { reportMarkdown } from "../rules/report-markdown";
import { reportSarif } from "../rules/report-sarif";
import { folderInRepository } from "./repository";

/** Name of a region's document: `maas-network.json`; `maas-network.<alias>.json` for the regions that a stack has beside its default one. */
export const documentFileOf = ({ alias }: StackRegion): string =>
  alias === undefined ? DOCUMENT_FILE : DOCUMENT_FILE.replace(".json", `.${alias}.json`);

/** Writes the desired state of a stack next to it, a document per region. */
export class NetworkDocuments extends AroundSynthesis {
  /** Wraps the stack's synthesizer, once. */
  static installFor(stack: TerraformStack): void {
    AroundSynthesis.around("network-documents", NetworkDocuments, stack);
  }

  override synthesize(session: ISynthesisSession): void {
    this.inner.synthesize(session);
    const folder = folderOf(this.stack, session);
    for (const region of regionsOf(this.stack))
      writeFileSync(join(folder, documentFileOf(region)), documentText(documentOf(this.stack, region)));
  }
}

/** Name of the report files, without their ending. */
const NAME = "maas-ipv6-report";

/** Where findings are shown of which no line of source is known: each app of CDKTF has this file. */
const ARTIFACT = "cdktf.json";

function placeOf(stack: TerraformStack): ReportPlace {
  return { category: stack.node.path, folder: folderInRepository(process.cwd()), artifact: ARTIFACT };
}

/** The forms that a report is written in, by ending of the file. */
const FORMS: Readonly<Record<string, (report: Report, stack: TerraformStack) => string>> = {
  json: reportJson,
  sarif: (report, stack) => reportSarif(report, { version: packageVersion(), ...placeOf(stack) }),
  md: reportMarkdown,
  "junit.xml": (report, stack) => reportJunit(report, placeOf(stack)),
  "codequality.json": (report, stack) => reportCodeQuality(report, placeOf(stack)),
};

/** Writes what the IPv6 caveats say about a stack next to it, also when the stack is refused. */
export class CaveatReports extends AroundSynthesis {
  /** Wraps the stack's synthesizer, once. */
  static installFor(stack: TerraformStack): void {
    AroundSynthesis.around("caveat-reports", CaveatReports, stack);
  }

  /** Whether the stack's report is written. */
  static isInstalledFor(stack: TerraformStack): boolean {
    return AroundSynthesis.isAround("caveat-reports", stack);
  }

  /** On a refusal writes the reports of all stacks: the stack at fault may be one that CDKTF never came to. */
  override synthesize(session: ISynthesisSession): void {
    let isRefused = true;
    try {
      this.inner.synthesize(session);
      isRefused = false;
    } finally {
      for (const stack of isRefused ? reportedStacks(this.stack.node.root) : [this.stack]) write(stack, session);
    }
  }
}

const reportedStacks = (root: IConstruct): TerraformStack[] =>
  root.node
    .findAll()
    .filter((construct) => TerraformStack.isStack(construct))
    .filter((stack) => CaveatReports.isInstalledFor(stack));

function write(stack: TerraformStack, session: ISynthesisSession): void {
  const report = inStack(stack, caveatReport(stack.node.root));
  const folder = folderOf(stack, session);
  for (const [ending, format] of Object.entries(FORMS))
    writeFileSync(join(folder, `${NAME}.${ending}`), format(report, stack));
}
