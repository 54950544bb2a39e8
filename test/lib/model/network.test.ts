import { UNKNOWN } from "../../../lib/model/known";
import { NetworkBuilder } from "../../../lib/model/network";
import type { NetworkVlan } from "../../../lib/model/network/objects";

const at = (path: string) => ({ path });

const subnet = (key: string, vlan: string | typeof UNKNOWN, cidr: string | typeof UNKNOWN = "10.0.0.0/24") =>
  ({ key, at: at(`lab/${key}`), vlan, cidr, gatewayIp: null, dnsServers: [], managed: true }) as const;

const vlan = (key: string, partial = false): NetworkVlan => ({
  key,
  at: at(`lab/${key}`),
  fabric: "f",
  vid: 0,
  partial,
});

const range = (key: string, startIp: string, endIp: string) =>
  ({ key, at: at(`lab/${key}`), subnet: "s", type: "dynamic", startIp, endIp }) as const;

test("objects come by key, whatever order they were added in", () => {
  const network = new NetworkBuilder().add("subnet", subnet("b", "v")).add("subnet", subnet("a", "v")).build();
  expect(network.all("subnet").map(({ key }) => key)).toEqual(["a", "b"]);
  expect(network.all("ip_range")).toEqual([]);
});

test("a key is used once per kind, and may be used again for another kind", () => {
  const builder = new NetworkBuilder().add("vlan", vlan("x")).add("subnet", subnet("x", "x"));
  expect(builder.has("vlan", "x")).toBe(true);
  expect(builder.has("space", "x")).toBe(false);
  expect(() => builder.add("vlan", vlan("x"))).toThrow(
    'lab/x and lab/x are both the vlan with the key "x": add it once',
  );
});

test("references are followed both ways; unknown, null and dangling ones lead nowhere", () => {
  const network = new NetworkBuilder().add("vlan", vlan("v")).add("subnet", subnet("s", "v")).build();
  const [found] = network.all("vlan");
  expect(network.tryFind("vlan", "v")).toBe(found);
  expect([UNKNOWN, null, "nowhere"].map((key) => network.tryFind("vlan", key))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(network.subnetsOf(vlan("v"))).toEqual({ items: network.all("subnet") });
  expect(network.subnetsOf(vlan("w"))).toEqual({ items: [] });
});

test("members are not all known while a reference of the kind is unknown, or the owner is known in part", () => {
  const network = new NetworkBuilder()
    .add("vlan", vlan("v", true))
    .add("vlan", vlan("w"))
    .add("subnet", subnet("s", UNKNOWN))
    .build();
  expect(network.subnetsOf(vlan("w")).missing).toBe("VLAN of lab/s");
  expect(network.subnetsOf(vlan("v", true)).missing).toBe("what other subnets the region has on lab/v");
});

test("DHCP settings that are there are all of them, even of a VLAN that is known in part", () => {
  const dhcp = { key: "d", at: at("lab/d"), vlan: "v", on: true, primary: "r", secondary: null, relayTo: null };
  const network = new NetworkBuilder().add("vlan_dhcp", dhcp).build();
  expect(network.dhcpOf(vlan("v", true))).toEqual({ items: [dhcp] });
  expect(network.dhcpOf(vlan("w", true)).missing).toBe("what other DHCP settings the region has on lab/w");
});

test("a CIDR or range that is none is unknown to the rules, which read its text", () => {
  const network = new NetworkBuilder()
    .add("subnet", { ...subnet("bad", "v", "10.0.0.0/255.255.255.0"), stated: 4 })
    .add("subnet", subnet("good", "v", "2001:DB8::/64"))
    .add("ip_range", range("bad", "10.0.0.9", "10.0.0.1"))
    .add("ip_range", range("good", "10.0.0.1", "10.0.0.9"))
    .build();
  expect(network.all("subnet").map(({ block, family }) => [String(block), family])).toEqual([
    [String(UNKNOWN), 4],
    ["2001:db8::/64", 6],
  ]);
  expect(network.all("ip_range").map(({ span }) => String(span))).toEqual([String(UNKNOWN), "10.0.0.1-10.0.0.9"]);
});

test("the region URL of a rack is a URL like any other", () => {
  const rack = { at: at("lab/rack"), hostname: "rack" };
  const network = new NetworkBuilder()
    .add("rack_controller", { ...rack, key: "a", regionUrl: "http://region/MAAS" })
    .add("rack_controller", { ...rack, key: "b", regionUrl: null })
    .build();
  expect(network.all("url")).toMatchObject([
    { setting: "regionUrl", url: "http://region/MAAS", at: { path: "lab/rack" } },
  ]);
});
