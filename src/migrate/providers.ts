import { addAfter } from "./blocks";
import type { Configuration, SourceFile } from "./configuration";
import { attributeOf, type Block, blocksOf, type Body, type Expression, type ObjectItem, type Span } from "./hcl/ast";
import { hclText } from "./hcl/text";
import type { OurProvider, Report } from "./context";
import { constantOf } from "./values";

/** Prefix of the resource types of both providers, and the local name that they imply. */
export const PREFIX = "maas";

/** Settings of canonical/maas's provider block that mean nothing here. */
const DROPPED = ["api_version", "installation_method"];

/** An entry of `required_providers`. */
export interface Entry {
  readonly file: SourceFile;
  readonly local: string;
  readonly span: Span;
  readonly value: Expression;
  readonly source: Expression | undefined;
  readonly version: Expression | undefined;
  readonly is: "canonical" | "ours" | "another";
}

const item = ({ items }: { readonly items: readonly ObjectItem[] }, name: string): Expression | undefined =>
  items.find(
    ({ key }) => (key.kind === "traversal" ? key.root : key.kind === "literal" ? key.value : undefined) === name,
  )?.value;

const CANONICAL = /^(?:[\w.:-]+\/)?(?:canonical|maas)\/maas$/i;

/** The entries of `required_providers` in the files. */
export function entriesOf({ files }: Configuration, ours: OurProvider): Entry[] {
  return files.flatMap((file) =>
    blocksOf(file.body, "terraform").flatMap(({ body }) =>
      blocksOf(body, "required_providers").flatMap(({ body: { items } }) =>
        items.flatMap((attribute): Entry[] => {
          if (attribute.kind === "block") return [];
          const { value, name } = attribute;
          const source = value.kind === "object" ? item(value, "source") : undefined;
          const version = value.kind === "object" ? item(value, "version") : undefined;
          const text = constantOf(source, file.edits.text);
          const is =
            text === ours.source ? "ours" : typeof text === "string" && CANONICAL.test(text) ? "canonical" : "another";
          return [{ file, local: name.text, span: attribute, value, source, version, is }];
        }),
      ),
    ),
  );
}

/** What the local names of the providers mean. */
export interface Locals {
  /** Local names whose objects are this provider's, or come to be. */
  readonly ours: ReadonlySet<string>;
  /** The local name that canonical/maas has afterwards. */
  readonly canonical: string;
  /** Whether it has that name already. */
  readonly hasCanonical: boolean;
}

/** Which local names move: those of canonical/maas, unless the configuration has both providers already. */
export function localsOf(entries: readonly Entry[]): Locals {
  const by = (is: Entry["is"]): string[] => entries.filter((entry) => entry.is === is).map(({ local }) => local);
  const [ours, canonical] = [by("ours"), by("canonical")];
  const isImplied = !entries.some(({ local }) => local === PREFIX);
  if (ours.length > 0 && canonical.length > 0)
    return { ours: new Set(ours), canonical: canonical[0] ?? "", hasCanonical: true };
  const taken = new Set(entries.map(({ local }) => local));
  const free =
    ["canonical", "canonical_maas", "canonical_maas_2"].find((name) => !taken.has(name)) ?? "canonical_maas_3";
  const moving = [...ours, ...canonical];
  return { ours: new Set(moving.length === 0 && isImplied ? [PREFIX] : moving), canonical: free, hasCanonical: false };
}

/** Points an entry of canonical/maas to this provider, and keeps canonical/maas beside it where something stays with it. */
export function rewriteEntry(entry: Entry, ours: OurProvider, beside: string | undefined, report: Report): void {
  const { file, local, span, source, version, value } = entry;
  const { edits } = file;
  const indent = edits.indentAt(span.start);
  const isOnOwnLine = edits.text.slice(edits.lineStart(span.start), span.start).trim() === "";
  const sentences: string[] = [];
  if (beside !== undefined) {
    const text =
      entry.is === "ours"
        ? `{\n${indent}  source = "canonical/maas"\n${indent}}`
        : edits.text.slice(value.start, value.end);
    if (isOnOwnLine) edits.insert(edits.lineEnd(span.end), `\n${indent}${beside} = ${text}`);
    else {
      const [before] = /[ \t]*$/.exec(edits.text.slice(0, span.start)) ?? [""];
      const [after] = /^[ \t]*/.exec(edits.text.slice(span.end)) ?? [""];
      edits.replace({ start: span.start - before.length, end: span.start }, `\n${indent}  `);
      edits.replace({ start: span.end, end: span.end + after.length }, `\n${indent}  ${beside} = ${text}\n${indent}`);
    }
    sentences.push(`canonical/maas stays as ${beside}`);
  }
  if (entry.is === "canonical" && source !== undefined) {
    edits.replace(source, hclText(ours.source));
    if (version !== undefined) edits.replace(version, hclText(`>= ${ours.version}`));
    sentences.unshift(`source is now ${ours.source}${version === undefined ? "" : `, version >= ${ours.version}`}`);
  }
  if (sentences.length > 0) report.add(file, span.start, `required_providers ${local}`, "changed", ...sentences);
}

const label = ({ labels: [name] }: Block): string | undefined => name?.text;

function rewriteBlock(file: SourceFile, block: Block, beside: string | undefined, report: Report): void {
  const { edits } = file;
  const original = edits.text.slice(block.start, block.end);
  const dropped = DROPPED.flatMap((name) => attributeOf(block.body, name) ?? []);
  for (const attribute of dropped) edits.remove(attribute);
  const sentences = dropped.map(({ name }) => `${name.text} removed: it has no meaning here`);
  if (beside !== undefined) {
    const at = (block.labels[0]?.start ?? block.start) - block.start;
    const end = (block.labels[0]?.end ?? block.start) - block.start;
    addAfter({ file, block }, [`${original.slice(0, at)}"${beside}"${original.slice(end)}`]);
    sentences.push(`copied for ${beside}, which is canonical/maas`);
  }
  if (sentences.length > 0) report.add(file, block.start, `provider ${label(block) ?? ""}`, "changed", ...sentences);
}

/** Takes what has no meaning here out of the provider's blocks, and copies them for canonical/maas where something stays with it. */
export function rewriteBlocks(
  configuration: Configuration,
  { ours, canonical }: Locals,
  isKept: boolean,
  report: Report,
): void {
  const isThere = configuration.blocks("provider").some(({ block }) => label(block) === canonical);
  for (const { file, block } of configuration.blocks("provider"))
    if (ours.has(label(block) ?? "")) rewriteBlock(file, block, isKept && !isThere ? canonical : undefined, report);
}

/** Whether a body says which providers its module needs. */
export const hasRequiredProviders = (body: Body): boolean =>
  blocksOf(body, "terraform").some((block) => blocksOf(block.body, "required_providers").length > 0);
