import { isManaged, KINDS } from "../../lib/model/kinds";
import { oncePer } from "../../lib/model/once-per";
import { terraformKind } from "../../lib/model/terraform/kinds";
import { type Configuration, type ObjectBlock, type Reference, referenceOf, type SourceFile } from "./configuration";
import { type Context, told } from "./context";
import { given } from "./blocks";
import { attributesIn, traversalsIn } from "./hcl/ast";
import { INLINE_RANGES } from "./ranges";
import { constantOf, kindOfType } from "./values";

interface Found extends Reference {
  readonly file: SourceFile;
}

/** What canonical/maas calls the VID of a VLAN. */
export const VID_OF_CANONICAL = "vlan";

/** All references of the files to attributes of objects, by the object's address. */
const allReferences = oncePer((configuration: Configuration): ReadonlyMap<string, readonly Found[]> => {
  const found = new Map<string, Found[]>();
  for (const file of configuration.files)
    for (const { value } of attributesIn(file.body))
      for (const traversal of traversalsIn(value)) {
        const reference = referenceOf(traversal, file.edits.text);
        if (reference === undefined || configuration.object(reference.address) === undefined) continue;
        const rows = found.get(reference.address) ?? [];
        found.set(reference.address, rows);
        rows.push({ ...reference, file });
      }
  return found;
});

/** The references to attributes of an object. */
export const referencesTo = (configuration: Configuration, { address }: ObjectBlock): readonly Found[] =>
  allReferences(configuration).get(address) ?? [];

/** Whether the data source of a VLAN is looked up by its id, which canonical/maas takes in place of a VID. */
export function isById(object: ObjectBlock): boolean {
  const vlan = given(object, "vlan");
  const constant = vlan && constantOf(vlan.value, object.file.edits.text);
  return constant !== undefined && Number(constant) > (KINDS.vlan.field.vid.max ?? 0);
}

/** Gives `vlan` of the data source of a VLAN, and of what refers to that, the name that the attribute has here. */
export function rewriteDataVlan(context: Context, object: ObjectBlock): void {
  const vlan = given(object, "vlan");
  if (vlan === undefined || isById(object)) return;
  const { edits } = object.file;
  // The equal signs stay in their column.
  const isAligned =
    /^[ \t]+=/.test(edits.text.slice(vlan.name.end)) &&
    edits.text.slice(object.block.start, object.block.end).includes("\n");
  edits.replace(vlan.name, isAligned ? "vid " : "vid");
  const used = referencesTo(context.configuration, object).filter(({ attribute }) => attribute === VID_OF_CANONICAL);
  for (const { file, at } of used) file.edits.rename(at, "vid");
  told(context, object, "changed", `vlan is now vid${used.length === 0 ? "" : ", and so where it is referred to"}`);
}

/** Tells of references to what a resource does not have here. */
export function checkReferences(context: Context, object: ObjectBlock): void {
  const kind = kindOfType(object.type);
  if (kind === undefined || object.mode === "data" || !isManaged(kind)) return;
  const has = new Set(["id", ...terraformKind(kind).fields.map(({ name }) => name)]);
  for (const { attribute, file, at } of referencesTo(context.configuration, object)) {
    if (has.has(attribute)) continue;
    const instead =
      attribute === INLINE_RANGES
        ? "the ranges are resources of their own now"
        : `${object.type} has no such attribute here`;
    context.report.add(
      file,
      at.start,
      `reference to ${object.address}.${attribute}`,
      "by hand",
      `${instead}: change the expression`,
    );
  }
}
