import { KINDS } from "../../lib/model/kinds";
import { textOf, tryText } from "../../lib/model/text";
import {
  addImported,
  aligned,
  blockText,
  given,
  importEdits,
  importLoop,
  indexOf,
  interpolated,
  type Line,
  metaLines,
  replacing,
} from "./blocks";
import type { ObjectBlock } from "./configuration";
import { type Context, liveObjectOf, type RegionObject, told } from "./context";
import type { Attribute } from "./hcl/ast";
import { hclText } from "./hcl/text";
import type { NewRange } from "./ranges";
import { constantOf, isKind, naturalKey, referenceIn } from "./values";
import { vlanText } from "./vlan-pair";

/** The attribute of canonical/maas's VLAN that is a resource here. */
export const DHCP_ON = "dhcp_on";

/** The VLAN that a subnet's block is on: the address of that block, and its index. */
function vlanOf(context: Context, subnet: ObjectBlock): string | undefined {
  const [fabric, vlan] = [given(subnet, "fabric"), given(subnet, "vlan")];
  if (vlan === undefined) return undefined;
  const text = vlanText(context, subnet, { fabric: fabric?.value, vlan: vlan.value, isVid: false });
  return text?.endsWith(".id") ? text.slice(0, -".id".length) : undefined;
}

/** The ids of all dynamic ranges of the configuration on the VLAN's subnets, as expressions. */
function rangesOn(context: Context, vlan: ObjectBlock, made: readonly NewRange[]): string[] {
  const { type } = KINDS.ip_range;
  const isOn = (subnet: ObjectBlock): boolean =>
    vlanOf(context, subnet) === `${vlan.address}${indexOf(vlan)}` &&
    (vlan.repeated === undefined || subnet.repeated === vlan.repeated);
  const ids = ({
    name,
    repeated,
    subnet,
  }: {
    readonly name: string;
    readonly repeated: "for_each" | "count" | undefined;
    readonly subnet: ObjectBlock;
  }): string => {
    if (repeated === undefined) return `${type}.${name}.id`;
    if (vlan.repeated !== undefined && subnet.repeated === vlan.repeated) return `${type}.${name}${indexOf(vlan)}.id`;
    return repeated === "count" ? `${type}.${name}[*].id` : `values(${type}.${name})[*].id`;
  };
  const own = made.filter(({ subnet, type: kind }) => kind === "dynamic" && isOn(subnet));
  const others = context.configuration.objects.flatMap((range) => {
    if (range.mode !== "managed" || !isKind(range.type, "ip_range")) return [];
    const [kind, owner] = [given(range, "type"), given(range, "subnet")];
    const reference = owner && referenceIn(owner.value, range.file.edits.text);
    const subnet = reference && context.configuration.object(reference.address);
    const isDynamic = kind !== undefined && constantOf(kind.value, range.file.edits.text) === "dynamic";
    return isDynamic && subnet?.mode === "managed" && isOn(subnet) ? [ids({ ...range, subnet })] : [];
  });
  return [
    ...own.map((range) =>
      ids({ ...range, repeated: range.isRepeated ? (range.subnet.repeated ?? "for_each") : undefined }),
    ),
    ...others,
  ];
}

/** The list of those ids: a list of lists is put together. */
function listOf(ids: readonly string[]): string {
  if (!ids.some((id) => id.includes("[*]"))) return `[${ids.join(", ")}]`;
  if (ids.length === 1) return ids[0] ?? "[]";
  return `concat(${ids.map((id) => (id.includes("[*]") ? id : `[${id}]`)).join(", ")})`;
}

/** Who serves the VLAN's DHCP, as attributes of the new resource. */
type Served =
  { readonly lines: readonly Line[]; readonly isOn: boolean; readonly note?: string } | { readonly problem: string };

/** A rack controller: its data source if the configuration has one, else its hostname. */
function rack({ configuration }: Context, hostname: string): string {
  const source = configuration.objects.find(
    (object) =>
      object.mode === "data" &&
      isKind(object.type, "rack_controller") &&
      naturalKey(configuration, object) === hostname,
  );
  return source === undefined ? hclText(hostname) : `${source.address}.id`;
}

function servedLines(context: Context, { attributes }: RegionObject): Line[] {
  const { primary_rack_controller: primary, secondary_rack_controller: secondary, relay_vlan: relay } = attributes;
  const racks = Object.entries({ primary_rack_controller: primary, secondary_rack_controller: secondary });
  return [
    ...racks.flatMap(([name, hostname]) =>
      typeof hostname === "string" ? [[name, rack(context, hostname)] as const] : [],
    ),
    ...(typeof relay === "string" ? [["relay_vlan", hclText(relay)] as const] : []),
  ];
}

/** What the region has of the VLAN's instances: by the ids of the state, else by the natural key. */
function liveDhcp(context: Context, vlan: ObjectBlock): RegionObject[] {
  const ids = (context.state?.of(vlan.address) ?? []).map(({ attributes }) => textOf(attributes.id ?? ""));
  const { region = [] } = context;
  const byId = region.filter(({ kind, id }) => kind === KINDS.vlan_dhcp.name && ids.includes(id));
  const byKey = liveObjectOf(context, KINDS.vlan_dhcp.name, naturalKey(context.configuration, vlan));
  return byId.length > 0 || byKey === undefined ? byId : [byKey];
}

function served(context: Context, vlan: ObjectBlock): Served {
  if (context.region !== undefined) {
    const live = liveDhcp(context, vlan);
    const texts = new Set(live.map((one) => JSON.stringify(servedLines(context, one))));
    const [first] = live;
    if (first !== undefined && texts.size === 1) return { isOn: true, lines: servedLines(context, first) };
    if (first !== undefined)
      return { problem: "its instances are served by different rack controllers: write a maas_vlan_dhcp for each" };
  }
  const racks = context.configuration.objects.filter(
    ({ mode, type, repeated }) => mode === "data" && isKind(type, "rack_controller") && repeated === undefined,
  );
  const [only] = racks;
  if (only !== undefined && racks.length === 1) {
    const note = `${only.address}, the only rack controller of the configuration, is written as the primary one: compare with the plan`;
    return { isOn: context.region === undefined, lines: [["primary_rack_controller", `${only.address}.id`]], note };
  }
  const problem =
    context.region === undefined
      ? "only the region knows which rack controller serves it: run this again with MAAS_API_URL (or --url) and MAAS_API_KEY set"
      : "the region does not serve DHCP on it: write a maas_vlan_dhcp with the rack controller that is to";
  return { problem };
}

/** The key by which the VLAN's DHCP is imported, as an expression. */
function importId(context: Context, vlan: ObjectBlock): string | undefined {
  const key = naturalKey(context.configuration, vlan);
  if (key !== undefined) return hclText(key);
  const [only, ...others] = context.state?.of(vlan.address) ?? [];
  const id = tryText(only?.attributes.id);
  if (vlan.repeated === undefined && others.length === 0 && id !== undefined) return hclText(id);
  const parts = [given(vlan, "fabric"), given(vlan, "vid")];
  const { edits } = vlan.file;
  const texts = parts.flatMap((part) =>
    part === undefined ? [] : [interpolated(part.value, edits.source(part.value, importEdits(vlan, part.value)))],
  );
  return texts.length === 2 ? `"${texts.join(":")}"` : undefined;
}

/** How many instances the new resource has where an expression decides. */
function conditional(
  vlan: ObjectBlock,
  { value }: Attribute,
): { readonly lines: Line[]; readonly forEach?: string; readonly index: string } | undefined {
  const { edits } = vlan.file;
  if (constantOf(value, edits.text) === true) return { lines: metaLines(vlan), ...importLoop(vlan) };
  if (vlan.repeated === "count") return undefined;
  const provider = metaLines(vlan).filter(([name]) => name === "provider");
  if (vlan.repeated === undefined)
    return { lines: [["count", `${edits.source(value)} ? 1 : 0`], ...provider], index: "[0]" };
  const all = given(vlan, "for_each");
  const condition = edits.source(value, [
    ...replacing(value, "each.key", "key"),
    ...replacing(value, "each.value", "value"),
  ]);
  const forEach = `{ for key, value in ${all === undefined ? "{}" : edits.source(all.value)} : key => value if ${condition} }`;
  return { lines: [["for_each", forEach], ...provider], forEach, index: "[each.key]" };
}

function isOnInState({ state }: Context, { address }: ObjectBlock): boolean {
  return state?.of(address).some(({ attributes }) => attributes[DHCP_ON] === true) ?? true;
}

/** Makes a resource of a VLAN's `dhcp_on`. */
export function rewriteDhcpOn(context: Context, vlan: ObjectBlock, made: readonly NewRange[]): void {
  const attribute = given(vlan, DHCP_ON);
  if (attribute === undefined) return;
  const { file } = vlan;
  if (constantOf(attribute.value, file.edits.text) === false) {
    file.edits.remove(attribute);
    told(
      context,
      vlan,
      "changed",
      `${DHCP_ON} = false removed: a VLAN without a ${KINDS.vlan_dhcp.type} has no DHCP of this configuration`,
    );
    return;
  }
  const service = served(context, vlan);
  const instances = conditional(vlan, attribute);
  if (instances === undefined || "problem" in service) {
    const why =
      "problem" in service
        ? service.problem
        : `an expression decides, and the VLAN has count: write a ${KINDS.vlan_dhcp.type} for it`;
    told(context, vlan, "by hand", `${DHCP_ON} stays: ${why}`);
    return;
  }
  const { type } = KINDS.vlan_dhcp;
  const name = context.configuration.freeName(type, vlan.name);
  const ranges = rangesOn(context, vlan, made);
  const index = vlan.repeated === undefined ? "" : indexOf(vlan);
  const lines: Line[] = [
    ["vlan", `${vlan.address}${index}.id`],
    ...service.lines,
    ...(ranges.length === 0 ? [] : [["ip_ranges", listOf(ranges)] as const]),
  ];
  const head = instances.lines.length === 0 ? [] : [...aligned(instances.lines), ""];
  const resource = blockText(`resource "${type}" "${name}"`, [...head, ...aligned(lines)]);
  const id = importId(context, vlan);
  const isImported = service.isOn && isOnInState(context, vlan) && id !== undefined;
  file.edits.remove(attribute);
  const { index: at, forEach } = instances;
  const imported = { to: `${type}.${name}${at}`, ...(forEach !== undefined && { forEach }) };
  addImported(context, vlan, resource, isImported ? [{ ...imported, id }] : []);
  const what = isImported ? "imported" : "which the region does not serve yet: it will be switched on";
  told(
    context,
    vlan,
    "changed",
    `${DHCP_ON} is now ${type}.${name}, ${what}`,
    ...(service.note === undefined ? [] : [service.note]),
  );
}
