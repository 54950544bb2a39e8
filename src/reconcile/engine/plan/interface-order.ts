import { KINDS } from "../../../../lib/model/kinds";
import { parseKey } from "../../../../lib/model/natural-key";
import { nameGiven } from "../../region/node-interfaces";
import type { Kind } from "../../../../lib/model/kind";
import type { OrderRule } from "./order-rules";
import { type KeyOf, makes, type Side, type SingleChange, type StepGraph } from "./step-graph";
import { textAt } from "../../../../lib/model/known";
import { ownedName, ownerOf } from "../../../../lib/model/owner";

/** What an interface is called, among those of all nodes: `node-1/bond0`. Undefined for what is none. */
function nameAt({ kind, live, desired }: SingleChange, side: Side): string | undefined {
  if ((KINDS[kind] as Kind).api.interfaceType === undefined) return undefined;
  const attributes = side === "live" ? live : desired;
  // One that has no name of its own in the document keeps the one that it has, or is called as MAAS calls a new one.
  const vid = parseKey("vlan", textAt(attributes, "vlan") ?? "")?.vid;
  const name = textAt(attributes, "name") ?? textAt(live, "name") ?? nameGiven(attributes ?? {}, vid);
  const owner = ownerOf(attributes);
  return owner === undefined || name === undefined ? undefined : ownedName(owner, name);
}

const madeAs: KeyOf = (change) => (makes(change) ? nameAt(change, "desired") : undefined);

/** The name that an interface gives up: it goes, or gets another one. */
const givenUp: KeyOf = (change) => {
  const name = nameAt(change, "live");
  return makes(change) && nameAt(change, "desired") === name ? undefined : name;
};

/** The changes that take an object off the interface: it goes, or is over another one afterwards. */
const leaving = (graph: StepGraph, nic: string): readonly SingleChange[] => {
  const stay = new Set(graph.over("desired", nic).filter(makes));
  return graph.over("live", nic).filter((other) => !stay.has(other));
};

const owns = ({ kind }: SingleChange): boolean => (KINDS[kind] as Kind).api.ownsParents === true;

/**
 * The order of interfaces: what is over others, and their links.
 *
 * @see MAAS models/interface.py, models/signals/interfaces.py, forms/interface.py (3.6.4); live regions 3.4.10 to 3.7.3
 */
export const INTERFACE_ORDER: readonly OrderRule[] = [
  {
    why: "an interface is there, under its name and on its VLAN, before what is made over it and before its links",
    after: (change, graph) =>
      makes(change) ? graph.interfacesUnder(change, "desired").flatMap((nic) => graph.by(madeAs, nic)) : [],
  },
  {
    why: "MAAS deletes with an interface its links and what is over it alone, and removes its links when it gets another VLAN",
    after: (change, graph) => {
      const nic = nameAt(change, "live");
      if (nic === undefined || change.action === "create") return [];
      const isMoved = textAt(change.desired, "vlan") !== textAt(change.live, "vlan");
      return makes(change) && !isMoved ? [] : leaving(graph, nic);
    },
  },
  {
    why: "MAAS lets no two bonds or bridges have one interface, so that one gives it up first",
    isSoft: true,
    after: (change, graph) =>
      makes(change) && owns(change)
        ? graph.interfacesUnder(change, "desired").flatMap((nic) => leaving(graph, nic).filter(owns))
        : [],
  },
  {
    why: "no two interfaces of a machine have one name, so that it is given up first",
    isSoft: true,
    after: (change, graph) => (makes(change) ? graph.by(givenUp, madeAs(change, graph)) : []),
  },
];
