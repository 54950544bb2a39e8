import { IpAddress } from "../../../lib/model/address";
import type { Attributes } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import { checkPlannedLink } from "../checks/neighbours";
import { ObjectError } from "../objects/failure";
import { NetworkInterfaceLinkOps } from "../ops/network-interface-link-ops";
import { isId } from "../references/lookups";
import { tryResolve } from "../references/lookups";
import { findNode } from "../references/references";
import { decodeLink, describeLink, findInterface, linksOf } from "../region/nodes";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";

/** Whether a link is the one with that link id, that address, or on that subnet. */
async function linkTest(
  region: Region,
  target: string,
  isLinkId: boolean,
): Promise<(link: { readonly json: ObjectJson; readonly live: Attributes }) => boolean> {
  if (isLinkId) return ({ json }) => textOf(json.id) === target;
  const address = IpAddress.tryParse(target)?.toString();
  if (address !== undefined) return ({ live }) => live.ip_address === address;
  const onSubnet = await tryResolve(region, "subnet", target);
  return ({ live }) => live.subnet === onSubnet;
}

/** NODE/INTERFACE:TARGET. A MAC address has colons itself. */
const BY_TARGET = /^([^/]+)\/((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|[^:]+):(.+)$/;

/** The id of a link of an interface: of MACHINE/INTERFACE, or device:DEVICE/INTERFACE, by `:SUBNET`, `:ADDRESS` or `#LINK`. */
async function lookUp(region: Region, key: string): Promise<string | undefined> {
  if (isId("network_interface_link", key)) {
    return (await new NetworkInterfaceLinkOps(region).read(key)) === undefined ? undefined : key;
  }
  const byLinkId = /^([^/]+)\/(.+)#(\d+)$/.exec(key);
  const [, owner = "", nicKey = "", target = ""] = byLinkId ?? BY_TARGET.exec(key) ?? [];
  const row = await findNode(region, owner);
  const nic = row && findInterface(row, nicKey);
  if (row === undefined || nic === undefined) return undefined;
  const isMeant = await linkTest(region, target, byLinkId !== null);
  const found = linksOf(nic)
    .map((json) => ({ json, live: decodeLink(row, nic, json) }))
    .filter(isMeant);
  if (found.length <= 1) return found[0] && textOf(found[0].live.id);
  const ids = found.map(({ live, json }) => `${textOf(live.id)} (${describeLink(json)})`);
  throw new ObjectError(
    fault("MAAS-OPS-12", undefined, {
      what: `${textOf(nic.name)} has ${found.length} links to ${target}`,
      fix: `Name one of them by its id: ${ids.join(", ")}.`,
    }),
  );
}

/** Links of interfaces: they come with the machine or the device, and MAAS makes and clears them by operations of their own. */
export const networkInterfaceLink: Strategy = {
  ops: (region) => new NetworkInterfaceLinkOps(region),
  lookUp,
  check: ({ region, prior }, planned) => checkPlannedLink(region, prior, planned),
};
