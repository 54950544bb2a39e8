import { textOf } from "../../../lib/model/text";
import { fault } from "../../../lib/model/problem";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { ObjectError } from "../objects/failure";
import type { Strategy } from "./strategy";
import { checkBeside } from "../checks/neighbours";

/** MAAS's words for a MAC address that has a reserved IP on the subnet already (models/reservedip.py, 3.6 and 3.7). */
const MAC_TAKEN = /Reserved IP with this MAC address and Subnet already exists/;
/** The same for an address in a dynamic range. */
const IN_RANGE = /must be outside the dynamic range/;

/** The same for an address whose subnet is made in the same run. */
const NO_SUBNET = /There is no subnet for/;

/** Reserved IPs: one for each MAC address of a subnet, outside its dynamic ranges. */
export const reservedIp: Strategy = {
  passing: new RegExp([MAC_TAKEN, IN_RANGE, NO_SUBNET].map(({ source }) => source).join("|")),
  explain: async ({ client }, refusal, { mac_address: mac, subnet, ip }) => {
    if (!refusal.body.includes("Reserved IP with this MAC address and Subnet already exists")) return undefined;
    const rows = rowsOf(await client.get("reservedips/"));
    const other = rows.find(
      (row) =>
        row.mac_address === mac &&
        row.ip !== ip &&
        (typeof subnet !== "string" || textOf((row.subnet as ObjectJson).id) === subnet),
    );
    if (other === undefined) return undefined;
    return new ObjectError(
      fault("MAAS-OPS-04", "mac_address", {
        what: `${textOf(mac)} has the reserved IP ${textOf(other.ip)} (id ${textOf(other.id)}) on this subnet`,
        why: "MAAS keeps one address for a MAC address on a subnet.",
        fix: `Delete that one first, or take it over in place of a new one: terraform import maas_reserved_ip.NAME ${textOf(other.ip)}.`,
      }),
      { cause: refusal },
    );
  },
  check: (checked) => checkBeside("reserved_ip", checked),
};
