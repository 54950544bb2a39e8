import { shellWord } from "../../../lib/model/escape";
import type { Kind } from "../../../lib/model/kind";
import { kindOfInterface } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { ownerName } from "../../../lib/model/owner";
import { fault } from "../../../lib/model/problem";
import { textOf, withThis } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import { MaasHttpError } from "../../maas/errors";
import { ObjectError, TakenError } from "../objects/failure";
import { decodeInterface, type NodeInterface } from "../region/node-interfaces";
import { nodeKind } from "../region/nodes";
import { valuesOf } from "./adoption";

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

/** That the machine has an interface of that name or MAC address, which may be somebody else's. */
export function existsAlready(kind: Kind, { node, nic }: NodeInterface): TakenError {
  const [id, name] = [textOf(nic.id), `${textOf(nic.name)} of ${textOf(node.hostname)}`];
  const own = kindOfInterface(nic);
  if (own !== kind) {
    return new TakenError(
      fault("MAAS-OPS-02", "name", {
        what: `${textOf(node.hostname)} has an interface ${textOf(nic.name)} already, and it is no ${kind.title}`,
        why: `It is of type ${textOf(nic.type)}, with id ${id}, and no two interfaces of a node have one name.`,
        fix: `Use another name${own === undefined ? "" : `, or manage it as ${own.type}`}.`,
      }),
    );
  }
  const values = valuesOf(kind, decodeInterface(kind, { node, nic }));
  const isReported = kind.api.interfaceType === "physical";
  return new TakenError(
    fault(isReported ? "MAAS-OPS-03" : "MAAS-OPS-02", undefined, {
      what: isReported ? `${name} is configured already` : `${withThis(kind.title)} exists already`,
      why: `The region has ${name} with id ${id}: ${values}. So it may be somebody else's, and was not changed.`,
      fix: `Import it (terraform import ${kind.type}.NAME ${shellWord(`${ownerName({ kind: nodeKind(node), key: textOf(node.system_id) })}/${textOf(nic.name)}`)}), or set adopt_existing = true to take it over: a destroy then restores what it has now.`,
    }),
  );
}

/** That the interface was there when the run began. */
export function isGone(kind: Kind, id: string, node: ObjectJson): ObjectError {
  return new ObjectError(
    fault("MAAS-API-06", undefined, {
      what: `${textOf(node.hostname)} no longer has ${withThis(kind.title)} (id ${id})`,
      why: "MAAS deletes an interface along with the one that it is made over.",
      fix: "Apply again: it is then created anew.",
    }),
  );
}
