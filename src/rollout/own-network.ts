import { Cidr } from "../../lib/model/cidr";
import { PlanError, type Problem, spelled, warning } from "../../lib/model/problem";
import type { PlacedVlan } from "./choice";
import { segmentOf, sitesIn } from "./sites";

/** The network that the plan gives a VLAN. */
export type Own = { readonly segment: ReturnType<typeof segmentOf> } | { readonly problem: Problem<string> };

/** The network that the plan gives a VLAN, or why there is none. */
export function ownNetwork(prefix: Cidr, sites: ReadonlyMap<string, number>, { fabric, vid, title }: PlacedVlan): Own {
  const site = sites.get(fabric);
  const path = `VLAN ${title}`;
  if (site === undefined)
    return {
      problem: {
        ...{ code: "MAAS-ROL-01", severity: "error", subject: { path } },
        what: `${prefix.toString()} has room for ${sitesIn(prefix)} fabric${sitesIn(prefix) === 1 ? "" : "s"}, and other fabrics have it`,
        fix: `Give a prefix shorter than /${prefix.prefixLength}, such as ${Cidr.of(prefix.first, Math.max(16, Math.min(48, prefix.prefixLength - 4))).toString()}.`,
      },
    };
  try {
    return { segment: segmentOf(prefix, site, vid) };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const [problem] = error.problems;
    const what = `${prefix.toString()} has no /64 for the VID ${vid}`;
    const fix = `Give a prefix of /52 or shorter, such as ${Cidr.of(prefix.first, 48).toString()}.`;
    return {
      problem: {
        ...spelled(problem ?? warning("MAAS-ROL-01", undefined, { what })),
        code: "MAAS-ROL-01",
        severity: "error",
        subject: { path },
        what,
        fix,
      },
    };
  }
}
