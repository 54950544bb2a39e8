import type { Attributes } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import { MaasHttpError } from "../../maas/errors";
import { ObjectError } from "../objects/failure";

/** What a refused change of an interface was about. */
interface InterfaceSituation {
  readonly node: ObjectJson;
  /** Absent = it was to be made. */
  readonly nic?: ObjectJson;
  readonly desired: Attributes;
}

/** In which states MAAS lets the network of a machine be changed, by the names that its API shows. */
export const CHANGEABLE_STATES: readonly string[] = ["New", "Ready", "Allocated", "Failed testing", "Broken"];

/** Why the interfaces of a machine can't be changed now, and what to do. */
export function inItsState(node: ObjectJson): { readonly what: string; readonly why: string; readonly fix: string } {
  const [hostname, state] = [
    textOf(node.hostname),
    typeof node.status_name === "string" ? node.status_name : "in another state",
  ];
  return {
    what: `the interfaces of ${hostname} can't be changed in its state`,
    why: `The machine is ${state}; MAAS lets interfaces be changed only while it is New, Ready, Allocated, Failed testing or Broken.`,
    fix: `Release it (maas PROFILE machine release ${textOf(node.system_id)}), or mark it broken, then apply again.`,
  };
}

/** MAAS's refusal in words that say what to do, where it does not say so itself; else the error. */
export function explainInterfaceRefusal(error: unknown, { node }: InterfaceSituation): unknown {
  if (!(error instanceof MaasHttpError) || error.status !== 409 || !error.body.includes("machine is not")) return error;
  const { fix, ...words } = inItsState(node);
  return new ObjectError(fault("MAAS-OPS-08", "machine", { ...words, fix: `${fix} MAAS said: ${error.said}` }), {
    cause: error,
  });
}
