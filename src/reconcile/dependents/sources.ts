import type { Kind } from "../../../lib/model/kind";
import { INTERFACE_KINDS, KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import { keysOfRow } from "../../maas/indexed-rows";
import { defaultVlanOf, NO_SPACE, vlanKey } from "../region/live-objects";
import type { Dependent } from "./dependents";
import { ofNodes } from "./node-sources";
import { blocking, idOf, type List, owned, type Ownership, type Source } from "./ownership";

const cidrOf = (value: unknown): string => textOf((value as ObjectJson | null | undefined)?.cidr ?? "");

const ofFabric = (vlan: ObjectJson): Pick<Ownership, "kind" | "id"> => ({ kind: "fabric", id: textOf(vlan.fabric_id) });

/** What a VLAN's row says of others: who goes, moves or changes with whom. */
function vlanOwnerships(vlan: ObjectJson, fabric: ObjectJson, spaces: ReadonlyMap<unknown, ObjectJson>): Ownership[] {
  const key = vlanKey(vlan) ?? "";
  const itself = { kind: "vlan", id: idOf(vlan) } as const;
  const dhcp = { kind: "vlan_dhcp", id: idOf(vlan) } as const;
  const relay = (vlan.relay_vlan ?? null) as ObjectJson | null;
  const isServed = vlan.dhcp_on === true || relay !== null;
  const asRelay: Dependent = { what: `DHCP relay of VLAN ${key}`, effect: "changed", object: dhcp };
  const isDefault = defaultVlanOf(fabric)?.id === vlan.id;
  return [
    ...(isDefault ? [] : owned("fabric", fabric, { what: `VLAN ${key}`, effect: "deleted", object: itself })),
    ...(isServed
      ? [
          ...owned("vlan", vlan, { what: `DHCP of VLAN ${key}`, effect: "deleted", object: dhcp }),
          ...owned("fabric", fabric, { what: `DHCP of VLAN ${key}`, effect: "deleted", object: dhcp }),
        ]
      : []),
    ...owned("vlan", relay, asRelay),
    ...owned("vlan_dhcp", relay, asRelay),
    // The default VLAN of a fabric goes with that alone.
    ...(relay === null || relay.fabric_id === fabric.id ? [] : [{ ...ofFabric(relay), dependent: asRelay }]),
    ...owned("space", spaces.get(vlan.space), { what: `VLAN ${key}`, effect: "changed", object: itself }),
  ];
}

function subnetOwnerships(subnet: ObjectJson): Ownership[] {
  const vlan = subnet.vlan as ObjectJson;
  const what = `subnet ${cidrOf(subnet)}`;
  const dependent: Dependent = { what, effect: "moved", object: { kind: "subnet", id: idOf(subnet) } };
  return [...owned("vlan", vlan, dependent), blocking(vlan, dependent)];
}

/** What is in DNS domains: MAAS refuses to delete one before that has gone. */
async function inDomains(list: List): Promise<Ownership[]> {
  const records = (await list("dnsresources")).flatMap((row) => {
    const what = `DNS record ${textOf(row.type)} ${textOf(row.fqdn)}`;
    return owned("dns_domain", row.domain, {
      what,
      effect: "blocking",
      object: { kind: "dns_record", id: textOf(row.id) },
    });
  });
  // Another domain becomes the default one before that is deleted, and MAAS moves its nodes there.
  const byDefault = new Set((await list("domains")).flatMap(({ id, is_default: is }) => (is === true ? [id] : [])));
  const nodes = (["machines", "devices", "rackcontrollers"] as const).map(async (collection) =>
    (await list(collection)).flatMap((row) => {
      const domain = (row.domain ?? null) as ObjectJson | null;
      if (byDefault.has(domain?.id)) return [];
      const dependent: Dependent = {
        what: `${NODE_WORDS[collection]} ${textOf(row.hostname)}`,
        effect: "blocking",
        ...(collection === "devices" && { object: { kind: "device", id: textOf(row.system_id) } as const }),
      };
      return owned("dns_domain", domain, dependent);
    }),
  );
  return [...records, ...(await Promise.all(nodes)).flat()];
}

const NODE_WORDS = { machines: "machine", devices: "device", rackcontrollers: "rack controller" } as const;

/** Objects that MAAS deletes along with those that they refer to, as their kinds say. */
const KIND_SOURCES: readonly Source[] = Object.values<Kind>(KINDS).flatMap((kind) => {
  const ends = kind.fields.filter(({ deletedAlong }) => deletedAlong === true);
  const find: Source["find"] = async (list) =>
    (await list(kind.api.collection)).flatMap((row) => {
      const what = `${kind.title} ${keysOfRow(kind, row).at(-1) ?? ""}`;
      const object = { kind: kind.name as ManagedKindName, id: idOf(row) };
      return ends.flatMap(({ references, jsonPath = "" }): Ownership[] => {
        const [member = ""] = jsonPath.split(".");
        const owner = (row[member] ?? null) as ObjectJson | null;
        const of = references as ManagedKindName;
        const dependent: Dependent = { what, effect: "deleted", object };
        return owner === null ? [] : [{ kind: of, id: COLLECTIONS[KINDS[of].api.collection].id(owner), dependent }];
      });
    });
  return ends.length === 0 ? [] : [{ of: ends.map(({ references }) => references as ManagedKindName), find }];
});

/**
 * All that MAAS deletes, moves or changes along with an object without a word.
 *
 * @see MAAS models/subnet.py, models/vlan.py, models/fabric.py, models/space.py, models/staticipaddress.py (3.6.4); live
 * regions 3.4.10, 3.6.5 and 3.7.3
 */
export const SOURCES: readonly Source[] = [
  {
    of: ["fabric", "vlan", "vlan_dhcp", "space"],
    find: async (list) => {
      const own = (await list("spaces")).filter(({ id }) => id !== NO_SPACE);
      const byName = new Map(own.map((space) => [space.name, space]));
      return (await list("fabrics")).flatMap((fabric) =>
        rowsOf(fabric.vlans).flatMap((vlan) => vlanOwnerships(vlan, fabric, byName)),
      );
    },
  },
  { of: ["fabric", "vlan"], find: async (list) => (await list("subnets")).flatMap(subnetOwnerships) },
  {
    of: ["subnet", "vlan", "fabric", "device", ...INTERFACE_KINDS.map(({ name }) => name)],
    find: async (list) => [
      ...ofNodes(await list("machines")),
      ...ofNodes(await list("devices"), { isDevice: true }),
      ...ofNodes(await list("rackcontrollers"), { isRack: true }),
    ],
  },
  { of: ["dns_domain"], find: inDomains },
  ...KIND_SOURCES,
];
