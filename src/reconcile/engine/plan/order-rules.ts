import { IpAddress } from "../../../../lib/model/address";
import { Cidr } from "../../../../lib/model/cidr";
import { DOCUMENT_KINDS } from "../../../../lib/model/document/kinds";
import type { ManagedKindName } from "../../../../lib/model/kinds";
import { type Attributes, textAt } from "../../../../lib/model/known";
import { AddressRange } from "../../../../lib/model/address-range";
import { DNS_ORDER } from "./dns-order";
import { ownedName, ownerOf } from "../../../../lib/model/owner";
import { INTERFACE_ORDER } from "./interface-order";
import {
  ANY_SUBNET,
  atEither,
  fabricOf,
  type KeyOf,
  keyOfKind,
  makes,
  type SingleChange,
  spanOf,
  type StepGraph,
} from "./step-graph";

/** What a change has to wait for. */
export interface OrderRule {
  readonly why: string;
  /** The kinds of change that it is about. Absent = all. */
  readonly of?: readonly ManagedKindName[];
  /** The changes that must be done before this one. */
  readonly after: (change: SingleChange, graph: StepGraph) => readonly SingleChange[];
  /** Only for a smoother way: given up where it can't be had together with the others. */
  readonly isSoft?: boolean;
}

/** The VLAN that an object leaves. */
function vlanLeft({ live, desired }: SingleChange): string | undefined {
  const from = textAt(live, "vlan");
  return from === textAt(desired, "vlan") ? undefined : from;
}

/** What DHCP of a VLAN may need, and loses with the change: a dynamic range, a subnet, or the interface of a rack. */
const DHCP_NEEDS: readonly ManagedKindName[] = ["ip_range", "subnet", "rack_interface"];

/** The VLAN that loses it. */
function leftVlans(change: SingleChange, graph: StepGraph): string[] {
  const { live } = change;
  const subnet = textAt(live, "subnet");
  const vlan = live?.type === "dynamic" ? graph.vlanOf("live", subnet) : vlanLeft(change);
  return vlan === undefined ? [] : [vlan];
}

const fabricAt = (attributes: Attributes | undefined): string => fabricOf(textAt(attributes, "vlan") ?? "");

const RACKS = ["primary_rack_controller", "secondary_rack_controller"] as const;

const racksOf = (attributes: Attributes | undefined): (string | undefined)[] =>
  RACKS.map((name) => textAt(attributes, name));

/** Whether the VLAN's DHCP can do without what leaves it after the change: it is off, or served by other racks. */
function letsGo({ action, live, desired }: SingleChange, left: SingleChange): boolean {
  if (action === "delete") return true;
  if (textAt(live, "relay_vlan") === undefined && textAt(desired, "relay_vlan") !== undefined) return true;
  const rack = textAt(left.live, "rack_controller");
  return rack !== undefined && racksOf(live).includes(rack) && !racksOf(desired).includes(rack);
}

const isGateway = (attributes: Attributes | undefined): boolean => attributes?.default_gateway === true;

/** Whether the link stays and is the default gateway of its family no longer. */
const givesGateway = ({ action, live, desired, original }: SingleChange): boolean =>
  action !== "delete" && isGateway(live) && !isGateway(desired ?? original);

const takesGateway = ({ live, desired, original }: SingleChange): boolean =>
  !isGateway(live) && isGateway(desired ?? original);

const machineOf = (change: SingleChange): string | undefined => atEither(change, "machine");

/** The machine whose link becomes the default gateway, or is it no longer. */
const gatewayTaken: KeyOf = (change) => (takesGateway(change) ? machineOf(change) : undefined);
const gatewayGiven: KeyOf = (change) => (givesGateway(change) ? machineOf(change) : undefined);

/** The interface that a link is on. */
function interfaceOf(attributes: Attributes | undefined): string | undefined {
  const owner = ownerOf(attributes);
  return owner && ownedName(owner, textAt(attributes, "network_interface") ?? "");
}

/** The interface that a link is taken off. */
const interfaceLeft: KeyOf = ({ action, live }) => (action === "delete" ? interfaceOf(live) : undefined);

/** The MAC address that has no longer the reserved IP that it had. */
const macLeft = keyOfKind("reserved_ip", ({ action, live }) =>
  action === "delete" ? textAt(live, "mac_address") : undefined,
);

/** The fabric that a VLAN is to be in. */
const vlanFabric = keyOfKind("vlan", ({ desired }) => textAt(desired, "fabric"));

/** The fabric that an interface of a rack comes to from another one. */
const fabricEntered = keyOfKind("rack_interface", ({ live, desired }) => {
  const fabric = desired === undefined ? undefined : fabricAt(desired);
  return fabric === fabricAt(live) ? undefined : fabric;
});

/** The VLAN that gets another dynamic range. */
const vlanOfNewPool = keyOfKind("ip_range", ({ action, desired }, graph) =>
  action === "create" && desired?.type === "dynamic" ? graph.vlanOf("desired", textAt(desired, "subnet")) : undefined,
);

/** The same, where the range waits for no other one to go. */
const vlanOfFreePool: KeyOf = (change, graph) =>
  graph.givingWay(change).size === 0 ? vlanOfNewPool(change, graph) : undefined;

const sameFamily = (...changes: readonly SingleChange[]): boolean =>
  new Set(changes.map((change) => Cidr.tryParse(atEither(change, "subnet") ?? "")?.family)).size === 1;

/**
 * The order that MAAS needs, as far as it asks for one.
 *
 * @see MAAS models/iprange.py, models/subnet.py, models/fabric.py, forms/vlan.py (3.6.4); live regions 3.4.10 and 3.6.5
 */
export const ORDER_RULES: readonly OrderRule[] = [
  ...INTERFACE_ORDER,
  ...DNS_ORDER,
  {
    why: "what an object refers to is there before it",
    after: (change, graph) =>
      !makes(change)
        ? []
        : DOCUMENT_KINDS[change.kind].fields.flatMap(({ name, references }) => {
            const key = textAt(change.desired, name);
            return references === undefined || key === undefined ? [] : graph.making(references, key);
          }),
  },
  {
    why: "MAAS moves, drops or refuses what still refers to an object that is deleted",
    after: ({ action, kind, key }, graph) => (action === "delete" ? graph.leaving(kind, key) : []),
  },
  {
    why: "addresses are free only after shrinking and deleting; from 3.7 on no subnet may overlap another",
    after: (change, graph) => [...graph.givingWay(change)],
  },
  {
    why: "MAAS looks at each change of a dynamic range whether an address in it is taken, so that what takes one leaves first",
    of: ["ip_range"],
    after: ({ desired }, graph) =>
      desired?.type === "dynamic" ? graph.givingUp(textAt(desired, "subnet"), spanOf(desired)) : [],
  },
  {
    why: "MAAS finds the subnet of an address where none is named, so that it is there first",
    after: (change, graph) => (makes(change) ? graph.around(change, "create") : []),
  },
  {
    why: "MAAS deletes the addresses of a subnet along with it, so that it goes before a new one of these is there",
    after: (change, graph) => (makes(change) ? graph.around(change, "delete") : []),
  },
  {
    why: "MAAS refuses an address of a host in a dynamic range, so that the range leaves the address out first",
    of: ["reserved_ip", "network_interface_link"],
    after: (change, graph) => (makes(change) ? graph.leavingOut(change) : []),
  },
  {
    why: "MAAS refuses a reserved IP of an address that something has, so that this gives it up first",
    of: ["reserved_ip"],
    after: (change, graph) => {
      const address = makes(change) ? IpAddress.tryParse(textAt(change.desired, "ip") ?? "") : undefined;
      return address === undefined ? [] : graph.givingUp(ANY_SUBNET, new AddressRange(address, address));
    },
  },
  {
    why: "MAAS refuses a second reserved IP of a MAC address on a subnet, so that the former one goes first",
    of: ["reserved_ip"],
    after: (change, graph) => (makes(change) ? graph.by(macLeft, textAt(change.desired, "mac_address")) : []),
  },
  {
    why: "on an unmanaged subnet a dynamic range lies in a reserved one",
    of: ["ip_range"],
    after: (change, graph) => {
      if (change.desired?.type !== "dynamic" || graph.isManaged(textAt(change.desired, "subnet"))) return [];
      return graph.overlapping(change).filter(({ desired }) => desired?.type === "reserved");
    },
  },
  {
    why: "DHCP is switched on last: it needs a dynamic range, and a rack that is there",
    of: ["vlan_dhcp"],
    after: (change, graph) => {
      if (!makes(change)) return [];
      const vlan = textAt(change.desired, "vlan");
      const racks = racksOf(change.desired);
      const interfaces = graph
        .onVlan("desired", "rack_interface", vlan)
        .filter(({ desired }) => racks.includes(textAt(desired, "rack_controller")));
      return [
        ...graph.onVlan("desired", "ip_range", vlan).filter(({ desired }) => desired?.type === "dynamic"),
        ...interfaces,
        ...graph.onVlan("desired", "subnet", vlan),
      ];
    },
  },
  {
    why: "DHCP is switched off first: without its ranges and racks MAAS refuses every change of the VLAN",
    of: DHCP_NEEDS,
    after: (change, graph) =>
      leftVlans(change, graph).flatMap((vlan) =>
        graph.onVlan("live", "vlan_dhcp", vlan).filter((dhcp) => letsGo(dhcp, change)),
      ),
  },
  {
    why: "a VLAN is changed while it has them, for the same reason",
    of: DHCP_NEEDS,
    after: (change, graph) => leftVlans(change, graph).flatMap((vlan) => graph.changing("vlan", vlan)),
  },
  {
    why: "a rack moves its interface to the VLAN of its subnet, so the subnet goes first",
    of: ["rack_interface"],
    after: ({ desired }, graph) => graph.onVlan("desired", "subnet", textAt(desired, "vlan")),
  },
  {
    why: "MAAS deletes a fabric when its last interface leaves and no subnet is on it, so others come first",
    isSoft: true,
    of: ["rack_interface"],
    after: (change, graph) => {
      const from = vlanLeft(change);
      if (from === undefined) return [];
      const fabric = fabricOf(from);
      return [
        ...graph.making("fabric", fabric),
        ...graph.by(vlanFabric, fabric),
        ...graph.onFabric("desired", "vlan_dhcp", fabric),
        ...graph.onFabric("desired", "subnet", fabric),
        ...graph.by(fabricEntered, fabric),
      ];
    },
  },
  {
    why: "MAAS drops a DHCP link for another one on the same interface",
    of: ["network_interface_link"],
    after: (change, graph) => {
      return makes(change) ? graph.by(interfaceLeft, interfaceOf(change.desired)) : [];
    },
  },
  {
    why: "a default gateway moves to another link of its family by itself, so that MAAS need not clear those of both families",
    isSoft: true,
    after: (change, graph) =>
      givesGateway(change)
        ? graph.by(gatewayTaken, machineOf(change)).filter((other) => sameFamily(other, change))
        : [],
  },
  {
    why: "MAAS clears the default gateways of both families at once, so that the other one is set after",
    isSoft: true,
    after: (change, graph) =>
      takesGateway(change)
        ? graph.by(gatewayGiven, machineOf(change)).filter((other) => !sameFamily(other, change))
        : [],
  },
  {
    why: "MAAS before 3.6 has a rack of the VLAN read a snippet first, so that the rack's interface is there",
    isSoft: true,
    of: ["dhcp_snippet"],
    after: (change, graph) =>
      makes(change)
        ? graph.onVlan("desired", "rack_interface", graph.vlanOf("desired", textAt(change.desired, "subnet")))
        : [],
  },
  {
    why: "a VLAN can be relayed only to one that is not relayed itself",
    of: ["vlan_dhcp"],
    after: (change, graph) => {
      const target = textAt(change.desired, "relay_vlan");
      const own = textAt(change.desired, "vlan");
      if (target === undefined || own === undefined) return [];
      // To one that is to stay relayed it can't be, in any order: a rule refuses that in its own words (MAAS6-DHC-07).
      if (
        graph.onVlan("desired", "vlan_dhcp", target).some(({ desired }) => textAt(desired, "relay_vlan") !== undefined)
      )
        return [];
      const leavesThis = graph.leaving("vlan", own).filter(({ live }) => textAt(live, "relay_vlan") === own);
      return [
        ...graph.onVlan("live", "vlan_dhcp", target),
        ...graph.onVlan("desired", "vlan_dhcp", target),
        ...leavesThis,
      ];
    },
  },
  {
    why: "a VLAN whose DHCP stays on is never left without a dynamic range",
    isSoft: true,
    of: ["ip_range"],
    after: (change, graph) => {
      if (change.action !== "delete" || change.live?.type !== "dynamic") return [];
      const vlan = graph.vlanOf("live", textAt(change.live, "subnet"));
      // One is enough, and each of them waiting for all would be a wait for every pair.
      const [free] = graph.by(vlanOfFreePool, vlan);
      const other = free ?? graph.by(vlanOfNewPool, vlan).find((pool) => !graph.givingWay(pool).has(change));
      return other === undefined ? [] : [other];
    },
  },
];
