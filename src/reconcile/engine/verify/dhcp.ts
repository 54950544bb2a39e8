import type { Family } from "../../../../lib/model/address";
import { Cidr } from "../../../../lib/model/cidr";
import { grouped } from "../../../../lib/model/lists";
import { ofKind } from "../../../../lib/model/kinds";
import type { Value } from "../../../../lib/model/known";
import { textOf } from "../../../../lib/model/text";
import type { ObjectJson } from "../../../maas/codec";
import { hasToldAddresses } from "../../region/live-network";
import type { DesiredObject } from "../plan/desired";
import { type Observation, observed, type Round } from "./verify";

/** The service of a rack controller that serves DHCP of each family. */
const SERVICES: Readonly<Record<Family, string>> = { 4: "dhcpd", 6: "dhcpd6" };

/** A managed subnet with a dynamic range, by family: what makes MAAS run the family's service. */
type Pools = ReadonlyMap<Family, string>;

/** The subnets that racks serve on each VLAN and on those relayed to it, of what the document wants. */
function poolsByVlan({ desired, live }: Round): (vlan: string) => Pools {
  const relays = grouped(ofKind(desired, "vlan_dhcp"), ({ attributes }) => attributes.relay_vlan);
  const served = ofKind(desired, "ip_range").flatMap(({ attributes }) => {
    const subnet = attributes.type === "dynamic" ? live.find("subnet", textOf(attributes.subnet)) : undefined;
    return subnet?.attributes.managed === true ? [subnet] : [];
  });
  const subnets = grouped<(typeof served)[number], Value | undefined>(served, ({ attributes }) => attributes.vlan);
  return (vlan) => {
    const relayed = (relays.get(vlan) ?? []).map(({ attributes }) => attributes.vlan);
    const pools = [...new Set([vlan, ...relayed])].flatMap((each) => subnets.get(each) ?? []);
    return new Map(pools.map(({ key }) => [Cidr.parse(key).family, key]));
  };
}

interface ServiceStatus {
  readonly status: string;
  readonly info: string;
}

/** MAAS's words: running, degraded, dead, off, or unknown as long as the rack has not told. */
function statusOf(rack: ObjectJson, service: string): ServiceStatus {
  const services = (rack.service_set ?? []) as readonly ObjectJson[];
  const found = services.find(({ name }) => name === service);
  const info = typeof found?.status_info === "string" ? found.status_info : "";
  return { status: typeof found?.status === "string" ? found.status : "unknown", info };
}

interface Served {
  readonly rack: string;
  readonly service: string;
  readonly subnet: string;
  readonly dhcp: DesiredObject;
}

function observe({ rack, service, subnet, dhcp }: Served, { status, info }: ServiceStatus): Observation[] {
  if (status === "running") return [];
  const { path } = dhcp;
  const detail = info === "" ? "" : ` (${info})`;
  if (status === "unknown") {
    return [
      observed("dhcp", "MAAS-VFY-02", {
        ...{ path, severity: "unknown" },
        what: `${rack} has not reported whether ${service} runs`,
        why: `It is to serve ${subnet} on the VLAN ${dhcp.key}; a rack reports its services to the region every half minute.`,
        fix: `Look at the services of ${rack} in MAAS's pages, or at its log: journalctl -t ${service}.`,
      }),
    ];
  }
  return [
    observed("dhcp", "MAAS-VFY-02", {
      path,
      what: `${service} on ${rack} is ${status}${detail}`,
      why: `It is to serve ${subnet} on the VLAN ${dhcp.key}. MAAS takes the setting at once; the rack follows later, or not at all.`,
      fix: `Look whether ${rack} is connected to the region and has an address of ${subnet} on an interface of the VLAN, then at its log: journalctl -t ${service}.`,
    }),
  ];
}

/** A rack that has told no address has not reported yet: the rules can't judge it then. */
function silence(rack: ObjectJson, { key, path }: DesiredObject): Observation[] {
  if (hasToldAddresses(rack)) return [];
  const hostname = textOf(rack.hostname);
  return [
    observed("dhcp", "MAAS-VFY-02", {
      ...{ path, severity: "unknown" },
      what: `${hostname} has not reported any of its addresses`,
      why: `It is to serve DHCP on the VLAN ${key}, for which it needs an address of each family there.`,
      fix: `Look whether ${hostname} is connected to the region, and at its network in MAAS's pages.`,
    }),
  ];
}

/**
 * Whether the racks run the services that DHCP of the document's VLANs takes. That the racks are the right ones is drift;
 * that they are on the VLAN is rule MAAS6-DHC-04.
 */
export async function dhcp(round: Round): Promise<Observation[]> {
  const { desired, live, region } = round;
  const on = ofKind(desired, "vlan_dhcp").filter(({ kind, key }) => live.find(kind, key) !== undefined);
  const poolsOn = poolsByVlan(round);
  const observations = on
    .filter(({ attributes }) => (attributes.relay_vlan ?? null) === null)
    .flatMap((object) => {
      const { vlan, primary_rack_controller: first, secondary_rack_controller: second } = object.attributes;
      const pools = [...poolsOn(textOf(vlan))];
      const racks = [first, second].flatMap((name) =>
        typeof name === "string" ? (live.findNamed("rack_controller", name) ?? []) : [],
      );
      return racks.map(async ({ key: rack }) => {
        const row = await region.snapshot.find("rackcontrollers", rack);
        if (row === undefined) return [];
        const running = pools.flatMap(([family, subnet]) => {
          const service = SERVICES[family];
          return observe({ rack, service, subnet, dhcp: object }, statusOf(row, service));
        });
        return [...silence(row, object), ...running];
      });
    });
  return (await Promise.all(observations)).flat();
}
