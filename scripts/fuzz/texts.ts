import { AddressError, IpAddress } from "../../lib/model/address";
import { Cidr, CidrError } from "../../lib/model/cidr";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../lib/model/document/kinds";
import { formatKey, isWellFormedKey, parseKey } from "../../lib/model/natural-key";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import { documentNetwork } from "../../lib/model/document/network";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { proxyFromEnvironment } from "../../src/maas/proxy-environment";
import { secondsOf } from "../../src/maas/seconds";
import { type Answer, PASSWORD, refused, TAKEN } from "./judge";
import { changedJson, changedText } from "./mutate";
import { type Json, ODD_TEXTS } from "./odd";
import type { Random } from "./random";
import { reads, type Target, target } from "./target";

const ADDRESSES = [
  "10.20.0.1",
  "2001:db8:20::1",
  "::",
  "fe80::1",
  "::ffff:10.0.0.1",
  "2001:0db8:0000:0000:0000:0000:0000:0001",
];
const CIDRS = ["10.20.0.0/24", "2001:db8:20::/64", "0.0.0.0/0", "::/0", "192.0.2.128/25", "2001:db8::/127"];

/** One of the texts, mostly changed. */
const near = (samples: readonly string[], random: Random): string => {
  if (random.once(12)) return random.of(ODD_TEXTS);
  const text = random.of(samples);
  return random.once(6) ? text : changedText(text, random);
};

/** What its own error means; any other one is a crash. */
function refusedBy(kind: new (...given: never[]) => Error, work: () => void): Answer {
  try {
    work();
    return TAKEN;
  } catch (error) {
    if (error instanceof kind) return refused(error.message);
    throw error;
  }
}

/** What is read says itself again as text that is read as the same. */
function same(text: string, again: string): void {
  if (text !== again) throw new Error(`${JSON.stringify(text)} is read again as ${JSON.stringify(again)}`);
}

const KINDS = Object.keys(DOCUMENT_KINDS) as DocumentKindName[];

const SUPPRESSION: Json = {
  id: "MAAS6-RTR-01",
  reason: "RAs come from leaf pair tor-7",
  where: "lab",
  until: "2027-03-31",
};

export const TEXTS: readonly Target[] = [
  target<string>({
    name: "addresses",
    input: (random) => near(ADDRESSES, random),
    play: (text) =>
      refusedBy(AddressError, () => {
        const canonical = IpAddress.parse(text).toString();
        same(canonical, IpAddress.parse(canonical).toString());
      }),
  }),
  target<string>({
    name: "CIDRs",
    input: (random) => near(CIDRS, random),
    play: (text) =>
      refusedBy(CidrError, () => {
        const canonical = Cidr.parse(text).toString();
        same(canonical, Cidr.parse(canonical).toString());
      }),
  }),
  target<{ kind: DocumentKindName; key: string }>({
    name: "natural keys",
    input: (random) => {
      const kind = random.of(KINDS);
      return { kind, key: near(DOCUMENT_KINDS[kind].key.examples, random) };
    },
    play: ({ kind, key }) => {
      const parts = parseKey(kind, key);
      if (parts === undefined || !isWellFormedKey(kind, key)) return refused(`${key} is no key`);
      const canonical = formatKey(kind, parts);
      if (canonical !== undefined) same(canonical, formatKey(kind, parseKey(kind, canonical) ?? {}) ?? "");
      return TAKEN;
    },
  }),
  target<string>({
    name: "API keys",
    input: (random) => near(["consumer:token:secret", "abcDEF123:tok456:sec789"], random),
    play: reads((text) => ApiKey.parse(text)),
  }),
  target<string>({
    name: "URLs of regions",
    input: (random) =>
      near(
        ["http://region.example:5240/MAAS", "https://[2001:db8::1]/MAAS/api/2.0/", "http://10.0.0.1:5240/MAAS"],
        random,
      ),
    play: reads((text) => ApiUrl.parse(text)),
  }),
  target<Readonly<Record<string, string>>>({
    name: "proxies",
    input: (random) => ({
      HTTP_PROXY: near([`http://ci:${PASSWORD}@proxy.example:3128`, "proxy:3128", "http://[2001:db8::1]:3128"], random),
      NO_PROXY: near(["region.example,10.0.0.0/8, [2001:db8::]/32", "*.example:5240", "*"], random),
    }),
    play: reads((environment) => proxyFromEnvironment(new URL("http://region.example:5240/MAAS"), environment)),
  }),
  target<string>({
    name: "seconds",
    input: (random) => near(["120", "0", "1.5", "86400"], random),
    play: (text) => {
      const read = secondsOf(text);
      if (read !== undefined && !(read >= 0 && Number.isFinite(read))) throw new Error(`read as ${read}`);
      return read === undefined ? refused(`${text} is no number of seconds`) : TAKEN;
    },
  }),
  target<Json>({
    name: "suppressions",
    input: (random) => changedJson([SUPPRESSION], random),
    play: (given) => {
      const list = (Array.isArray(given) ? given : [given]).filter(
        (one) => typeof one === "object" && one !== null && !Array.isArray(one),
      );
      const network = documentNetwork({ objects: {}, suppressions: [] });
      const { findings } = evaluate({
        rules: IPV6_RULES,
        network,
        suppressions: list,
        now: new Date("2026-11-26T00:00:00Z"),
      });
      return findings.length === 0 ? TAKEN : refused(findings.map(({ what, fix }) => `${what}. ${fix}`).join("\n"));
    },
  }),
];
