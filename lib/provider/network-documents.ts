import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentOf } from "../aspects/document-of";
import { type IStackSynthesizer, type ISynthesisSession, TerraformStack } from "../cdk";
import { type Region, regionsOf } from "../constructs/region";
import { DOCUMENT_FILE, documentText } from "../model/document";

/** `maas-network.json`; `maas-network.<alias>.json` for the regions that a stack has beside its default one. */
const fileOf = ({ alias }: Region): string =>
  alias === undefined ? DOCUMENT_FILE : DOCUMENT_FILE.replace(".json", `.${alias}.json`);

/** Writes the desired state of a stack next to it, a document per region. */
export class NetworkDocuments implements IStackSynthesizer {
  static readonly #installed = new WeakSet<TerraformStack>();

  /** Wraps the stack's synthesizer, once. */
  static installFor(stack: TerraformStack): void {
    if (NetworkDocuments.#installed.has(stack)) return;
    NetworkDocuments.#installed.add(stack);
    stack.synthesizer = new NetworkDocuments(stack, stack.synthesizer);
  }

  private constructor(
    private readonly stack: TerraformStack,
    private readonly inner: IStackSynthesizer,
  ) {}

  synthesize(session: ISynthesisSession): void {
    this.inner.synthesize(session);
    const folder = join(session.outdir, session.manifest.forStack(this.stack).workingDirectory);
    mkdirSync(folder, { recursive: true });
    for (const region of regionsOf(this.stack))
      writeFileSync(join(folder, fileOf(region)), documentText(documentOf(this.stack, region)));
  }
}
