import type { DeclaredObject } from "../constructs/internal/declared-object";
import { identityOf } from "../constructs/internal/natural-key";
import { linkModeOf } from "../model/checks/interface-link";
import { type Known, UNKNOWN, type Value } from "../model/known";
import type { InterfaceLink, NetworkMachineInterface } from "../model/network/objects";

const MODES: Readonly<Record<string, NonNullable<InterfaceLink["mode"]>>> = {
  AUTO: "auto",
  DHCP: "dhcp",
  STATIC: "static",
  LINK_UP: "link_up",
};

const textOf = (value: Value | undefined): Known<string> => (typeof value === "string" ? value : UNKNOWN);

const keyOf = (object: DeclaredObject | undefined): Known<string> =>
  object === undefined ? UNKNOWN : identityOf(object);

function linkOf({ attributes, references }: DeclaredObject): InterfaceLink {
  const mode = MODES[linkModeOf(attributes) ?? ""];
  const { ip_address: ip } = attributes;
  return {
    subnet: keyOf(references.subnet),
    ip: ip === null || ip === undefined ? null : textOf(ip),
    ...(mode === undefined ? {} : { mode }),
  };
}

/** MAAS links an interface only to subnets of the VLAN it is on. */
function vlanOf({ references: { subnet } }: DeclaredObject): Known<string> {
  return keyOf(subnet?.references.vlan);
}

/** The interfaces of machines, each with the links that the constructs make on it. */
export function machineInterfacesOf(objects: readonly DeclaredObject[]): NetworkMachineInterface[] {
  const interfaces = new Map<string, NetworkMachineInterface>();
  for (const object of objects) {
    const declared = object.judged();
    const { machine } = declared.references;
    if (declared.kind.name !== "network_interface_link" || machine === undefined) continue;
    const name = textOf(declared.attributes.network_interface);
    const owner = declared.constructBehind("network_interface") ?? object.construct;
    // Two constructs may stand for one interface, as long as its name tells.
    const key = typeof name === "string" ? `${identityOf(machine)}/${name}` : owner.node.path;
    const { links = [], ...known } = interfaces.get(key) ?? {
      key,
      at: { path: owner.node.path },
      machine: identityOf(machine),
      name,
      vlan: vlanOf(declared),
    };
    interfaces.set(key, { ...known, links: [...(links as readonly InterfaceLink[]), linkOf(declared)] });
  }
  return [...interfaces.values()];
}
