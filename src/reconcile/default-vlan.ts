import { oncePer } from "../../lib/rules/memo";
import { textOf } from "../../lib/model/text";
import { lowest, type ObjectJson, rowsOf } from "../maas/codec";
import type { Region } from "./region";

/**
 * The default VLAN of a fabric's row: the one with the lowest id, whatever its VID or its name. MAAS made it with the
 * fabric, shows it as `untagged`, and deletes it only with the fabric. Its API has no field for it.
 *
 * @see MAAS models/fabric.py `get_default_vlan` (3.6.4); live regions 3.4.10, 3.6.5 and 3.7.3
 */
export const defaultVlanOf = oncePer((fabric: ObjectJson): ObjectJson | undefined => lowest(rowsOf(fabric.vlans)));

/** Whether the VLAN's row is the default VLAN of its fabric. */
export async function isDefaultVlan({ snapshot }: Region, vlan: ObjectJson): Promise<boolean> {
  const fabric = await snapshot.read("fabrics", textOf(vlan.fabric_id));
  return fabric !== undefined && defaultVlanOf(fabric)?.id === vlan.id;
}

/** Whether MAAS would take the VLAN with that id for the default one of the fabric if it were moved there. */
export async function wouldBeDefaultVlan({ snapshot }: Region, fabricId: string, id: string): Promise<boolean> {
  const fabric = await snapshot.read("fabrics", fabricId);
  const present = fabric && defaultVlanOf(fabric);
  return present !== undefined && Number(id) < Number(present.id);
}
