import { DnsDomainOps } from "../ops/dns-domain-ops";
import type { Strategy } from "../objects/strategy";

/** DNS domains: one is the default, and none goes while something is in it. */
export const dnsDomain: Strategy = { ops: (region) => new DnsDomainOps(region, dnsDomain) };
