import { maas } from "./ipv6/facts";
import { describeRule, type RuleInfo } from "./verdict";

const guard = (rule: Omit<RuleInfo, "kind" | "level"> & Partial<Pick<RuleInfo, "level">>): RuleInfo =>
  describeRule({ level: "warning", ...rule, kind: "silent" });

const RACKS = maas("models/interface.py, models/node.py update_interfaces");

/**
 * What MAAS, or its racks, do to a region by themselves. They compare two looks at it, so that only `verify --watch` tells
 * of them.
 */
export const GUARD_RULES = {
  subnet_created: guard({
    id: "MAAS6-GRD-01",
    name: "RacksMakeNoSubnets",
    info: "No subnet appears, or comes back under another id, that the document does not make.",
    explanation:
      "A rack that reports an address of a network that MAAS does not know makes a subnet of it, also of one that was deleted a moment ago, on whatever VLAN its interface is.",
    remediation:
      "Take the address off the rack's interface first, then delete the subnet; or add the subnet to the stack.",
    sources: [RACKS],
  }),
  subnet_moved: guard({
    id: "MAAS6-GRD-02",
    name: "SubnetStaysOnItsVlan",
    info: "A subnet stays on its VLAN.",
    explanation:
      "Somebody, or a rack that has an address of it on another interface, has put it on another VLAN; its ranges and DHCP go along.",
    remediation: "Put it back: run cdktf-maas apply, or verify --watch with --heal.",
    sources: [RACKS],
  }),
  gateway_filled: guard({
    id: "MAAS6-GRD-03",
    name: "GatewayStaysUnset",
    info: "A subnet without a gateway stays without one.",
    explanation:
      "A rack reports its own default gateway, and MAAS fills it into a subnet that has none: machines then get a route over it.",
    remediation: 'Say gateway_ip: "" in the stack, which clears it on the next apply, or name the right router.',
    sources: [RACKS],
  }),
  fabric_left: guard({
    id: "MAAS6-GRD-04",
    name: "NoFabricIsLeftBehind",
    info: "No fabric is left without interfaces and subnets.",
    explanation:
      "MAAS makes a fabric for each interface on no VLAN, such as a USB network card, and keeps it when the card is gone.",
    remediation: "Delete the fabric.",
    sources: [RACKS],
  }),
  dhcp_without_range: guard({
    id: "MAAS6-GRD-05",
    name: "DhcpKeepsItsRange",
    level: "error",
    info: "A VLAN with DHCP on has a dynamic range.",
    explanation:
      "With the last dynamic range deleted MAAS leaves DHCP on: it answers nobody, and refuses each change of the VLAN until it is switched off.",
    remediation: "Restore the range: run cdktf-maas apply, or verify --watch with --heal; or switch DHCP off.",
    sources: [maas("models/iprange.py")],
  }),
} as const satisfies Record<string, RuleInfo>;

/** Kinds of events. */
export type GuardEventName = keyof typeof GUARD_RULES;
