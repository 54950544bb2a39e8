import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentOf } from "../aspects/document-of";
import { type ISynthesisSession, type TerraformStack } from "../cdk";
import { AroundSynthesis, folderOf } from "../constructs/internal/around-synthesis";
import { type StackRegion, regionsOf } from "../constructs/internal/region";
import { DOCUMENT_FILE, documentText } from "../model/document";

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
