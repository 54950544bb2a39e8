import { type Changes, describeRuleCases, UNKNOWN } from "../lab";

const region = (regionUrl: string | null | typeof UNKNOWN): Changes => ({ rack_controller: { rack1: { regionUrl } } });
const api = (url: string | typeof UNKNOWN): Changes => ({ url: { api: { url } } });

describeRuleCases("MAAS6-URL-01", [
  ["holds for a host name", "rack1", {}, "compliant"],
  ...(
    [
      ["an IPv4 address", "http://10.20.0.1:5240/MAAS", "names an IPv4 address"],
      ["an IPv6 address", "http://[2001:db8:20::1]:5240/MAAS", "names an IPv6 address"],
      ["an IPv6 address without brackets", "http://2001:db8:20::1:5240/MAAS", "names an IPv6 address"],
      ["localhost", "http://localhost:5240/MAAS", "names the rack itself"],
      ["text that is no URL", "region:5240", "no host"],
    ] as const
  ).map(
    ([name, url, what]) =>
      [`is broken by ${name}`, "rack1", region(url), { what, fix: "http://region.example.com:5240/MAAS" }] as const,
  ),
  [
    "keeps scheme and path in what it proposes",
    "rack1",
    region("https://10.20.0.1/r/MAAS"),
    { what: "IPv4", fix: "https://region.example.com/r/MAAS" },
  ],
  [
    "holds for a name that only starts like an address",
    "rack1",
    region("http://10.example.com:5240/MAAS"),
    "compliant",
  ],
  [
    "does not apply to a rack without IPv6",
    "rack1",
    { ...region("http://10.20.0.1/MAAS"), subnet: { v6: null } },
    "not_applicable",
  ],
  [
    "is not judged without a region URL",
    "rack1",
    region(null),
    { unknown: "region URL of lab/rack1, which MAAS does not report: give regionUrl" },
  ],
  ["is not judged while the region URL is unknown", "rack1", region(UNKNOWN), { unknown: "region URL of lab/rack1" }],
]);

describeRuleCases("MAAS6-URL-02", [
  ["holds for a host name", "api", {}, "compliant"],
  ["holds for a bracketed address", "api", api("http://[2001:db8::1]:5240/MAAS"), "compliant"],
  [
    "is broken by a bare address with a port, in both readings",
    "api",
    api("http://2001:db8::1:5240/MAAS"),
    {
      what: "apiUrl http://2001:db8::1:5240/MAAS holds an IPv6 address without brackets",
      fix: "Write http://[2001:db8::1]:5240/MAAS, or http://[2001:db8::1:5240]/MAAS.",
    },
  ],
  [
    "is broken by a bare address without a port",
    "api",
    api("http://fd00::a/MAAS"),
    { what: "without brackets", fix: "http://[fd00::a]/MAAS" },
  ],
  [
    "looks at the region URLs of racks too",
    "region URL of rack1",
    region("http://::1/MAAS"),
    { what: "regionUrl http://::1/MAAS", fix: "http://[::1]/MAAS" },
  ],
  ["is not judged while the URL is unknown", "api", api(UNKNOWN), { unknown: "apiUrl of lab/api" }],
]);
