import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { documentOf } from "../../aspects/document-of";
import { TerraformStack } from "../../cdk";
import type { StackRegion } from "../../constructs/internal/region";
import { MaasEngine } from "../../constructs/maas-engine";
import { propertyOf } from "../../model/construct-view";
import { type DocumentObject, documentText } from "../../model/document";
import type { DocumentKindName } from "../../model/document/kinds";
import type { Kind } from "../../model/kind";
import { KINDS } from "../../model/kinds";
import { fault, type Problem } from "../../model/problem";
import { uncertainPaths, unfollowedProblems } from "../apply-step-problems";

/** How many parts a record has at most, and how long each is: Linux has no environment variable of more than 128 KiB. */
export const RECORD_PARTS = 8;
const PART_LENGTH = 100_000;

/** Where gzip says which operating system it ran on, and its word for "unknown": a document's bytes are the same on all. */
const GZIP_SYSTEM = { at: 9, unknown: 255 } as const;

/** The parts of a document's text that tell where its unknown values belong. */
interface Written {
  readonly objects: Readonly<Record<DocumentKindName, readonly DocumentObject[]>>;
  readonly unknown: readonly string[];
}

/** The name under which a part of the record is a trigger. */
export const recordPart = (index: number): string => `record_${index}`;

/** The desired state of a region, as an apply step carries it. */
export class StepDocument {
  readonly #text: string;

  constructor(private readonly region: StackRegion) {
    this.#text = documentText(documentOf(TerraformStack.of(region.provider), region));
  }

  /** Hexadecimal SHA-256 of the document's bytes. */
  hash(): string {
    return createHash("sha256").update(this.#text).digest("hex");
  }

  /** base64 of gzip of the document's text, in parts by the name of their trigger. */
  record(): Record<string, string> {
    const packed = gzipSync(this.#text, { level: 9 });
    packed[GZIP_SYSTEM.at] = GZIP_SYSTEM.unknown;
    const parts = packed.toString("base64").match(new RegExp(`.{1,${PART_LENGTH}}`, "g")) ?? [];
    return Object.fromEntries(parts.map((part, index) => [recordPart(index), part]));
  }

  /** Why an apply step can't bring this document about. */
  problems(): Problem[] {
    const unfollowed = unfollowedProblems(this.region);
    return [...unfollowed, ...this.#unknownValues(), ...this.#excess()];
  }

  #unknownValues(): Problem[] {
    const { objects, unknown } = JSON.parse(this.#text) as Written;
    const { provider, engine } = this.region;
    const uncertain = uncertainPaths(this.region);
    // Router advertisements are in the document and no kind of MAAS object.
    const kinds: Readonly<Record<string, Kind | undefined>> = KINDS;
    return unknown.flatMap((pointer) => {
      const [, , kind = "", index = "", , name = ""] = pointer.split("/");
      const object = objects[kind as DocumentKindName]?.[Number(index)];
      // That one message is enough.
      if (object !== undefined && uncertain.has(object.path)) return [];
      if (object !== undefined) return [unknownValue(object.path, propertyOf(kinds[kind], name), engine)];
      // With the provider as the engine, the step gets the URL when Terraform runs.
      return engine === MaasEngine.APPLY_STEP ? [unknownValue(provider.node.path, "apiUrl", engine)] : [];
    });
  }

  #excess(): Problem[] {
    const length = Object.values(this.record()).reduce((sum, part) => sum + part.length, 0);
    const most = RECORD_PARTS * PART_LENGTH;
    if (this.region.engine !== MaasEngine.APPLY_STEP || length <= most) return [];
    return [
      fault("MAAS-CON-18", undefined, {
        what: `the desired state of this region is too large for an apply step: ${length} characters when packed, and Terraform's state has room for ${most}`,
        fix: "split the stack, for example into one per fabric, or use MaasEngine.PROVIDER.",
      }),
    ];
  }
}

function unknownValue(path: string, property: string, engine: MaasEngine): Problem {
  const alternative = engine === MaasEngine.APPLY_STEP ? "use MaasEngine.PROVIDER" : "leave out the ApplyStep";
  return fault("MAAS-CON-03", undefined, {
    what: `${property} of ${path} is a token, whose value only Terraform will know: an apply step works from the document that is written at synth`,
    fix: `give a value that the program itself knows, such as one from process.env or from a file, or ${alternative}.`,
  });
}
