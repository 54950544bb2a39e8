import { checkObject } from "../../../../lib/model/checks/object";
import type { KindName } from "../../../../lib/model/field";
import { KINDS } from "../../../../lib/model/kinds";
import { type Attributes, UNKNOWN } from "../../../../lib/model/known";
import { sentence } from "../../../../lib/model/problem";

const subnet = (more: Attributes): Attributes => ({ cidr: "2001:db8::/64", vlan: "1", ...more });
const range = (type: string, start: string, end: string): Attributes => ({
  subnet: "1",
  type,
  start_ip: start,
  end_ip: end,
});

/** What is wrong, at which attribute, and what the message must tell the user to write. */
const FAULTS: [KindName, Attributes, string, string][] = [
  ["fabric", { name: "my lab" }, "name", "letters, digits"],
  ["fabric", { name: "lab", class_type: "" }, "class_type", "Leave class_type out"],
  ["vlan", { fabric: "1", vid: 4095 }, "vid", "0 to 4094"],
  ["vlan", { fabric: "1", vid: -1 }, "vid", "0 to 4094"],
  ["vlan", { fabric: "1", vid: 1.5 }, "vid", "without a fraction"],
  ["vlan", { fabric: "1", vid: 10, mtu: 551 }, "mtu", "552 to 65535"],
  ["vlan", { fabric: "1", vid: 0, name: "pxe" }, "name", "Leave name out"],
  ["vlan", { fabric: "1", vid: 10, name: "10" }, "name", "its own VID"],
  ["subnet", subnet({ cidr: "10.0.0.7/24" }), "cidr", "Write 10.0.0.0/24"],
  ["subnet", subnet({ cidr: "10.0.0.0/255.255.255.0" }), "cidr", "write 10.0.0.0/24"],
  ["subnet", subnet({ cidr: "2001:db8::/ffff:ffff:ffff:ffff::" }), "cidr", "write 2001:db8::/64"],
  ["subnet", subnet({ cidr: "2001:db8::" }), "cidr", "2001:db8::/64"],
  ["subnet", subnet({ cidr: "0.0.0.0/0" }), "cidr", "prefix length of 0"],
  ["subnet", subnet({ cidr: "" }), "cidr", "10.20.0.0/24"],
  ["subnet", { cidr: "10.0.0.0/24", vlan: "" }, "vlan", "vlan can't be empty"],
  ["subnet", subnet({ name: "" }), "name", "Leave name out"],
  ["subnet", subnet({ cidr: "010.1.1.0/24" }), "cidr", "Write 10.1.1.0/24"],
  ["subnet", subnet({ cidr: "010.1.01.7/24" }), "cidr", "Write 10.1.1.7/24"],
  ["subnet", { cidr: "10.0.0.0/24", vlan: "1", gateway_ip: "10.0.0.001" }, "gateway_ip", "Write 10.0.0.1"],
  ["subnet", subnet({ dns_servers: ["::ffff:10.010.0.0"] }), "dns_servers", "Write ::ffff:10.10.0.0"],
  ["ip_range", range("reserved", "10.0.0.010", "10.0.0.20"), "start_ip", "Write 10.0.0.10"],
  ["subnet", subnet({ disabled_boot_architectures: ["arm64"] }), "disabled_boot_architectures", "uefi_arm64_tftp"],
  ["subnet", subnet({ dns_servers: [""] }), "dns_servers", "dns_servers = []"],
  ["ip_range", { ...range("reserved", "10.0.0.1", "10.0.0.2"), comment: " " }, "comment", "Leave comment out"],
  ["vlan_dhcp", { vlan: "1", primary_rack_controller: "", relay_vlan: "" }, "primary_rack_controller", "relay_vlan"],
  ["subnet", subnet({ gateway_ip: "2001:db8:1::1" }), "gateway_ip", "such as 2001:db8::1"],
  ["subnet", subnet({ gateway_ip: "10.0.0.1" }), "gateway_ip", "fe80::1"],
  ["subnet", subnet({ gateway_ip: "fe80::1%eth0" }), "gateway_ip", "Write fe80::1"],
  ["subnet", subnet({ dns_servers: ["2001:db8::53", "10.0.0.53"] }), "dns_servers", "IPv6 address"],
  ["subnet", subnet({ rdns_mode: 3 }), "rdns_mode", "0, 1, 2"],
  ["ip_range", range("static", "10.0.0.1", "10.0.0.2"), "type", "dynamic, reserved"],
  ["ip_range", range("reserved", "10.0.0.9", "10.0.0.2"), "end_ip", "start_ip 10.0.0.2, end_ip 10.0.0.9"],
  ["ip_range", range("dynamic", "10.0.0.1", "2001:db8::1"), "end_ip", "one range per family"],
  [
    "ip_range",
    range("dynamic", "2001:db8:0:0:1::", "2001:db8:0:0:1::fe"),
    "end_ip",
    "End it at 2001:db8::1:0:0:ff or later",
  ],
  ["vlan_dhcp", { vlan: "1" }, "primary_rack_controller", "relay_vlan"],
  ["vlan_dhcp", { vlan: "1", primary_rack_controller: "a", relay_vlan: "2" }, "relay_vlan", "Leave out relay_vlan"],
  [
    "vlan_dhcp",
    { vlan: "1", primary_rack_controller: "a", secondary_rack_controller: "a" },
    "secondary_rack_controller",
    "another rack",
  ],
];

const SOUND: [string, KindName, Attributes][] = [
  ["a link-local IPv6 gateway", "subnet", subnet({ gateway_ip: "fe80::1" })],
  ["an emptied gateway", "subnet", subnet({ gateway_ip: "" })],
  [
    "boot architectures by name and by number",
    "subnet",
    subnet({ disabled_boot_architectures: ["pxe", "0x07", "00:0C"] }),
  ],
  ["an emptied description", "subnet", subnet({ description: "" })],
  ["a VLAN without name and space", "vlan", { fabric: "1", vid: 0, name: "", space: "undefined" }],
  ["the name that MAAS shows for none", "vlan", { fabric: "1", vid: 0, name: "untagged" }],
  [
    "a relayed VLAN whose racks are empty",
    "vlan_dhcp",
    { vlan: "1", primary_rack_controller: "", secondary_rack_controller: "", relay_vlan: "2" },
  ],
  [
    "an IPv6 dynamic range of exactly 256 addresses",
    "ip_range",
    range("dynamic", "2001:db8:0:0:1::", "2001:db8:0:0:1::ff"),
  ],
  ["a range of one address", "ip_range", range("reserved", "10.0.0.1", "10.0.0.1")],
  ["the highest VID", "vlan", { fabric: "1", vid: 4094 }],
  ["a relayed VLAN", "vlan_dhcp", { vlan: "1", relay_vlan: "2" }],
  ["a host-wide IPv6 subnet", "subnet", subnet({ cidr: "2001:db8::1/128" })],
];

describe("checkObject", () => {
  it.each(FAULTS)("finds what is wrong with the %s %j at %s and shows the fix", (kind, attributes, attribute, fix) => {
    const found = checkObject(KINDS[kind], attributes);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity: "error", attribute });
    expect(sentence(found[0]!)).toContain(fix);
  });

  it.each(SOUND)("takes %s", (_, kind, attributes) => {
    expect(checkObject(KINDS[kind], attributes)).toEqual([]);
  });

  it.each(Object.values(KINDS))("takes a $type of which nothing is known yet", (kind) => {
    const unknown = Object.fromEntries(kind.fields.map(({ name }) => [name, UNKNOWN]));
    expect(checkObject(kind, unknown)).toEqual([]);
  });
});
