import { textOf } from "../../../lib/model/text";
import type { Strategy } from "../objects/strategy";
import { DnsRecordOps } from "../ops/dns-record-ops";
import { besideCname, findRecord, knownRecord, lookUpRecord, placed } from "../region/dns-records";

/** DNS records: addresses are in one collection of MAAS and all other records in another, which one list answers for. */
export const dnsRecord: Strategy = {
  ops: (region) => new DnsRecordOps(region, dnsRecord),
  lookUp: lookUpRecord,
  find: findRecord,
  known: knownRecord,
  complete: placed,
  passing: /cannot coexist|CNAME present|Only one CNAME/,
  explain: async ({ snapshot }, refusal, { name, domain }) => {
    const there = (await snapshot.list("dnsresources")).filter(
      (row) => row.name === name && textOf((row.domain as { readonly id?: unknown } | null)?.id ?? "") === domain,
    );
    return there.length === 0 ? undefined : besideCname(there, refusal);
  },
};
