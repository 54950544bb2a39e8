import { type Kind, settingsOf } from "../../lib/model/kind";
import { isManaged, KINDS } from "../../lib/model/kinds";
import { keyParts } from "../../lib/model/natural-key";
import { terraformKind } from "../../lib/model/terraform/kinds";
import type { Configuration, ObjectBlock } from "./configuration";
import { DHCP_ON } from "./dhcp";
import { referencesTo } from "./references";
import { kindOfType } from "./values";

const META = ["count", "for_each", "provider", "depends_on"];

/** The arguments of a resource: those of its record, canonical/maas's words that are taken as well, and what is rewritten. */
function argumentsOfResource(kind: Kind): string[] {
  const own = terraformKind(kind).fields.filter(({ presence }) => presence !== "computed");
  return [...own.map(({ name }) => name), ...settingsOf(kind), ...(kind.type === KINDS.vlan.type ? [DHCP_ON] : [])];
}

/** The arguments of a data source: the parts of its key, under all names. */
const argumentsOfData = (kind: Kind): string[] => [
  ...keyParts(kind.name),
  ...Object.keys(kind.terraform?.aliases ?? {}),
];

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
  if (kind === undefined || (!isData && !isManaged(kind)))
    return `cdktf-maas has no ${isData ? "data source" : "resource"} ${type}`;
  const known = isData ? argumentsOfData(kind) : argumentsOfResource(kind);
  const strange = argumentsOf(object).filter((name) => !known.includes(name));
  if (strange.length > 0) return `${type} of cdktf-maas has no ${list(strange)}`;
  if (!isData) return undefined;
  const has = [
    "id",
    ...terraformKind(kind)
      .fields.filter(({ jsonPath }) => jsonPath !== undefined)
      .map(({ name }) => name),
    ...known,
  ];
  const missing = [...new Set(referencesTo(configuration, object).map(({ attribute }) => attribute))].filter(
    (name) => !has.includes(name),
  );
  return missing.length > 0 ? `data source ${type} of cdktf-maas has no ${list(missing)}` : undefined;
}
