import { isKnown } from "../../lib/model/known";
import { inNaturalOrder } from "../../lib/model/lists";
import { checkFileName } from "../../lib/model/checks/file-name";
import { checkNetplanInterface, RACK_FILE } from "../../lib/model/checks/netplan";
import { checkObject } from "../../lib/model/checks/object";
import type { Cidr } from "../../lib/model/cidr";
import { KINDS } from "../../lib/model/kinds";
import { fault, type Problem, spelled } from "../../lib/model/problem";
import type { PlannedNetwork } from "./after";
import type { Judged } from "./rollout";
import { type PlacedVlan, refuseMissing } from "./choice";
import { RolloutError } from "./request";
import { type MovedFabric, sitesIn } from "./sites";

/** The racks that serve IPv6 and of which nobody knows which URL of the region they were given. */
export function racksWithUnknownUrl({ network, report }: Judged): Problem<string>[] {
  const racks = report.unjudged.filter(({ id }) => id === "MAAS6-URL-01").map(({ where }) => where.path);
  if (racks.length === 0) return [];
  const names = network
    .all("rack_controller")
    .flatMap(({ hostname, at }) => (racks.includes(at.path) ? [hostname] : []));
  const known = inNaturalOrder(
    names.filter((name) => isKnown(name)),
    (name) => name,
  ).join(", ");
  const first = known === "" ? "RACK" : known.replace(/,.*/, "");
  return [
    {
      ...{ code: "MAAS-ROL-03", severity: "information", subject: { path: "region" } },
      what: `MAAS does not report the region URL of ${known === "" ? "the racks" : known}`,
      why: "In an IPv6 context a rack must know the region by a host name (S5, MAAS6-URL-01).",
      fix: `Look at maas_url in /etc/maas/rackd.conf of each (snap: /var/snap/maas/current/rackd.conf): write a name there that has an A and an AAAA record, such as http://region.example:5240/MAAS. Then say it with --rack-url ${first}=URL.`,
    },
  ];
}

/** What an export does not say: the addresses of racks, so that none is planned for them. */
export function racksWithUnknownAddresses(networks: readonly PlannedNetwork[], isLive: boolean): Problem<string>[] {
  const racks = networks.flatMap((one) =>
    one.racks.flatMap(({ rack, addresses }) => (addresses === undefined ? [rack] : [])),
  );
  if (racks.length === 0) return [];
  return [
    {
      ...{ code: "MAAS-ROL-05", severity: "information", subject: { path: "region" } },
      what: `the addresses of ${inNaturalOrder([...new Set(racks)], (name) => name).join(", ")} are not known: ${isLive ? "the racks have not reported any" : "an export has none"}`,
      why: "A rack could have an IPv6 address already, and an address that is planned for it could be somebody else's.",
      fix: isLive
        ? "Start the racks, and plan again once MAAS shows their interfaces: then each gets its netplan file too."
        : "Leave the file out, so that the live region is read: then each rack gets its netplan file too.",
    },
  ];
}

/** A network that is to have DHCPv6, and has no room for what it gives out. */
export function withoutPool({ ipv6, title }: PlannedNetwork): Problem<string>[] {
  if (ipv6 === undefined || ipv6.dynamicRange !== undefined) return [];
  return [
    {
      ...{ code: "MAAS-ROL-04", severity: "warning", subject: { path: `subnet ${ipv6.cidr} on ${title}` } },
      what: `${ipv6.cidr} gets no DHCPv6 range: it is unmanaged, or its ranges leave too few addresses`,
      why: "MAAS takes a dynamic range of 256 IPv6 addresses or more, beside all other ranges of a managed subnet.",
      fix: `Shorten or delete a reserved range of ${ipv6.cidr}, or leave --dhcpv6 out.`,
    },
  ];
}

/** Names that no construct takes, and no file can have: MAAS gives none such, but what answers may be something else. */
export function unwritable({ fabric, racks }: PlannedNetwork): Problem<string>[] {
  const planned = racks.flatMap(({ rack, interfaceName: name, kind, ipv6 }) =>
    ipv6 === undefined
      ? []
      : [
          ...checkFileName(rack, RACK_FILE),
          ...checkNetplanInterface({ name, ...kind, addresses: [ipv6.address], acceptRa: false }),
        ].map((problem) => ({ problem, path: `rack ${rack}` })),
  );
  return [
    ...checkObject(KINDS.fabric, { name: fabric }).map((problem) => ({ problem, path: `fabric ${fabric}` })),
    ...planned,
  ].map(({ problem, path }) => ({ ...spelled(problem), severity: "error" as const, subject: { path } }));
}

/** @throws RolloutError for a site of a fabric that the region does not have, or that is not in the prefix */
export function checkSites(given: ReadonlyMap<string, number>, prefix: Cidr, all: readonly PlacedVlan[]): void {
  const count = sitesIn(prefix);
  for (const [fabric, site] of given) {
    if (!all.some((one) => one.fabric === fabric))
      refuseMissing(
        "fabric",
        "--site",
        fabric,
        all.map((one) => one.fabric),
      );
    if (site < count) continue;
    const what = `${prefix.toString()} has ${count === 1 ? "the site 0 only" : `the sites 0 to ${count - 1}`}, and ${fabric} is to have the site ${site}`;
    const fix = `Give --site ${fabric}=${count - 1}, or a prefix shorter than /${prefix.prefixLength}.`;
    throw new RolloutError(fault("MAAS-ROL-01", undefined, { what, fix }));
  }
}

/** The fabrics of networks that have another part of the prefix than the one which follows from their names. */
export function fabricsMoved(
  networks: readonly PlannedNetwork[],
  moved: ReadonlyMap<string, MovedFabric>,
): Problem<string>[] {
  const planned = new Set(networks.filter(({ ipv6 }) => ipv6?.standing === "planned").map(({ fabric }) => fabric));
  return [...moved].flatMap(([fabric, { site, takenBy }]) =>
    !planned.has(fabric)
      ? []
      : [
          {
            ...({ code: "MAAS-ROL-06", severity: "information", subject: { path: `fabric ${fabric}` } } as const),
            what: `${fabric} gets the site ${site} of the prefix, since ${takenBy} has the one that follows from its name`,
            why: "Which of the two has it follows from their names, until one has a network there.",
            fix: `To have it stay whatever fabrics come, add --site ${fabric}=${site}.`,
          },
        ],
  );
}
