import { isKnown } from "../../lib/model/known";
import { inNaturalOrder } from "../../lib/model/lists";
import type { Problem } from "../../lib/model/problem";
import type { PlannedNetwork } from "./after";
import type { Judged } from "./rollout";
import type { MovedFabric } from "./sites";

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
  return [
    {
      ...{ code: "MAAS-ROL-03", severity: "information", subject: { path: "region" } },
      what: `MAAS does not report by which URL ${known === "" ? "the racks" : known} reach the region`,
      why: "In an IPv6 context a rack must know the region by a host name (S5, MAAS6-URL-01).",
      fix: `Look at maas_url in /etc/maas/rackd.conf of each (snap: /var/snap/maas/current/rackd.conf): write a name there that has an A and an AAAA record, such as http://region.example:5240/MAAS.`,
    },
  ];
}

/** What an export does not say: the addresses of racks, so that none is planned for them. */
export function racksWithUnknownAddresses(networks: readonly PlannedNetwork[]): Problem<string>[] {
  const racks = networks.flatMap((one) =>
    one.racks.flatMap(({ rack, addresses }) => (addresses === undefined ? [rack] : [])),
  );
  if (racks.length === 0) return [];
  return [
    {
      ...{ code: "MAAS-ROL-05", severity: "information", subject: { path: "region" } },
      what: `the addresses of ${inNaturalOrder([...new Set(racks)], (name) => name).join(", ")} are not known: an export has none`,
      why: "A rack could have an IPv6 address already, and an address that is planned for it could be somebody else's.",
      fix: "Leave the file out, so that the live region is read: then each rack gets its netplan file too.",
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
