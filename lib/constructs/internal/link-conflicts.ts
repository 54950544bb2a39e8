import type { Family } from "../../model/address";
import { IpAddress } from "../../model/address";
import { linkModeOf } from "../../model/checks/interface-link";
import type { DeclaredObject } from "./declared-object";
import { cidrOf, rangesOf } from "./declared-range";
import { standsFor } from "./facts";
import { identityOf } from "./natural-key";

/** A link construct, as far as literals tell. */
interface DeclaredLink {
  readonly path: string;
  readonly mode: string | undefined;
  /** Of its subnet; undefined when that is not known. */
  readonly family: Family | undefined;
  readonly isGateway: boolean;
}

function linkOf({ path, attributes, references }: DeclaredObject): DeclaredLink {
  const { subnet } = references;
  return {
    path,
    mode: linkModeOf(attributes),
    family: subnet && cidrOf(subnet)?.family,
    isGateway: attributes.default_gateway === true,
  };
}

const said = ({ path, mode }: DeclaredLink): string => `${path} (${mode})`;

/** What MAAS would do to two links of one interface; undefined when they go together. */
function conflict(first: DeclaredLink, second: DeclaredLink): string | undefined {
  if (first.mode === undefined || second.mode === undefined) return undefined;
  const both = `${said(first)} and ${said(second)} are links of one interface. `;
  if (first.mode === "LINK_UP" || second.mode === "LINK_UP") {
    return `${both}LINK_UP means that the interface has no address, so MAAS takes it beside no other link. Fix: drop the LINK_UP link.`;
  }
  if (first.mode === "DHCP" && second.mode === "DHCP") {
    return `${both}MAAS takes one DHCP link per interface, over both address families. Fix: use LinkMode.AUTO or LinkMode.STATIC for one of them.`;
  }
  const isDhcp = first.mode === "DHCP" || second.mode === "DHCP";
  if (isDhcp && first.family !== undefined && first.family === second.family) {
    return `${both}MAAS silently removes a DHCP link when the interface gets another link of the same address family. Fix: keep one of them, or use LinkMode.STATIC for both.`;
  }
  return undefined;
}

function pairs<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((first, index) => items.slice(index + 1).map((second) => [first, second] as const));
}

function gatewayConflict(first: DeclaredLink, second: DeclaredLink): string | undefined {
  if (!first.isGateway || !second.isGateway || first.family === undefined || first.family !== second.family) {
    return undefined;
  }
  return (
    `${said(first)} and ${said(second)} are both the default gateway of one machine. A machine has one default gateway ` +
    `per address family, so that the last one to be made would win. Fix: set defaultGateway on one of them only.`
  );
}

/** An address that DHCP hands out can't be that of a link. */
function rangeConflict({ path, attributes, references }: DeclaredObject): string | undefined {
  const address = typeof attributes.ip_address === "string" ? IpAddress.tryParse(attributes.ip_address) : undefined;
  if (address === undefined || references.subnet === undefined) return undefined;
  const inside = rangesOf(references.subnet.construct).find(
    ({ type, range }) => type === "dynamic" && range.contains(address),
  );
  return (
    inside &&
    `${path} has the address ${address.toString()}, which is in the dynamic range ${inside.object.path} ` +
      `(${inside.range.toString()}). DHCP hands those out, so MAAS refuses it. Fix: use an address outside the range.`
  );
}

/** One message per pair of links that MAAS doesn't take together, and per link whose address DHCP hands out. */
export function linkConflicts(objects: readonly DeclaredObject[]): string[] {
  const byInterface = new Map<string, DeclaredLink[]>();
  const byMachine = new Map<string, DeclaredLink[]>();
  const messages: (string | undefined)[] = [];
  for (const object of objects) {
    const { machine } = object.references;
    if (!standsFor(object.construct, "network_interface_link") || machine === undefined) continue;
    const link = linkOf(object);
    const add = (to: Map<string, DeclaredLink[]>, key: string) => to.set(key, [...(to.get(key) ?? []), link]);
    const node = identityOf(machine);
    const { network_interface: nic } = object.attributes;
    add(byMachine, node);
    if (typeof nic === "string") add(byInterface, `${node}/${nic}`);
    messages.push(rangeConflict(object));
  }
  const between = (groups: Map<string, DeclaredLink[]>, check: typeof conflict) =>
    [...groups.values()].flatMap((links) => pairs(links).map(([first, second]) => check(first, second)));
  messages.push(...between(byInterface, conflict), ...between(byMachine, gatewayConflict));
  return messages.filter((message) => message !== undefined);
}
