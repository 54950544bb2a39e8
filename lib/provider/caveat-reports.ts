import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { caveatReport, inStack } from "../aspects/caveat-report";
import { type IStackSynthesizer, type ISynthesisSession, TerraformStack } from "../cdk";
import { packageVersion } from "../constructs/package";
import type { Report } from "../rules/report";
import { reportJson } from "../rules/report-json";
import { reportMarkdown } from "../rules/report-markdown";
import { reportSarif } from "../rules/report-sarif";

/** Name of the report files, without their ending. */
const NAME = "maas-ipv6-report";

/** The forms that a report is written in, by ending of the file. */
const FORMS: Readonly<Record<string, (report: Report) => string>> = {
  json: reportJson,
  sarif: (report) => reportSarif(report, { version: packageVersion() }),
  md: reportMarkdown,
};

/** Writes what the IPv6 caveats say about a stack next to it, also when the stack is refused. */
export class CaveatReports implements IStackSynthesizer {
  static readonly #installed = new WeakSet<TerraformStack>();

  /** Wraps the stack's synthesizer, once. */
  static installFor(stack: TerraformStack): void {
    if (CaveatReports.#installed.has(stack)) return;
    CaveatReports.#installed.add(stack);
    stack.synthesizer = new CaveatReports(stack, stack.synthesizer);
  }

  private constructor(
    private readonly stack: TerraformStack,
    private readonly inner: IStackSynthesizer,
  ) {}

  /** On a refusal writes the reports of all stacks: the stack at fault may be one that CDKTF never came to. */
  synthesize(session: ISynthesisSession): void {
    try {
      this.inner.synthesize(session);
    } catch (error) {
      for (const stack of this.stack.node.root.node.findAll())
        if (TerraformStack.isStack(stack) && CaveatReports.#installed.has(stack)) write(stack, session);
      throw error;
    }
    write(this.stack, session);
  }
}

function write(stack: TerraformStack, { outdir, manifest }: ISynthesisSession): void {
  const report = inStack(stack, caveatReport(stack.node.root));
  const folder = join(outdir, manifest.forStack(stack).workingDirectory);
  mkdirSync(folder, { recursive: true });
  for (const [ending, format] of Object.entries(FORMS)) writeFileSync(join(folder, `${NAME}.${ending}`), format(report));
}
