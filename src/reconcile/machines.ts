import { textOf } from "../../lib/model/text";
import { fault } from "../../lib/model/problem";
import { type ObjectJson, rowsOf } from "../maas/codec";
import { ObjectError } from "./object-error";
import type { Region } from "./region";

/** The interfaces of a machine's row. */
export const interfacesOf = (machine: ObjectJson): readonly ObjectJson[] => rowsOf(machine.interface_set);

/** The links of an interface's row, MAAS's own `link_up` included. */
export const linksOf = (nic: ObjectJson): readonly ObjectJson[] => rowsOf(nic.links);

/** The interface that a name, an id or a MAC address means; a name wins over an id. */
export function findInterface(machine: ObjectJson, key: string): ObjectJson | undefined {
  const nics = interfacesOf(machine);
  return (
    nics.find(({ name }) => name === key) ??
    nics.find(({ id, mac_address: mac }) => textOf(id) === key || String(mac).toLowerCase() === key.toLowerCase())
  );
}

/** {@link findInterface}. @throws ObjectError at `attribute` that names the interfaces that there are. */
export function requireInterface(machine: ObjectJson, key: string, attribute: string): ObjectJson {
  const found = findInterface(machine, key);
  if (found !== undefined) return found;
  const names = interfacesOf(machine).map(({ name }) => textOf(name));
  throw new ObjectError(
    fault("MAAS-OPS-01", attribute, {
      what: `machine ${textOf(machine.hostname)} has no interface "${key}"`,
      fix: `Give the name, the id or the MAC address of an interface that it has: ${names.join(", ") || "it has none, so commission it first"}.`,
    }),
  );
}

/** The machine with that system id. @throws ObjectError when it is gone. */
export async function requireMachine({ snapshot }: Region, systemId: string): Promise<ObjectJson> {
  const machine = await snapshot.read("machines", systemId);
  if (machine !== undefined) return machine;
  throw new ObjectError(
    fault("MAAS-OPS-01", "machine", {
      what: `the region has no machine ${systemId}`,
      why: "It may have been deleted meanwhile.",
      fix: "Give the hostname or the system id of a machine that is there.",
    }),
  );
}
