import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { type Problem, warning } from "../../lib/model/problem";
import type { ObjectJson } from "../maas/codec";
import { interfacesOf, linksOf } from "./machines";
import { tryResolve } from "./references";
import type { Region } from "./region";

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
