import { textOf } from "../../../lib/model/text";
import { taggedTwice } from "../checks/interface-tags";
import { checkWithReferences } from "../checks/with-references";
import { NetworkInterfaceTagOps } from "../ops/network-interface-tag-ops";
import { findNode } from "../references/references";
import { decodeTags, type NodeInterface, tagsOf } from "../region/node-interfaces";
import { findInterface } from "../region/nodes";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";

/** The interface that an id, MACHINE/INTERFACE or device:DEVICE/INTERFACE names. */
async function found(region: Region, key: string): Promise<NodeInterface | undefined> {
  const [, owner = "", nicKey = ""] = /^([^/]+)\/(.+)$/.exec(key) ?? [];
  const node = await findNode(region, owner);
  const nic = node && findInterface(node, nicKey);
  return node === undefined || nic === undefined ? undefined : { node, nic };
}

/** Tags of interfaces: they come with the machine or the device, and MAAS adds and removes them by operations of their own. */
export const networkInterfaceTag: Strategy = {
  ops: (region) => new NetworkInterfaceTagOps(region),
  lookUp: async (region, key) => {
    const there = await found(region, key);
    return there === undefined || tagsOf(there.nic).length === 0 ? undefined : textOf(decodeTags(there).id);
  },
  check: async (checked, planned) => [
    ...(checked.own.isChanged ? await checkWithReferences(checked, planned) : []),
    ...(await taggedTwice(checked, planned)),
  ],
  likelyCause: async (region, key) => {
    const there = await found(region, key);
    if (there === undefined) return undefined;
    return `${textOf(there.nic.name)} of ${textOf(there.node.hostname)} has no tags yet: there is nothing to import or to look up, so make them.`;
  },
};
