import type { Attributes } from "../../../lib/model/known";
import { isKnown, UNKNOWN, type Value } from "../../../lib/model/known";
import { NetworkBuilder } from "../../../lib/model/network/builder";
import type { RangeType } from "../../../lib/model/network/objects";
import { textOf } from "../../../lib/model/text";
import type { Finding } from "../../../lib/rules/report";
import type { LiveObject } from "../live-objects";
import { findingsOf, rulesOf } from "../rule-findings";
import type { DesiredObject } from "./desired";
import { type LiveState, nameOf } from "./live-state";
import type { Step } from "./order";

const RULES = rulesOf("MAAS6-RNG-04", "MAAS6-NET-07");

/** What of a subnet its dynamic ranges must leave alone. */
const TAKING = ["gateway_ip", "dns_servers", "managed"];

/** Whether the step may be in conflict with ranges of its subnet that the document does not name. */
const mayMeetRanges = ({ kind, action, differences }: Step): boolean =>
  kind === "subnet" && action === "update" && differences.some(({ name }) => TAKING.includes(name));

/** Whether subnets that the document does not name may find the MTU of their VLAN too small. */
const mayMeetSubnets = ({ kind, differences }: Step): boolean =>
  kind === "vlan" && differences.some(({ name, live, desired }) => name === "mtu" && Number(desired) < Number(live));

/** Whether the step may be in conflict with something that the document does not name. */
export const mayMeetOthers = (step: Step): boolean => mayMeetRanges(step) || mayMeetSubnets(step);

const isChange = ({ action }: Step): boolean => action === "create" || action === "update";

const textOrNull = (value: Value | undefined): string | null => (typeof value === "string" ? value : null);

interface Sides {
  readonly steps: readonly Step[];
  readonly desired: readonly DesiredObject[];
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
}

/**
 * What of a plan is in conflict with what the region has and the document does not tell: its ranges with ranges of others,
 * or with the gateway and the DNS servers of a subnet that is looked up; the MTU of a VLAN with IPv6 subnets of others.
 * Only what the plan changes is checked.
 */
export function regionConflicts({ steps, desired, live }: Sides, reported: readonly Finding[]): Finding[] {
  const changes = steps.filter((step) => isChange(step) && (step.kind === "ip_range" || mayMeetOthers(step)));
  if (changes.length === 0) return [];
  const network = new NetworkBuilder();
  const paths = new Map(desired.map(({ kind, key, path }) => [nameOf(kind, key), path]));
  const stepOf = new Map(steps.filter(isChange).map((step) => [nameOf(step.kind, step.key), step]));
  const deleted = new Set(
    steps.flatMap(({ action, kind, id }) => (action === "delete" && id !== undefined ? [nameOf(kind, id)] : [])),
  );
  const vlans = changes.filter(({ kind }) => kind === "vlan");
  for (const { key, path, desired: { mtu } = {} } of vlans)
    network.add("vlan", {
      ...{ key, at: { path }, fabric: UNKNOWN, vid: UNKNOWN },
      mtu: typeof mtu === "number" ? mtu : UNKNOWN,
      partial: true,
    });
  const attributesNow = ({ kind, key, attributes }: LiveObject): Attributes => ({
    ...attributes,
    ...Object.fromEntries(
      Object.entries(stepOf.get(nameOf(kind, key))?.desired ?? {}).filter(([, value]) => isKnown(value)),
    ),
  });
  const subnets = new Set(
    changes.flatMap(({ kind, key, desired: wanted = {} }) =>
      kind === "vlan"
        ? live
            .ofKind("subnet")
            .filter((subnet) => attributesNow(subnet).vlan === key && !deleted.has(nameOf("subnet", subnet.id)))
            .map((subnet) => subnet.key)
        : [kind === "subnet" ? key : textOf(wanted.subnet)],
    ),
  );
  for (const key of subnets) {
    const found = live.find("subnet", key);
    // A subnet that is created has no ranges of others.
    if (found === undefined) continue;
    const { gateway_ip, dns_servers, managed, cidr, vlan } = attributesNow(found);
    const isOnChanged = vlans.some((changed) => changed.key === vlan);
    network.add("subnet", {
      ...{ key, at: { path: paths.get(nameOf("subnet", key)) ?? `subnet ${key}` } },
      vlan: isOnChanged ? textOf(vlan) : UNKNOWN,
      ...{ cidr: textOf(cidr ?? key), gatewayIp: textOrNull(gateway_ip) },
      dnsServers: Array.isArray(dns_servers) ? dns_servers.map((server) => textOf(server)) : [],
      managed: typeof managed === "boolean" ? managed : UNKNOWN,
      partial: true,
    });
  }
  const addRange = (key: string, path: string, { subnet, type, start_ip, end_ip }: Attributes): void => {
    const [startIp, endIp] = [textOf(start_ip), textOf(end_ip)];
    if (network.has("subnet", textOf(subnet)))
      network.add("ip_range", {
        key,
        at: { path },
        subnet: textOf(subnet),
        type: textOf(type) as RangeType,
        startIp,
        endIp,
      });
  };
  for (const range of live.ofKind("ip_range"))
    if (!deleted.has(nameOf("ip_range", range.id)))
      addRange(
        range.key,
        paths.get(nameOf("ip_range", range.key)) ?? `IP range ${range.id} of the region`,
        attributesNow(range),
      );
  for (const { kind, action, key, path, desired: wanted = {} } of steps)
    if (kind === "ip_range" && action === "create") addRange(key, path, wanted);
  const places = new Set(changes.map(({ path }) => path));
  const known = new Set(reported.map(({ id, what }) => `${id} ${what}`));
  return findingsOf(network.build(), RULES).filter(
    ({ id, what, where, related }) =>
      [where, ...related].some(({ path }) => places.has(path)) && !known.has(`${id} ${what}`),
  );
}
