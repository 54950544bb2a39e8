import { settingsOf } from "../../lib/model/kind";
import { isManaged, KINDS } from "../../lib/model/kinds";
import { keyParts } from "../../lib/model/natural-key";
import type { Configuration, ObjectBlock } from "./configuration";
import { DHCP_ON } from "./dhcp";
import { referencesTo } from "./references";
import { kindOfType } from "./values";

const META = ["count", "for_each", "provider", "depends_on"];

/** Arguments of canonical/maas that the provider takes in its words, or that are rewritten. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  [KINDS.subnet.type]: ["fabric"],
  [KINDS.vlan.type]: [DHCP_ON],
  [KINDS.vlan_dhcp.type]: ["fabric", "subnets"],
};

/** Arguments and attributes of its data sources. */
const TAKEN_BY_DATA: Readonly<Record<string, readonly string[]>> = {
  [KINDS.vlan.type]: ["vlan"],
  [KINDS.subnet.type]: ["fabric"],
};

const argumentsOf = ({ block }: ObjectBlock): string[] =>
  block.body.items.flatMap((item) =>
    item.kind === "attribute" && !META.includes(item.name.text) ? [item.name.text] : [],
  );

const list = (names: readonly string[]): string => names.join(", ");

/** Why an object has to stay with canonical/maas; undefined where this provider can have it. */
export function staysBecause(configuration: Configuration, object: ObjectBlock): string | undefined {
  const { mode, type } = object;
  const kind = kindOfType(type);
  const isData = mode === "data";
  if (kind === undefined || (isData ? !kind.dataSource : !isManaged(kind)))
    return `cdktf-maas has no ${isData ? "data source" : "resource"} ${type}`;
  const own = kind.fields.filter(({ presence }) => presence !== "computed").map(({ name }) => name);
  const known = isData
    ? [...keyParts(kind.name), ...(TAKEN_BY_DATA[type] ?? [])]
    : [...own, ...settingsOf(kind), ...(TAKEN[type] ?? [])];
  const strange = argumentsOf(object).filter((name) => !known.includes(name));
  if (strange.length > 0) return `${type} of cdktf-maas has no ${list(strange)}`;
  if (!isData) return undefined;
  const has = ["id", ...kind.fields.filter(({ jsonPath }) => jsonPath !== undefined).map(({ name }) => name), ...known];
  const missing = [...new Set(referencesTo(configuration, object).map(({ attribute }) => attribute))].filter(
    (name) => !has.includes(name),
  );
  return missing.length > 0 ? `data source ${type} of cdktf-maas has no ${list(missing)}` : undefined;
}
