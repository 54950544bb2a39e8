import * as fc from "fast-check";
import type { NetworkDocument } from "../../lib/model/document";
import type { AttributeName } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { MaasClient } from "../../src/maas/client";
import { type ObjectJson, rowsOf } from "../../src/maas/codec";
import { MaasHttpError } from "../../src/maas/errors";

// What somebody does by hand to a network of ./random-network: to what it has made, and to attributes that it sets.

/** A change by hand: which sort, of which of the objects that it can be made of, and to what. */
export interface HandMade {
  readonly sort: number;
  readonly which: number;
  readonly how: number;
}

const number = fc.nat(1000);

/** A few changes by hand. */
export const drifts = fc.array(fc.record({ sort: number, which: number, how: number }), { minLength: 1, maxLength: 6 });

/** The rows of what a network has made, and of what it may have been moved to. */
interface Rows {
  readonly fabrics: readonly ObjectJson[];
  readonly vlans: readonly ObjectJson[];
  readonly subnets: readonly ObjectJson[];
  readonly ipranges: readonly ObjectJson[];
  readonly spaces: readonly ObjectJson[];
  /** The interfaces of rack controllers that the network lends, with their node. */
  readonly nics: readonly ObjectJson[];
  /** The VLANs of the region. */
  readonly allVlans: readonly ObjectJson[];
  readonly racks: readonly ObjectJson[];
}

const isOurs = ({ cidr, start_ip: start }: ObjectJson): boolean => /^(10\.|2001:db8:1:)/.test(textOf(cidr ?? start));

async function rowsFor(api: MaasClient, { objects }: NetworkDocument): Promise<Rows> {
  const list = async (path: string): Promise<readonly ObjectJson[]> => rowsOf(await api.get(path));
  const all = await list("fabrics/");
  const fabrics = all.filter(({ name }) => !["racks", "foreign", "fabric-0"].includes(textOf(name)));
  const racks = await list("rackcontrollers/");
  const lent = (objects.rack_interface ?? []).map(({ attributes }) => textOf(attributes.rack_controller));
  return {
    ...{ fabrics, racks, vlans: fabrics.flatMap(({ vlans }) => rowsOf(vlans)) },
    allVlans: all.flatMap(({ vlans }) => rowsOf(vlans)),
    subnets: (await list("subnets/")).filter(isOurs),
    ipranges: (await list("ipranges/")).filter(isOurs),
    spaces: (await list("spaces/")).filter(({ name }) => ["green", "blue"].includes(textOf(name))),
    nics: racks
      .filter(({ hostname }) => lent.includes(textOf(hostname)))
      .flatMap(({ system_id: node, interface_set: nics }) =>
        rowsOf(nics).flatMap((nic) => (nic.name === "eth1" ? [{ ...nic, node }] : [])),
      ),
  };
}

/** One sort of change by hand. */
interface Sort {
  readonly of: Exclude<keyof Rows, "allVlans" | "racks">;
  /** Of which objects. Absent = of all. */
  readonly where?: (row: ObjectJson, network: NetworkDocument) => boolean;
  /** What is sent; absent = the object is deleted. */
  readonly form?: (row: ObjectJson, how: number, rows: Rows) => Readonly<Record<string, string>>;
}

const PATHS: Readonly<Record<Sort["of"], (row: ObjectJson) => string>> = {
  fabrics: ({ id }) => `fabrics/${textOf(id)}/`,
  vlans: ({ id }) => `vlans/${textOf(id)}/`,
  subnets: ({ id }) => `subnets/${textOf(id)}/`,
  ipranges: ({ id }) => `ipranges/${textOf(id)}/`,
  spaces: ({ id }) => `spaces/${textOf(id)}/`,
  nics: ({ id, node }) => `nodes/${textOf(node)}/interfaces/${textOf(id)}/`,
};

/** @throws Error where there are none */
function one<T>(all: readonly T[], how: number): T {
  const found = all[how % Math.max(1, all.length)];
  if (found === undefined) throw new Error("nothing to choose from");
  return found;
}

const idOf = (rows: readonly ObjectJson[], how: number): string => textOf(one(rows, how).id);

/** Whether the network sets that attribute of the subnet: what it leaves to MAAS is no drift. */
const sets =
  (attribute: AttributeName) =>
  ({ cidr }: ObjectJson, { objects }: NetworkDocument): boolean =>
    (objects.subnet ?? []).find(({ key }) => key === cidr)?.attributes[attribute] !== undefined;

const SORTS: readonly Sort[] = [
  { of: "fabrics", form: (_, how) => ({ name: `theirs-${how}` }) },
  { of: "fabrics" },
  { of: "spaces", form: (_, how) => ({ name: `theirs-${how}` }) },
  { of: "spaces" },
  { of: "vlans", form: (_, how) => ({ vid: one(["0", "10", "20", "30", "40"], how) }) },
  { of: "vlans" },
  { of: "vlans", where: ({ vid }) => vid !== 0, form: (_, how, { fabrics }) => ({ fabric: idOf(fabrics, how) }) },
  { of: "vlans", where: ({ space }) => space !== "undefined", form: () => ({ space: "" }) },
  { of: "vlans", where: ({ name }) => textOf(name ?? "").startsWith("net"), form: () => ({ name: "theirs" }) },
  { of: "vlans", where: ({ dhcp_on: isOn }) => isOn === true, form: () => ({ dhcp_on: "false" }) },
  {
    of: "vlans",
    where: ({ dhcp_on: isOn }) => isOn === true,
    form: (_, how, { racks }) => ({ primary_rack: textOf(one(racks, how).system_id) }),
  },
  { of: "vlans", where: ({ secondary_rack: rack }) => rack !== null, form: () => ({ secondary_rack: "" }) },
  { of: "vlans", where: ({ relay_vlan: target }) => target !== null, form: () => ({ relay_vlan: "" }) },
  {
    of: "vlans",
    where: ({ relay_vlan: target }) => target !== null,
    form: (_, how, { allVlans }) => ({ relay_vlan: idOf(allVlans, how) }),
  },
  { of: "subnets", form: (_, how, { allVlans }) => ({ vlan: idOf(allVlans, how) }) },
  { of: "subnets" },
  {
    of: "subnets",
    form: ({ cidr }, how) => ({
      ...{ cidr: textOf(cidr).includes(":") ? `2001:db8:1:${how}::/64` : `10.1.${how % 200}.0/24`, gateway_ip: "" },
    }),
  },
  { of: "subnets", where: sets("gateway_ip"), form: () => ({ gateway_ip: "" }) },
  { of: "subnets", where: sets("dns_servers"), form: () => ({ dns_servers: "192.168.0.3" }) },
  { of: "subnets", where: sets("description"), form: () => ({ description: "theirs" }) },
  { of: "subnets", form: ({ managed }) => ({ managed: String(managed !== true) }) },
  { of: "ipranges", form: ({ start_ip: start }) => ({ end_ip: textOf(start) }) },
  { of: "ipranges" },
  { of: "nics", form: (_, how, { allVlans }) => ({ vlan: how % 4 === 0 ? "" : idOf(allVlans, how) }) },
];

/** Makes a change by hand, where the region has such an object and takes the change. */
export async function drift(api: MaasClient, network: NetworkDocument, { sort, which, how }: HandMade): Promise<void> {
  const { of, where = () => true, form } = one(SORTS, sort);
  const rows = await rowsFor(api, network);
  const fitting = rows[of].filter((row) => where(row, network));
  if (fitting.length === 0) return;
  const row = one(fitting, which);
  const path = PATHS[of](row);
  try {
    await (form === undefined ? api.delete(path) : api.put(path, Object.entries(form(row, how, rows))));
  } catch (error) {
    if (!(error instanceof MaasHttpError)) throw error;
  }
}

/** The command that an error names for a VLAN which MAAS does not change as it is: nothing serves its DHCP any more. */
const COMMAND = /maas PROFILE vlan update (\d+) (\d+) ((?:\w+=\w* ?)+)\)/;

/** Does what an error says of a VLAN that MAAS does not change as it is. @returns false where it is another error */
export async function followAdvice(api: MaasClient, error: string): Promise<boolean> {
  const [, fabric, vid, settings = ""] = COMMAND.exec(error.replace(/\s+/g, " ")) ?? [];
  if (fabric === undefined || vid === undefined) return false;
  const form = settings.split(" ").map((setting) => setting.split("=") as [string, string]);
  await api.put(`fabrics/${fabric}/vlans/${vid}/`, form);
  return true;
}
