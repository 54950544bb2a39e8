import { readDocument } from "../../lib/model/document/read";
import { documentText } from "../../lib/model/document";
import { renderNetplan } from "../../lib/model/netplan";
import { renderRadvd } from "../../lib/model/radvd";
import { rolloutMarkdown } from "../../src/cli/output/rollout-markdown";
import { rolloutText } from "../../src/cli/output/rollout-text";
import { advertisersIn, advertisersOfDocument } from "../../src/rollout/advertisers";
import { netplansOf, routersOf } from "../../src/rollout/devices";
import { planRollout } from "../../src/rollout/plan";
import { readRdisc6 } from "../../src/rollout/probe/advertisement";
import { exportedRegion } from "../../src/rollout/region";
import { rolloutDocument } from "../../src/rollout/render/document";
import { firewallNotes } from "../../src/rollout/render/firewall";
import { cisco, frr, juniper } from "../../src/rollout/render/routers";
import { rolloutSource } from "../../src/rollout/render/typescript";
import { prefixOf, prefixOfSeed } from "../../src/rollout/request";
import { rolloutJson } from "../../src/rollout/rollout-json";
import { TAKEN } from "./judge";
import { changedDocument, changedText } from "./mutate";
import { type Json, ODD_TEXTS } from "./odd";
import type { Random } from "./random";
import { labDocument } from "./samples";
import { reads, type Target, target } from "./target";

const PREFIXES = [
  "2001:db8::/48",
  "fd00:1234:5678::/48",
  "2001:db8::/32",
  "2001:db8:20::/64",
  "2001:db8:ffff:ff00::/56",
];
const NAMES = ["lab", "plain", "10", "lab:10", "untagged", "lab:untagged", "0"];

const PROBE: Json = {
  ...{ format: "maas-ipv6-probe", version: 1 },
  advertisements: [
    {
      router: { address: "fe80::1", mac: "00:00:5e:00:53:01" },
      prefixes: [
        { prefix: "2001:db8:20::/64", onLink: true, autonomous: true, validLifetime: 1, preferredLifetime: 1 },
      ],
    },
  ],
};

const RDISC6 = `
Hop limit                 :           64 (      0x40)
Stateful address conf.    :           No
Stateful other conf.      :          Yes
Router lifetime           :         1800 (0x00000708) seconds
 Prefix                   : 2001:db8:20::/64
  On-link                 :          Yes
  Autonomous address conf.:          Yes
  Valid time              :     infinite (0xffffffff)
  Pref. time              :        14400 (0x00003840) seconds
 Recursive DNS server     : 2001:db8::53
  DNS server lifetime     :         1800 (0x00000708) seconds
 Source link-layer address: 00:00:5E:00:53:01
 from fe80::1
`;

interface Rollout {
  readonly document: string;
  readonly prefix: string | undefined;
  readonly seed: string;
  readonly chosen: { readonly fabrics?: readonly string[]; readonly vlans?: readonly string[] };
  readonly sites: readonly (readonly [string, number])[];
  readonly advertisers: string;
}

const near = (samples: readonly string[], random: Random): string => {
  const text = random.once(8) ? random.of(ODD_TEXTS) : random.of(samples);
  return random.once(3) ? changedText(text, random) : text;
};

/** What `ipv6 plan` and `ipv6 write` do with their input, and all that they write of it. */
function play({ document, prefix, seed, chosen, sites, advertisers }: Rollout): void {
  const request = {
    prefix: prefix === undefined ? prefixOfSeed(seed) : prefixOf(prefix),
    ...{ chosen, dhcpv6: true, sites: new Map(sites), stackName: "maas-ipv6" },
  };
  const read = readDocument(document);
  const region = exportedRegion(read);
  const rollout = planRollout(region, request, [...(advertisersIn(advertisers) ?? []), ...advertisersOfDocument(read)]);
  rolloutText(rollout);
  rolloutMarkdown(rollout);
  rolloutJson(rollout);
  const choice = { routers: new Map<string, string>(), interfaceName: "eth0.{vid}", dnsServers: ["2001:db8::53"] };
  const options = { apiUrl: "http://region.example:5240/MAAS", stackName: "maas-ipv6", choice };
  rolloutSource(rollout, options);
  readDocument(documentText(rolloutDocument(rollout, options)));
  for (const interfaces of netplansOf(rollout).values()) renderNetplan(interfaces);
  for (const own of routersOf(rollout, choice).values()) {
    renderRadvd(own.map(({ settings }) => settings));
    for (const render of [frr, cisco, juniper]) render(own);
  }
  firewallNotes(rollout);
}

export async function rolloutTargets(): Promise<Target[]> {
  const document = await labDocument();
  const text = JSON.stringify(document);
  return [
    target<Rollout>({
      name: "rollouts",
      input: (random) => ({
        document: random.once(3) ? changedDocument(document, random) : text,
        prefix: random.once(8) ? undefined : near(PREFIXES, random),
        seed: near(["1f0c6a2b9d8e7f605a4b3c2d1e0f9a8b"], random),
        chosen: {
          ...(random.once(4) && { fabrics: [near(NAMES, random)] }),
          ...(random.once(4) && { vlans: [near(NAMES, random)] }),
        },
        sites: random.once(3) ? [[near(NAMES, random), random.of([0, 1, 15, 65535, 1e21])]] : [],
        advertisers: changedDocument(random.once(2) ? document : PROBE, random),
      }),
      play: reads(play),
    }),
    target<string>({
      name: "output of rdisc6",
      input: (random) => changedText(changedText(RDISC6, random), random),
      play: (output) => {
        for (const { prefixes, routerLifetime } of readRdisc6(output))
          for (const { validLifetime } of prefixes)
            if ([routerLifetime, validLifetime].some((time) => time < 0)) throw new Error("a time is negative");
        return TAKEN;
      },
    }),
  ];
}
