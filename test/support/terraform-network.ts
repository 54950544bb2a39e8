import type { DocumentObject, NetworkDocument } from "../../lib/model/document";
import type { Kind } from "../../lib/model/kind";
import { isManaged, KINDS, type KindName } from "../../lib/model/kinds";
import { textOf } from "../../lib/model/text";
import type { Configuration } from "./terraform";

type Block = Record<string, unknown>;

/** The address of a resource; that of DHCP beside its VLAN is another one. */
const addressOf = (kind: KindName, { path }: DocumentObject): string =>
  `${KINDS[kind].type}.${path.replace(/[^A-Za-z0-9]/g, "_")}`;

/**
 * The network of a document as resources that refer to each other. DHCP comes after what it needs, as the constructs say it.
 * Static ranges are left out: MAAS has none.
 */
export function terraformOf({ objects }: NetworkDocument): Configuration {
  const managed = (Object.keys(objects) as KindName[])
    .filter((kind) => isManaged(KINDS[kind]))
    .flatMap((kind) => (objects[kind] ?? []).map((object) => ({ kind, object })))
    .filter(({ kind, object }) => kind !== "ip_range" || object.attributes.type !== "static");
  const addresses = new Map(managed.map(({ kind, object }) => [`${kind} ${object.key}`, addressOf(kind, object)]));
  const blockOf = (kind: Kind, { attributes }: DocumentObject): Block =>
    Object.fromEntries(
      kind.fields.flatMap(({ name, references }) => {
        const value = attributes[name];
        const target = typeof value === "string" ? addresses.get(`${references ?? ""} ${value}`) : undefined;
        const part = references === "space" ? "name" : "id";
        return value === undefined ? [] : [[name, target === undefined ? value : `\${${target}.${part}}`]];
      }),
    );
  /** What DHCP on a VLAN needs: its ranges and its racks' interfaces, or the DHCP of the VLAN that it relays to. */
  const neededBy = ({ key, attributes }: DocumentObject): string[] => {
    const subnets = new Set((objects.subnet ?? []).flatMap((one) => (one.attributes.vlan === key ? [one.key] : [])));
    return managed
      .filter(({ kind, object }) =>
        attributes.relay_vlan === undefined
          ? (kind === "ip_range" && subnets.has(textOf(object.attributes.subnet))) ||
            (kind === "rack_interface" && object.attributes.vlan === key)
          : kind === "vlan_dhcp" && object.key === attributes.relay_vlan,
      )
      .map(({ kind, object }) => addressOf(kind, object));
  };
  const resource: Record<string, Record<string, Block>> = {};
  for (const { kind, object } of managed) {
    const [type = "", name = ""] = addressOf(kind, object).split(".");
    const block = blockOf(KINDS[kind], object);
    (resource[type] ??= {})[name] = kind === "vlan_dhcp" ? { ...block, depends_on: neededBy(object) } : block;
  }
  return { resource };
}
