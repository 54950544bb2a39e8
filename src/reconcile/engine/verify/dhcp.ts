import { type Family, IpAddress } from "../../../../lib/model/address";
import { Cidr } from "../../../../lib/model/cidr";
import type { DocumentObject } from "../../../../lib/model/document";
import { ofKind } from "../../../../lib/model/kinds";
import type { Value } from "../../../../lib/model/known";
import { grouped } from "../../../../lib/model/lists";
import { AddressRange } from "../../../../lib/model/address-range";
import { textOf } from "../../../../lib/model/text";
import { rowsAnswered } from "../../../maas/answer";
import { apiPath } from "../../../maas/api-url";
import type { ObjectJson } from "../../../maas/codec";
import { MaasNotFoundError } from "../../../maas/errors";
import { hasToldAddresses } from "../../region/live-network";
import type { Region } from "../../region/region";
import type { DesiredObject } from "../plan/read-live";
import { type Observation, observed, type Round } from "./observation";

/** How many ranges a message lists at most. */
const RANGES_SHOWN = 3;

const some = (ranges: readonly AddressRange[]): string =>
  `${ranges.slice(0, RANGES_SHOWN).join(", ")}${ranges.length > RANGES_SHOWN ? ", …" : ""}`;

const range = (start: unknown, end: unknown): AddressRange =>
  new AddressRange(IpAddress.parse(textOf(start)), IpAddress.parse(textOf(end)));

/** The addresses that MAAS may assign by itself, on managed subnets and on others. */
async function assignable({ client }: Region, subnet: string): Promise<AddressRange[]> {
  try {
    const path = apiPath`subnets/${subnet}/`;
    const free = rowsAnswered(path, await client.get(path, { op: "unreserved_ip_ranges" }));
    return free.map(({ start, end }) => range(start, end));
  } catch (error) {
    // It has gone since it was read: the next look tells.
    if (error instanceof MaasNotFoundError) return [];
    throw error;
  }
}

function bySubnet(ranges: readonly DocumentObject[]): Map<string, DocumentObject[]> {
  const groups = new Map<string, DocumentObject[]>();
  for (const object of ranges) {
    const subnet = textOf(object.attributes.subnet);
    const group = groups.get(subnet);
    if (group === undefined) groups.set(subnet, [object]);
    else group.push(object);
  }
  return groups;
}

/** Whether MAAS can assign addresses of the document's static ranges only, on each subnet that has some. */
export async function staticRanges({ document, live, region }: Round): Promise<Observation[]> {
  const statics = (document.objects.ip_range ?? []).filter(({ attributes }) => attributes.type === "static");
  const observations = [...bySubnet(statics)].map(async ([cidr, [first, ...others]]): Promise<Observation[]> => {
    const subnet = live.find("subnet", cidr);
    if (subnet === undefined || first === undefined) return [];
    const wanted = [first, ...others].map(({ attributes }) => range(attributes.start_ip, attributes.end_ip));
    const outside = (await assignable(region, subnet.id)).flatMap((free) => AddressRange.gaps(free, wanted));
    if (outside.length === 0) return [];
    return [
      observed("static_range", "MAAS-VFY-03", {
        path: first.path,
        what: `MAAS may assign ${some(outside)} of ${cidr}, outside its static ranges ${some(wanted)}`,
        why: "MAAS has no static range; reserved ranges keep it to these addresses, and one of them is gone or other than it should be.",
        fix: "Run cdktf-maas apply, which recreates the reserved ranges.",
      }),
    ];
  });
  return (await Promise.all(observations)).flat();
}

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
