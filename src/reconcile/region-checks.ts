import { checkReserved } from "../../lib/model/checks/reserved";
import type { Diagnostic } from "../../lib/model/diagnostic";
import type { Kind } from "../../lib/model/field";
import { type Attributes, isKnown, type Known, UNKNOWN, type Value } from "../../lib/model/known";
import { NetworkBuilder } from "../../lib/model/network/builder";
import type { RangeType } from "../../lib/model/network/objects";
import { textOf } from "../../lib/model/text";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import type { Finding } from "../../lib/rules/report";
import type { ObjectJson } from "../maas/codec";
import { addInterfaces, liveSubnet } from "./live-network";
import { checkPlannedLink } from "./planned-link";
import { tryResolve } from "./references";
import type { Region } from "./region";

/** Key of the object that is planned; the others go by MAAS's ids, which are numbers. */
const PLANNED = "planned";

/** When the check is made. What others change in the same run is in place only at apply. */
export type Moment = "plan" | "apply";

type Adder = (network: NetworkBuilder, region: Region, planned: Attributes) => void | Promise<void>;

const text = (value: Value | undefined): Known<string> => (typeof value === "string" ? value : UNKNOWN);
const textOrNull = (value: Value | undefined): Known<string | null> =>
  value === null || value === undefined ? null : text(value);

async function idOf(
  region: Region,
  kind: "subnet" | "vlan" | "rack_controller",
  value: Value | undefined,
): Promise<Known<string>> {
  return typeof value === "string" ? ((await tryResolve(region, kind, value)) ?? UNKNOWN) : UNKNOWN;
}

function addSubnet(network: NetworkBuilder, _region: Region, planned: Attributes): void {
  const { cidr, gateway_ip, dns_servers, managed } = planned;
  network.add("subnet", {
    key: PLANNED,
    at: { path: "this subnet" },
    vlan: UNKNOWN,
    cidr: text(cidr),
    gatewayIp: textOrNull(gateway_ip),
    dnsServers: Array.isArray(dns_servers) ? dns_servers.map(text) : [],
    managed: typeof managed === "boolean" ? managed : UNKNOWN,
    partial: true,
  });
}

async function addRange(network: NetworkBuilder, region: Region, planned: Attributes): Promise<void> {
  const subnet = await idOf(region, "subnet", planned.subnet);
  const live = isKnown(subnet) ? await region.snapshot.read("subnets", subnet) : undefined;
  if (live !== undefined) network.add("subnet", { ...liveSubnet(live), vlan: UNKNOWN, partial: true });
  network.add("ip_range", {
    key: PLANNED,
    at: { path: "this IP range" },
    subnet,
    type: text(planned.type) as Known<RangeType>,
    startIp: text(planned.start_ip),
    endIp: text(planned.end_ip),
  });
}

async function addDhcp(network: NetworkBuilder, region: Region, planned: Attributes): Promise<void> {
  const vlan = await idOf(region, "vlan", planned.vlan);
  const rackOf = async (value: Value | undefined): Promise<Known<string | null>> => {
    if (value === null || value === undefined) return null;
    const id = await idOf(region, "rack_controller", value);
    const live = isKnown(id) ? await region.snapshot.read("rackcontrollers", id) : undefined;
    if (live !== undefined && !network.has("rack_controller", textOf(live.system_id))) addRack(network, live);
    return id;
  };
  const [primary, secondary] = await Promise.all([
    rackOf(planned.primary_rack_controller),
    rackOf(planned.secondary_rack_controller),
  ]);
  const live = isKnown(vlan) ? await region.snapshot.read("vlans", vlan) : undefined;
  if (live !== undefined && isKnown(vlan)) {
    network.add("vlan", {
      key: vlan,
      at: { path: `VLAN ${vlan}` },
      fabric: UNKNOWN,
      vid: Number(live.vid),
    });
  }
  const relayTo = planned.relay_vlan === null ? null : UNKNOWN;
  network.add("vlan_dhcp", {
    key: PLANNED,
    at: { path: "this DHCP" },
    vlan,
    on: relayTo === null,
    primary,
    secondary,
    relayTo,
  });
}

function addRack(network: NetworkBuilder, rack: ObjectJson): void {
  const hostname = textOf(rack.hostname);
  const at = { path: `rack controller ${hostname}` };
  network.add("rack_controller", { key: textOf(rack.system_id), at, hostname, regionUrl: UNKNOWN });
  addInterfaces(network, "rack_interface", rack);
}

interface Check {
  readonly add: Adder;
  readonly from: Moment;
  /** The rules that this part of the network is enough for. Absent = all. */
  readonly rules?: readonly string[];
}

/** What a planned object of each kind is held against, and from when on: whatever it refers to, as the region has it. */
const CHECKED: Readonly<Partial<Record<Kind["name"], Check>>> = {
  subnet: { add: addSubnet, from: "plan" },
  ip_range: { add: addRange, from: "plan" },
  // An interface may move to the VLAN in the same run, so that only apply can tell.
  vlan_dhcp: { add: addDhcp, from: "apply", rules: ["MAAS6-DHC-04"] },
};

/**
 * An enforced rule is an error, since MAAS would refuse. The others are warnings here: whether one is suppressed is said
 * in the stack, which has had its say at synth.
 */
function diagnosticOf(kind: Kind, { id, kind: rule, attribute, what, why, fix, source }: Finding): Diagnostic {
  const isOwn = kind.fields.some(({ name }) => name === attribute);
  return {
    severity: rule === "enforced" ? "error" : "warning",
    ...(attribute !== undefined && isOwn && { attribute }),
    summary: `${id}: ${what}`,
    detail: `${why} Fix: ${fix} Source: ${source.at}.`,
  };
}

/** A name that MAAS keeps for another object. Who has it already may keep it, and so may what is taken over. */
async function reservedName(
  region: Region,
  kind: Kind,
  prior: Attributes | undefined,
  planned: Attributes,
): Promise<Diagnostic[]> {
  if (prior !== undefined && prior.name === planned.name) return [];
  const found = checkReserved(kind, planned, prior && textOf(prior.id));
  const isTaken = found.length > 0 && prior === undefined && planned.adopt_existing === true;
  return isTaken && (await tryResolve(region, kind.name, textOf(planned.name))) !== undefined ? [] : found;
}

/**
 * What the rules say about a planned object in view of what it refers to on the region: what synth could not know. Only
 * a change is checked, so an object that stays as it is costs no call.
 */
export async function checkAgainstRegion(
  region: Region,
  kind: Kind,
  prior: Attributes | undefined,
  planned: Attributes,
  moment: Moment,
): Promise<Diagnostic[]> {
  const reserved = await reservedName(region, kind, prior, planned);
  if (reserved.length > 0) return reserved;
  if (kind.name === "network_interface_link") return checkPlannedLink(region, prior, planned);
  const checked = CHECKED[kind.name];
  if (checked === undefined || (checked.from === "apply" && moment === "plan")) return [];
  const isChanged = kind.fields.some(
    ({ name, presence }) => presence !== "computed" && prior?.[name] !== planned[name],
  );
  if (!isChanged) return [];
  const network = new NetworkBuilder();
  await checked.add(network, region, planned);
  const rules = IPV6_RULES.filter(({ id }) => checked.rules?.includes(id) ?? true);
  const { findings } = evaluate({ rules, network: network.build(), now: new Date() });
  const own = findings.filter(({ key, level }) => key === PLANNED && level !== "information");
  return own.map((finding) => diagnosticOf(kind, finding));
}
