import { documentText } from "../../lib/model/document";
import type { LiveObject } from "../reconcile/region/live-objects";
import { expressible, type Expressible } from "./expressible";
import { Names } from "./names";
import { adoptingDocument, selectByFabric } from "./selection";
import { type Cdk, type StackModule, typescriptMain, typescriptModules } from "./typescript-source";

/** A file of an export. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

/** What is written of a region, and what of it is not. */
export interface SplitExport {
  readonly files: readonly ExportedFile[];
  readonly notes: readonly string[];
  readonly leftOut: readonly string[];
}

/** One fabric with all that is in it, or what is in none. */
interface Part {
  /** Name of its file, without the ending. */
  readonly file: string;
  readonly objects: Expressible;
}

/** The file of what is in no fabric: spaces, DNS, settings. */
const SHARED = "shared";

const MAIN = "main";

/** The parts that have objects; what is in no fabric comes first. */
function partsOf(region: readonly LiveObject[]): Part[] {
  const names = new Names();
  for (const word of [MAIN, SHARED]) names.next({ words: [word], noun: "File" });
  const parts = [...selectByFabric(region)].map(([fabric, selection]) => ({
    file: fabric === undefined ? SHARED : names.next({ words: [fabric], noun: "Fabric" }).id,
    objects: expressible(selection),
    isShared: fabric === undefined,
  }));
  const filled = parts.filter(({ objects }) => objects.managed.length + objects.leftOut.length > 0);
  return [...filled.filter(({ isShared }) => isShared), ...filled.filter(({ isShared }) => !isShared)];
}

interface SplitOptions {
  /** `cdktf` unless it is set. */
  readonly cdk?: Cdk | undefined;
  readonly apiUrl: string;
  readonly stackName: string;
  readonly unsupported: readonly string[];
}

function typescriptFiles(
  parts: readonly Part[],
  { cdk = "cdktf", apiUrl, stackName, unsupported }: SplitOptions,
): ExportedFile[] {
  const named = parts.map(({ file, objects }) => ({ file, objects, stackName: `${stackName}-${file}` }));
  const sources = typescriptModules(
    named.map(({ objects, stackName: own }) => ({
      objects,
      options: { cdk, apiUrl, stackName: own, leftOut: objects.leftOut },
    })),
  );
  const modules = named.map(({ file, stackName: own }, index) => {
    const { className = "", text = "" } = sources[index] ?? {};
    const stack: StackModule = { file, className, stackName: own };
    return { stack, text };
  });
  const stacks = modules.map(({ stack }) => stack);
  const head = [
    "Exported from a MAAS region by `cdktf-maas export --split`: a stack for each fabric, and one for what is in none.",
    ...unsupported.map((sentence) => `Not here: ${sentence}.`),
  ];
  const first = stacks.find(({ file }) => file === SHARED);
  return [
    { name: `${MAIN}.ts`, text: typescriptMain(cdk, stacks, first, head) },
    ...modules.map(({ stack, text }) => ({ name: `${stack.file}.ts`, text })),
  ];
}

const documentFiles = (parts: readonly Part[], { apiUrl }: SplitOptions): ExportedFile[] =>
  parts.map(({ file, objects }) => ({
    name: `${file}.json`,
    text: documentText(adoptingDocument(objects, apiUrl)),
  }));

/** The formats that an export can be split in. */
const FILES: Readonly<Record<string, (parts: readonly Part[], options: SplitOptions) => ExportedFile[]>> = {
  typescript: typescriptFiles,
  document: documentFiles,
};

/**
 * A whole region in a file for each fabric, with all that is in it, and one, `shared`, for what is in none. Each stands for
 * itself: it looks up what it refers to in another one. Their names are those of the fabrics, as far as files take them.
 */
export function splitExport(region: readonly LiveObject[], format: string, options: SplitOptions): SplitExport {
  const parts = partsOf(region);
  return {
    files: FILES[format]?.(parts, options) ?? [],
    notes: parts.flatMap(({ objects }) => objects.notes),
    leftOut: [...options.unsupported, ...parts.flatMap(({ objects }) => objects.leftOut)],
  };
}
