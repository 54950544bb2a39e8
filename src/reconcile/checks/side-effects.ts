import type { Attributes } from "../../../lib/model/known";
import { type Problem, warning } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { Dependents } from "../dependents/dependents";
import type { PlannedObjects } from "../planned/planned-objects";
import { tryResolve } from "../references/lookups";
import { interfacesOf, linksOf } from "../region/nodes";
import type { Region } from "../region/region";

/** How many interfaces a message names at most. */
const NAMES_SHOWN = 5;

/**
 * What is wrong when a subnet moves to another VLAN than the interfaces of machines that are linked to it are on: MAAS
 * moves the subnet and leaves them. Lists the machines, so it costs a call when a subnet moves, and none otherwise.
 */
export async function checkMovedSubnet(
  region: Region,
  prior: Attributes | undefined,
  planned: Attributes,
): Promise<Problem<string>[]> {
  if (prior === undefined || prior.vlan === planned.vlan) return [];
  const target = typeof planned.vlan === "string" ? await tryResolve(region, "vlan", planned.vlan) : undefined;
  const isLeft = (nic: ObjectJson): boolean =>
    textOf((nic.vlan as ObjectJson | null)?.id ?? "") !== target &&
    linksOf(nic).some(({ subnet }) => textOf((subnet as ObjectJson | null)?.id ?? "") === prior.id);
  const left = (await region.snapshot.list("machines")).flatMap((machine) =>
    interfacesOf(machine)
      .filter(isLeft)
      .map((nic) => ({ machine, nic, name: `${textOf(nic.name)} of ${textOf(machine.hostname)}` })),
  );
  const [first] = left;
  if (first === undefined) return [];
  const names = left.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const more = left.length > names.length ? ` and ${left.length - names.length} more` : "";
  const command = `maas PROFILE interface update ${textOf(first.machine.system_id)} ${textOf(first.nic.id)} vlan=${target ?? "VLAN"}`;
  return [
    warning("MAAS-OPS-19", "vlan", {
      what: `subnet ${textOf(prior.cidr)} leaves the VLAN of interfaces that are linked to it: ${names.join(", ")}${more}`,
      why: "MAAS moves the subnet and leaves the interfaces on their VLAN, where nothing routes their addresses.",
      fix: `Move them too (${command}), or unlink them from the subnet.`,
    }),
  ];
}

/** The name that MAAS gives to a fabric by itself: it makes one for each network that a rack discovers. */
const AUTOMATIC_NAME = /^fabric-\d+$/;

/** A rack interface that leaves its VLAN. */
export interface Leaving {
  /** Its id, `<system id of the rack>/<id of the interface>`. */
  readonly id: string;
  /** Whether the run makes it so, in place of undoing what an earlier one did. */
  readonly isTakenOver: boolean;
  /** The id of the VLAN that it goes to, where it is known. */
  readonly to?: string | undefined;
}

const vlanOf = ({ vlan }: ObjectJson): ObjectJson | undefined => (vlan ?? undefined) as ObjectJson | undefined;

/**
 * Says when MAAS deletes a fabric that is to stay, since the last interface leaves it and no subnet is on it: the next plan
 * would create the fabric and all in it again.
 *
 * @see MAAS models/signals/interfaces.py and forms/interface.py, 3.6.4: a fabric without subnets goes with its last interface
 */
export async function checkEmptiedFabric(
  region: Region,
  run: PlannedObjects,
  { id, isTakenOver, to }: Leaving,
): Promise<Problem[]> {
  const nic = await region.snapshot.read("interfaces", id);
  const from = nic && vlanOf(nic);
  if (from === undefined || nic === undefined || (to !== undefined && textOf(from.id) === to)) return [];
  const fabricId = textOf(from.fabric_id);
  const fabric = await region.snapshot.read("fabrics", fabricId);
  if (fabric === undefined || (to !== undefined && rowsOf(fabric.vlans).some((vlan) => textOf(vlan.id) === to)))
    return [];
  const subnets = await region.snapshot.list("subnets");
  if (subnets.some((subnet) => textOf(vlanOf(subnet)?.fabric_id ?? "") === fabricId)) return [];
  const others = (await new Dependents(region).of("fabric", fabricId)).filter(
    ({ effect, object }) => effect === "blocking" && object?.id !== id,
  );
  if (others.length > 0) return [];
  await run.untilQuiet(() => run.find("fabric", fabricId) !== undefined);
  const planned = run.find("fabric", fabricId);
  const isForeign = planned === undefined && isTakenOver && !AUTOMATIC_NAME.test(textOf(fabric.name));
  if (planned?.attributes === undefined && !isForeign) return [];
  const [name, label] = [textOf(fabric.name), textOf(nic.name)];
  return [
    warning("MAAS-OPS-20", isTakenOver ? "vlan" : undefined, {
      what: `MAAS deletes the fabric ${name} when its last interface, ${label}, leaves it`,
      why:
        `No subnet is on a VLAN of ${name}, and no other interface. ` +
        (isForeign
          ? `A destroy can't put ${label} back there.`
          : `The next plan would create ${name} and what is on it again.`),
      fix: isForeign
        ? `Put a subnet on a VLAN of ${name} first to keep it.`
        : `Put a subnet on a VLAN of ${name} first (vlan = "${name}:untagged"), or remove the maas_fabric from the configuration in the same run.`,
    }),
  ];
}
