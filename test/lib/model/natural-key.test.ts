import * as fc from "fast-check";
import { canonicalKey } from "../../../lib/model/natural-key";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../lib/model/document/kinds";
import { cidrs } from "../../support/arbitraries";

const KINDS = Object.keys(DOCUMENT_KINDS) as DocumentKindName[];

test.each<[DocumentKindName, string, string]>([
  ["subnet", "2001:DB8:0::/64", "2001:db8::/64"],
  ["subnet", "10.0.0.1/24", "10.0.0.0/24"],
  ["ip_range", "2001:DB8::1-2001:db8:0::F in 2001:0DB8::/64", "2001:db8::1-2001:db8::f in 2001:db8::/64"],
  ["vlan", "lab:untagged", "lab:0"],
  ["vlan_dhcp", "lab:untagged", "lab:0"],
  ["subnet", "::FFFF:a09:0/112", "::ffff:10.9.0.0/112"],
  ["ip_range", "::a09:1-::a09:9 in ::a09:0/112", "::10.9.0.1-::10.9.0.9 in ::10.9.0.0/112"],
  ["network_interface_link", "node-1/eth0:2001:DB8:0::/64", "node-1/eth0:2001:db8::/64"],
  ["network_interface_link", "node-1/eth0:::ffff:a09:50", "node-1/eth0:::ffff:10.9.0.80"],
  ["network_interface_link", "node-1/aa:BB:cc:dd:ee:ff:2001:DB8::5", "node-1/aa:BB:cc:dd:ee:ff:2001:db8::5"],
  ["router_advertisement", "core-1 on 2001:DB8::/64", "core-1 on 2001:db8::/64"],
  ["vlan", "Büro:٣", "Büro:3"],
  ["vlan_dhcp", "日本:1２", "日本:12"],
  ["vlan", "lab:010", "lab:10"],
  ["vlan", "lab:𝟛𝟘", "lab:30"],
])("the key of a %s, %s, is spelled %s", (kind, key, spelled) => {
  expect(canonicalKey(kind, key)).toBe(spelled);
});

test.each<[DocumentKindName, string]>([
  ["subnet", "lab/v6/subnet"],
  ["ip_range", "lab/v6/pool"],
  ["ip_range", "10.0.0.1-10.0.0.9"],
  ["vlan", "untagged:10"],
  ["fabric", "lab:untagged"],
  ["space", "2001:DB8::"],
  ["rack_interface", "rack1/ETH1"],
])("what is no address in the key of a %s stays as the user wrote it: %s", (kind, key) => {
  expect(canonicalKey(kind, key)).toBe(key);
});

test("the ends of a range that are no addresses stay, while the subnet is spelled", () => {
  expect(canonicalKey("ip_range", "here-there in 2001:DB8::/64")).toBe("here-there in 2001:db8::/64");
});

test("a key that has been spelled is spelled the same again, and what documents show as examples is spelled so already", () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), fc.oneof(fc.string(), cidrs.map(String)), (kind, key) => {
      const once = canonicalKey(kind, key);
      expect(canonicalKey(kind, once)).toBe(once);
    }),
  );
  for (const kind of KINDS)
    for (const example of DOCUMENT_KINDS[kind].key.examples) expect(canonicalKey(kind, example)).toBe(example);
});

test("every spelling of a CIDR leads to one key", () => {
  fc.assert(
    fc.property(cidrs, (cidr) => {
      const [network = "", length = ""] = cidr.toString().split("/");
      expect(canonicalKey("subnet", `${network.toUpperCase()}/${length}`)).toBe(cidr.toString());
    }),
  );
});
