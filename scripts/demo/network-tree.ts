import { type ObjectJson, rowsOf } from "../../src/maas/codec";
import type { RegionListing } from "../../src/reconcile/region/live-network";
import { shown, textOf } from "../../lib/model/text";

interface Branch {
  readonly label: string;
  readonly below: readonly Branch[];
}

const idOf = (value: unknown): unknown => (value as ObjectJson | null | undefined)?.id;

function draw(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap(({ label, below }, index) => {
    const isLast = index === branches.length - 1;
    return [`${indent}${isLast ? "└─ " : "├─ "}${shown(label)}`, ...draw(below, `${indent}${isLast ? "   " : "│  "}`)];
  });
}

/** The networks of a region as an indented tree: fabrics, VLANs with their DHCP, rack interfaces, subnets and ranges. */
export function networkTree({ fabrics, subnets, ipranges: ranges, rackcontrollers: racks }: RegionListing): string {
  const hostname = (systemId: unknown): string =>
    textOf(racks.find((rack) => rack.system_id === systemId)?.hostname ?? systemId);

  const dhcpOf = (vlan: ObjectJson): string => {
    if (vlan.relay_vlan !== null) return `, DHCP relayed to VLAN ${textOf(idOf(vlan.relay_vlan))}`;
    if (vlan.dhcp_on !== true) return "";
    const second = vlan.secondary_rack === null ? "" : ` and ${hostname(vlan.secondary_rack)}`;
    return `, DHCP by ${hostname(vlan.primary_rack)}${second}`;
  };
  const rangesOf = (subnet: ObjectJson): Branch[] =>
    ranges
      .filter((range) => idOf(range.subnet) === subnet.id)
      .map(({ type, start_ip, end_ip, comment }) => ({
        label: `${textOf(type)} ${textOf(start_ip)} - ${textOf(end_ip)}${typeof comment === "string" && comment !== "" ? ` (${comment})` : ""}`,
        below: [],
      }));
  const subnetsOf = (vlan: ObjectJson): Branch[] =>
    subnets
      .filter((subnet) => idOf(subnet.vlan) === vlan.id)
      .map((subnet) => ({
        label: `subnet ${textOf(subnet.cidr)}${typeof subnet.gateway_ip === "string" ? `, gateway ${subnet.gateway_ip}` : ""}`,
        below: rangesOf(subnet),
      }));
  const interfacesOf = (vlan: ObjectJson): Branch[] =>
    racks.flatMap((rack) =>
      rowsOf(rack.interface_set)
        .filter((nic) => idOf(nic.vlan) === vlan.id)
        .map((nic) => ({ label: `rack interface ${textOf(rack.hostname)}/${textOf(nic.name)}`, below: [] })),
    );
  const vlansOf = (fabric: ObjectJson): Branch[] =>
    rowsOf(fabric.vlans).map((vlan) => ({
      label: `VLAN ${vlan.vid === 0 ? "untagged" : textOf(vlan.vid)}${typeof vlan.name === "string" && vlan.name !== "untagged" ? ` "${vlan.name}"` : ""}${dhcpOf(vlan)}`,
      below: [...interfacesOf(vlan), ...subnetsOf(vlan)],
    }));

  const branches = fabrics.map((fabric) => ({ label: `fabric ${textOf(fabric.name)}`, below: vlansOf(fabric) }));
  return draw(branches, "").join("\n");
}
