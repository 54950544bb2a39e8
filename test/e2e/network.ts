import type { Configuration } from "../support/terraform";
import type { Nic, OwnNames } from "../support/region";

/** What a test may turn in the network that {@link dualStack} describes. */
export interface Turns {
  readonly vlanName?: string;
  readonly mtu?: number;
  readonly vid?: number;
  readonly gateway?: string;
  readonly description?: string;
  readonly poolEnd?: string;
  readonly routedCidr?: string;
  readonly secondaryRack?: string;
}

/** A dual-stack network of every resource type; of the rack interface only where the region lends one. */
export function dualStack(names: OwnNames, rack: string, nic: Nic | undefined, turns: Turns = {}): Configuration {
  const v6 = names.v6("20");
  const range = (subnet: string, type: string, start: string, end: string): Configuration => ({
    subnet: `\${maas_subnet.${subnet}.id}`,
    type,
    start_ip: start,
    end_ip: end,
  });
  return {
    resource: {
      maas_fabric: { lab: { name: names.prefix, class_type: "10g" } },
      maas_space: { lab: { name: `${names.prefix}-space`, description: "of a test" } },
      maas_vlan: {
        untagged: { fabric: "${maas_fabric.lab.id}", vid: 0, space: "${maas_space.lab.name}", mtu: turns.mtu ?? 1500 },
        tagged: { fabric: "${maas_fabric.lab.id}", vid: turns.vid ?? 20, name: turns.vlanName ?? "storage" },
      },
      maas_subnet: {
        v4: {
          vlan: "${maas_vlan.untagged.id}",
          cidr: `${names.v4(1)}.0/24`,
          gateway_ip: turns.gateway ?? `${names.v4(1)}.1`,
          dns_servers: [`${names.v4(1)}.53`],
          description: turns.description ?? "first",
        },
        v6: { vlan: "${maas_vlan.untagged.id}", cidr: `${v6}:/64`.toUpperCase(), gateway_ip: `${v6}0:0:0:1` },
        routed: { vlan: "${maas_vlan.tagged.id}", cidr: turns.routedCidr ?? `${names.v4(2)}.0/24` },
      },
      maas_subnet_ip_range: {
        pool: range("v4", "dynamic", `${names.v4(1)}.100`, turns.poolEnd ?? `${names.v4(1)}.199`),
        kept: { ...range("v4", "reserved", `${names.v4(1)}.2`, `${names.v4(1)}.9`), comment: "switches" },
        pool6: range("v6", "dynamic", `${v6}2::`, `${v6}2::ffff`),
        static6: range("v6", "reserved", `${v6}3::`, `${v6}4::`),
      },
      ...(nic !== undefined && {
        maas_rack_interface: {
          lent: { rack_controller: nic.rack, name: nic.name, vlan: "${maas_vlan.untagged.id}" },
        },
      }),
      maas_vlan_dhcp: {
        lab: {
          vlan: "${maas_vlan.untagged.id}",
          primary_rack_controller: "${data.maas_rack_controller.first.id}",
          ...(turns.secondaryRack !== undefined && { secondary_rack_controller: turns.secondaryRack }),
          ip_ranges: ["${maas_subnet_ip_range.pool.id}", "${maas_subnet_ip_range.pool6.id}"],
        },
      },
    },
    data: { maas_rack_controller: { first: { hostname: rack } } },
    output: { vlan: { value: "${maas_vlan.tagged.id}" } },
  };
}
