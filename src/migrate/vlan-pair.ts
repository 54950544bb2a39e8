import { KINDS } from "../../lib/model/kinds";
import type { Configuration, ObjectBlock, Reference } from "./configuration";
import { tryText } from "../../lib/model/text";
import { type Context, liveObjectOf, told } from "./context";
import { given, interpolated } from "./blocks";
import type { Attribute, Expression } from "./hcl/ast";
import { hclText } from "./hcl/text";
import { VID_OF_CANONICAL } from "./references";
import { constantOf, isKind, naturalKey, referenceIn, sourceOf } from "./values";

/** The highest VID. A higher number where canonical/maas takes a VID or an id is an id. */
const MAX_VID = KINDS.vlan.field.vid.max ?? 0;

/** What tells whether two expressions mean the same fabric. */
function fabricIdentity(configuration: Configuration, file: ObjectBlock["file"], fabric: Expression): string {
  const text = file.edits.text;
  const reference = referenceIn(fabric, text);
  const constant = constantOf(fabric, text);
  if (constant !== undefined) return `name ${String(constant)}`;
  if (reference === undefined) return `expression ${text.slice(fabric.start, fabric.end)}`;
  const other = configuration.object(reference.address);
  const name =
    other && reference.index === "" && isKind(other.type, "fabric") ? naturalKey(configuration, other) : undefined;
  if (name !== undefined) return `name ${name}`;
  const isWhole = other !== undefined && isKind(other.type, "fabric");
  return `object ${reference.address}${reference.index}${isWhole ? "" : `.${reference.attribute}`}`;
}

/** Whether the fabric of that VLAN's block is the one that is given beside the VID. */
function isOfFabric(context: Context, object: ObjectBlock, fabric: Expression | undefined, vlan: ObjectBlock): boolean {
  const own = given(vlan, "fabric");
  if (fabric === undefined || own === undefined) return false;
  const { configuration } = context;
  return fabricIdentity(configuration, object.file, fabric) === fabricIdentity(configuration, vlan.file, own.value);
}

/** FABRIC:VID of what is given as two. A fabric's name is known before the fabric is made, and its id is not. */
function composed(context: Context, object: ObjectBlock, fabric: Expression, vlan: Expression): string {
  const { file } = object;
  const source = sourceOf(file, fabric);
  const reference = referenceIn(fabric, file.edits.text);
  const target = reference && context.configuration.object(reference.address);
  const isId = reference?.attribute === "id" && target !== undefined && isKind(target.type, "fabric");
  const named = isId ? `\${${reference.address}${reference.index}.name}` : interpolated(fabric, source);
  const constant = constantOf(vlan, file.edits.text);
  const vid = constant === undefined ? interpolated(vlan, sourceOf(file, vlan)) : String(constant);
  return `"${named}:${vid}"`;
}

/** The one VLAN of the configuration with that VID in the fabric, and no instances. */
function vlanWithVid(
  context: Context,
  object: ObjectBlock,
  fabric: Expression | undefined,
  vid: number,
): ObjectBlock | undefined {
  const found = context.configuration.objects.filter((vlan) => {
    const own = isKind(vlan.type, "vlan") ? (given(vlan, "vid") ?? given(vlan, "vlan")) : undefined;
    const constant = own && constantOf(own.value, vlan.file.edits.text);
    return (
      own !== undefined &&
      vlan.repeated === undefined &&
      constant !== undefined &&
      Number(constant) === vid &&
      isOfFabric(context, object, fabric, vlan)
    );
  });
  const managed = found.filter(({ mode }) => mode === "managed");
  return (managed.length > 0 ? managed : found)[0];
}

const idOf = ({ address, index }: Reference): string => `${address}${index}.id`;

/** What a VLAN is called here, after a reference; undefined where that does not tell. */
function ofReference(
  context: Context,
  object: ObjectBlock,
  fabric: Expression | undefined,
  vlan: Expression,
): string | undefined {
  const text = object.file.edits.text;
  const reference = referenceIn(vlan, text);
  const target = reference && context.configuration.object(reference.address);
  if (reference === undefined || target === undefined) return undefined;
  const { attribute } = reference;
  if (isKind(target.type, "vlan")) {
    if (attribute === "id") return sourceOf(object.file, vlan);
    if (!["vid", VID_OF_CANONICAL].includes(attribute)) return undefined;
    if (isOfFabric(context, object, fabric, target)) return idOf(reference);
    return fabric && composed(context, object, fabric, vlan);
  }
  if (isKind(target.type, "subnet")) {
    // Both of one subnet: its VLAN.
    const other = referenceIn(fabric, text);
    const isPair = other?.address === reference.address && other.index === reference.index;
    if (isPair && /^(vid|vlan)$/.test(attribute)) return `${reference.address}${reference.index}.vlan`;
    if (attribute === "vid" && fabric !== undefined) return composed(context, object, fabric, vlan);
  }
  return undefined;
}

/** Whether the state has VIDs in the attribute of all instances, or ids. */
function stateHas({ state }: Context, object: ObjectBlock, name: string): "vid" | "id" | undefined {
  const numbers = (state?.of(object.address) ?? [])
    .map(({ attributes }) => attributes[name])
    .filter((value) => value !== null && value !== undefined && value !== "")
    .map(Number);
  if (numbers.length === 0) return undefined;
  if (numbers.every((number) => number <= MAX_VID)) return "vid";
  return numbers.every((number) => number > MAX_VID) ? "id" : undefined;
}

/** `vlan` of an object as this provider has it: an id, or FABRIC:VID. */
export function vlanText(
  context: Context,
  object: ObjectBlock,
  {
    fabric,
    vlan,
    isVid,
  }: { readonly fabric: Expression | undefined; readonly vlan: Expression; readonly isVid: boolean },
): string | undefined {
  const byReference = ofReference(context, object, fabric, vlan);
  if (byReference !== undefined) return byReference;
  const text = object.file.edits.text;
  const constant = constantOf(vlan, text);
  const source = sourceOf(object.file, vlan);
  if (constant !== undefined) {
    const isKey = !/^\d+$/.test(String(constant));
    if (isKey || Number(constant) > MAX_VID) return source;
    const known = vlanWithVid(context, object, fabric, Number(constant));
    if (known !== undefined) return `${known.address}.id`;
    return fabric && composed(context, object, fabric, vlan);
  }
  if (isVid || stateHas(context, object, "vlan") === "vid") return fabric && composed(context, object, fabric, vlan);
  return stateHas(context, object, "vlan") === "id" ? source : undefined;
}

/** The VLAN that the region has the subnet on: a block of the configuration, or FABRIC:VID. */
function liveVlan(context: Context, subnet: ObjectBlock): string | undefined {
  const { configuration } = context;
  const live = liveObjectOf(context, KINDS.subnet.name, naturalKey(configuration, subnet));
  const key = tryText(live?.attributes.vlan);
  if (key === undefined) return undefined;
  const vlans = configuration.objects.filter(({ type }) => isKind(type, "vlan"));
  const own = vlans.find((vlan) => naturalKey(configuration, vlan) === key);
  return own === undefined ? hclText(key) : `${own.address}.id`;
}

/** Writes down the VLAN of a subnet that has none in its block: canonical/maas takes the default VLAN of its fabric, or of the first one. */
function rewriteWithoutVlan(context: Context, subnet: ObjectBlock, fabric: Attribute | undefined): void {
  const { edits } = subnet.file;
  const text = liveVlan(context, subnet);
  if (text === undefined) {
    told(
      context,
      subnet,
      "unchanged",
      "vlan stays left out: the provider keeps the subnet where it is, and takes the default VLAN for a new one",
    );
    return;
  }
  const cidr = given(subnet, "cidr");
  if (fabric !== undefined) {
    edits.replace(fabric.name, "vlan  ");
    edits.replace(fabric.value, text);
  } else if (cidr !== undefined) edits.insert(cidr.end, `\n${edits.indentAt(cidr.start)}vlan   = ${text}`);
  told(context, subnet, "changed", `vlan = ${text}, where the region has the subnet`);
}

/** Rewrites `fabric` and `vlan` of an object into `vlan` alone. */
export function rewritePair(context: Context, object: ObjectBlock): void {
  const { edits } = object.file;
  const isSubnet = isKind(object.type, "subnet");
  const [fabric, vlan] = [given(object, "fabric"), given(object, "vlan")];
  if (vlan === undefined) {
    if (isSubnet) rewriteWithoutVlan(context, object, fabric);
    return;
  }
  if (fabric === undefined) return;
  const before = sourceOf(object.file, vlan.value);
  // canonical/maas takes an id as well for a subnet, and a VID alone for DHCP.
  const after = vlanText(context, object, { fabric: fabric.value, vlan: vlan.value, isVid: !isSubnet });
  if (after === undefined) {
    const why = `nothing here tells whether ${before} is a VID or an id, and the provider takes the pair as it is`;
    told(context, object, "unchanged", `fabric and vlan stay: ${why}`);
    return;
  }
  edits.remove(fabric);
  if (after !== before) edits.replace(vlan.value, after);
  const what =
    after === before ? "fabric removed: vlan says it" : `fabric and vlan = ${before} are now vlan = ${after}`;
  told(context, object, "changed", what);
}
