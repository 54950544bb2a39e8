import { KINDS } from "../../lib/model/kinds";
import { IpAddress } from "../../lib/model/address";
import { textOf, tryText } from "../../lib/model/text";
import {
  addImported,
  aligned,
  blockText,
  type Import,
  importEdits,
  importLoop,
  indexOf,
  interpolated,
  type Line,
  metaLines,
  replacing,
} from "./blocks";
import type { ObjectBlock } from "./configuration";
import { type Context, told } from "./context";
import { attributeOf, type Block, blocksOf, type Expression } from "./hcl/ast";
import { hclIndex, hclText } from "./hcl/text";
import { constantOf } from "./values";

/** The block of canonical/maas's subnet that is a resource here. */
export const INLINE_RANGES = "ip_ranges";

/** What such a block may say: what the resource may, without its subnet, which the block is in. */
const ARGUMENTS = KINDS.ip_range.fields
  .filter(({ name, presence }) => presence !== "computed" && name !== KINDS.ip_range.field.subnet.name)
  .map(({ name }) => name as string);

/** A resource that an inline range has become. */
export interface NewRange {
  readonly subnet: ObjectBlock;
  readonly name: string;
  /** `dynamic`, `reserved`; undefined where an expression says it. */
  readonly type: string | undefined;
  readonly isRepeated: boolean;
}

/** The comments on the lines right above a block, which are about it. */
function withComments({ file }: ObjectBlock, { start, end }: Block): { readonly start: number; readonly end: number } {
  const { edits } = file;
  let from = edits.lineStart(start);
  if (edits.text.slice(from, start).trim() !== "") return { start, end };
  for (;;) {
    if (from === 0) break;
    const above = edits.lineStart(from - 1);
    if (!/^[ \t]*(#|\/\/)/.test(edits.text.slice(above, edits.lineEnd(above)))) break;
    from = above;
  }
  return { start: from === edits.lineStart(start) ? start : from + edits.indentAt(start).length, end };
}

const indentOf = (line: string): number => /^[ \t]*/.exec(line)?.[0].length ?? 0;

/** The lines of a block's body as those of a block at the top of a file. What is on the line of its brace is one of them. */
function bodyLines(text: string): string[] {
  const [head = "", ...lines] = text.replace(/\s*$/, "").split(/\r?\n/);
  const first = head.trim() === "" ? [] : [`  ${head.trim()}`];
  // The lines of a heredoc are its value.
  if (text.includes("<<")) return [...first, ...lines];
  const depths = lines.filter((line) => line.trim() !== "").map(indentOf);
  const extra = Math.max(0, Math.min(...depths) - 2);
  return [...first, ...lines.map((line) => line.slice(Math.min(extra, indentOf(line))))];
}

const sameAddress = (a: unknown, b: unknown): boolean => {
  const [one, other] = [IpAddress.tryParse(tryText(a) ?? ""), IpAddress.tryParse(tryText(b) ?? "")];
  return other !== undefined && one?.family === other.family && one.compare(other) === 0;
};

/** Whether the range is there already, so that it is to be imported: what the state says of its subnet, else what the region has. */
function isThere({ state, region }: Context, { address }: ObjectBlock, start: unknown, end: unknown): boolean {
  const isIt = ({ start_ip, end_ip }: Readonly<Record<string, unknown>>): boolean =>
    sameAddress(start_ip, start) && sameAddress(end_ip, end);
  if (region !== undefined)
    return region.some(({ kind, attributes }) => kind === KINDS.ip_range.name && isIt(attributes));
  if (state === undefined) return true;
  return state
    .of(address)
    .some(
      ({ attributes: { ip_ranges: ranges } }) =>
        Array.isArray(ranges) && ranges.some((range: Readonly<Record<string, unknown>>) => isIt(range)),
    );
}

/** The id by which a range is imported, as an expression. */
function importId(
  { file }: ObjectBlock,
  ends: readonly Expression[],
  more: (end: Expression) => ReturnType<typeof replacing>,
): string {
  return `"${ends.map((end) => interpolated(end, file.edits.source(end, more(end)))).join("-")}"`;
}

/** What tells the ranges of a dynamic block apart, and how its content goes by it. */
interface Loop {
  readonly lines: readonly Line[];
  readonly forEach: string;
  readonly edits: (expression: Expression) => ReturnType<typeof replacing>;
}

/** `dynamic "ip_ranges"` as the `for_each` of a resource: a map of the ranges by START-END. */
function loopOf({ file }: ObjectBlock, dynamic: Block, content: Block): Loop | undefined {
  const items = attributeOf(dynamic.body, "for_each");
  const [start, end] = endsOf(content);
  if (items === undefined || start === undefined || end === undefined) return undefined;
  const label = attributeOf(dynamic.body, "iterator");
  const iterator = label === undefined ? INLINE_RANGES : file.edits.text.slice(label.value.start, label.value.end);
  const attributes = content.body.items.flatMap((item) => (item.kind === "attribute" ? [item.value] : []));
  const hasKey = attributes.some((one) => replacing(one, `${iterator}.key`, "").length > 0);
  const within = (one: Expression) => [
    ...replacing(one, `${iterator}.value`, "value"),
    ...replacing(one, `${iterator}.key`, "key"),
  ];
  const key = `"${[start, end].map((one) => interpolated(one, file.edits.source(one, within(one)))).join("-")}"`;
  const variables = hasKey ? "key, value" : "value";
  const value = hasKey ? "{ key = key, value = value }" : "value";
  const forEach = `{ for ${variables} in ${file.edits.source(items.value)} : ${key} => ${value} }`;
  return {
    forEach,
    lines: [["for_each", forEach]],
    edits: (one) =>
      hasKey ? replacing(one, iterator, "each.value") : replacing(one, `${iterator}.value`, "each.value"),
  };
}

const endsOf = ({ body }: Block): (Expression | undefined)[] =>
  ["start_ip", "end_ip"].map((name) => attributeOf(body, name)?.value);

/** The blocks of a subnet with that type of range. */
const endsAs = ({ file, block }: ObjectBlock, type: unknown): Block[] =>
  blocksOf(block.body, INLINE_RANGES).filter(({ body }) => {
    const own = attributeOf(body, "type");
    return own !== undefined && constantOf(own.value, file.edits.text) === type;
  });

/** The one range of that type of each of a module's instances, as the state has it. */
function fromState({ state }: Context, { address }: ObjectBlock, to: string, type: unknown): Import[] {
  return (state?.of(address) ?? []).flatMap(({ module, index, attributes: { ip_ranges: ranges } }): Import[] => {
    const rows = (Array.isArray(ranges) ? ranges : []) as Readonly<Record<string, unknown>>[];
    const [only, ...others] = rows.filter((row) => row.type === type);
    if (only === undefined || others.length > 0) return [];
    return [
      {
        to: `${module}.${to}${hclIndex(index)}`,
        id: hclText([only.start_ip, only.end_ip].map((end) => textOf(end)).join("-")),
      },
    ];
  });
}

function convert(
  context: Context,
  subnet: ObjectBlock,
  whole: Block,
  content: Block,
  loop: Loop | undefined,
): NewRange | string {
  const { file } = subnet;
  const [start, end] = endsOf(content);
  if (start === undefined || end === undefined) return "it has no start_ip or end_ip";
  const names = content.body.items.map((item) => (item.kind === "attribute" ? item.name.text : item.type.text));
  const strange = names.find((name) => !ARGUMENTS.includes(name));
  if (strange !== undefined) return `a range has no ${strange}`;
  const kind = attributeOf(content.body, "type");
  const type = kind && constantOf(kind.value, file.edits.text);
  const { type: resource } = KINDS.ip_range;
  const name = context.configuration.freeName(resource, `${subnet.name}_${typeof type === "string" ? type : "range"}`);
  const meta = metaLines(subnet).filter(([word]) => loop === undefined || word === "provider");
  const head = [...(loop?.lines ?? []), ...meta];
  const range = withComments(subnet, whole);
  const comments = file.edits.text
    .slice(range.start, whole.start)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const replaced =
    loop === undefined
      ? []
      : content.body.items.flatMap((item) => (item.kind === "attribute" ? loop.edits(item.value) : []));
  const lines = [
    ...(head.length === 0 ? [] : [...aligned(head), ""]),
    `  subnet   = ${subnet.address}${loop === undefined ? indexOf(subnet) : ""}.id`,
    ...bodyLines(file.edits.source(content.body, replaced)),
  ];
  const resourceText = [...comments, blockText(`resource "${resource}" "${name}"`, lines)].join("\n");
  const isRepeated = loop !== undefined || subnet.repeated !== undefined;
  const [first, last] = [constantOf(start, file.edits.text), constantOf(end, file.edits.text)];
  const isImported = isRepeated || first === undefined || last === undefined || isThere(context, subnet, first, last);
  const each = loop === undefined ? importLoop(subnet) : { forEach: loop.forEach, index: "[each.key]" };
  const id = loop === undefined ? importId(subnet, [start, end], (one) => importEdits(subnet, one)) : "each.key";
  const { forEach } = each;
  const own: Import = { to: `${resource}.${name}${each.index}`, id, ...(forEach !== undefined && { forEach }) };
  const isOnlyOne = endsAs(subnet, type).length === 1 && loop === undefined;
  const known = context.calls !== undefined && isOnlyOne ? fromState(context, subnet, `${resource}.${name}`, type) : [];
  file.edits.remove(range);
  addImported(context, subnet, resourceText, !isImported ? [] : known.length > 0 ? known : [own]);
  const what = isImported
    ? `imported as ${isRepeated ? `START-END, one for each instance (import with for_each needs Terraform 1.7)` : id}`
    : "which the region does not have yet: it will be created";
  told(context, subnet, "changed", `a block ${INLINE_RANGES} is now ${resource}.${name}, ${what}`);
  return { subnet, name, type: typeof type === "string" ? type : undefined, isRepeated };
}

/** Makes a resource of each range inside of a subnet's block. */
export function rewriteRanges(context: Context, subnet: ObjectBlock): NewRange[] {
  const { body } = subnet.block;
  const dynamic = blocksOf(body, "dynamic").filter(({ labels: [label] }) => label?.text === INLINE_RANGES);
  const plain = blocksOf(body, INLINE_RANGES).map((block) => convert(context, subnet, block, block, undefined));
  const loops = dynamic.map((block) => {
    const [content] = blocksOf(block.body, "content");
    const loop = content && loopOf(subnet, block, content);
    if (content === undefined || loop === undefined)
      return "the dynamic block has no for_each, or no content with start_ip and end_ip";
    if (subnet.repeated !== undefined)
      return `the subnet has ${subnet.repeated} of its own: write a ${KINDS.ip_range.type} with a for_each over both`;
    return convert(context, subnet, block, content, loop);
  });
  const made: NewRange[] = [];
  for (const one of [...plain, ...loops]) {
    if (typeof one === "string") told(context, subnet, "by hand", `a block ${INLINE_RANGES} stays: ${one}`);
    else made.push(one);
  }
  return made;
}
