import { type Kind, NUMBER } from "../../../lib/model/kind";
import { type KindName, kindOfInterface, KINDS } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import { checkInterface } from "../checks/interface";
import { NodeInterfaceOps } from "../ops/node-interface-ops";
import { readInterface, rememberOwner } from "../references/interfaces";
import { tryResolve } from "../references/lookups";
import { findNode } from "../references/references";
import type { NodeInterface } from "../region/node-interfaces";
import { findInterface, interfacesOf } from "../region/nodes";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";

/** The interface that a key names on a node's row: by name, id or MAC address, or by its parent and its VLAN. */
async function inNode(region: Region, node: ObjectJson, key: string): Promise<ObjectJson | undefined> {
  const [, parent, vlan = ""] = /^(\S+) on (.+)$/.exec(key) ?? [];
  if (parent === undefined) return findInterface(node, key);
  const [over, on] = [findInterface(node, parent), await tryResolve(region, "vlan", vlan)];
  return interfacesOf(node).find(
    (nic) =>
      kindOfInterface(nic) === KINDS.network_interface_vlan &&
      (nic.parents as readonly unknown[]).includes(over?.name) &&
      textOf((nic.vlan as ObjectJson | null)?.id ?? "") === on,
  );
}

/** The interface that an id, MACHINE/INTERFACE, device:DEVICE/INTERFACE, or canonical/maas's MACHINE:ID names. */
async function found(region: Region, key: string): Promise<NodeInterface | undefined> {
  if (NUMBER.test(key)) return readInterface(region, key, {});
  const [, owner = "", nicKey = ""] = /^((?:[^/:]+:)?[^/:]+)(?:\/|:(?=\d+$))(.+)$/.exec(key) ?? [];
  const node = await findNode(region, owner);
  const nic = node && (await inNode(region, node, nicKey));
  return node === undefined || nic === undefined ? undefined : { node, nic };
}

/** Interfaces of nodes, of one of MAAS's types: they come with their node, and MAAS has operations to make them. */
export function nodeInterface(name: KindName): Strategy {
  const kind: Kind = KINDS[name];
  return {
    ops: (region) => new NodeInterfaceOps(region, kind),
    lookUp: async (region, key) => {
      const there = await found(region, key);
      if (there === undefined || kindOfInterface(there.nic) !== kind) return undefined;
      rememberOwner(region, there);
      return textOf(there.nic.id);
    },
    check: checkInterface,
    likelyCause: async (region, key) => {
      const there = await found(region, key);
      const own = there && kindOfInterface(there.nic);
      return there === undefined || own === undefined
        ? undefined
        : `${textOf(there.nic.name)} of ${textOf(there.node.hostname)} is of type ${textOf(there.nic.type)}: manage it as ${own.type}.`;
    },
  };
}
