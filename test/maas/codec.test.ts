import { KINDS } from "../../lib/model/kinds";
import { UNKNOWN } from "../../lib/model/known";
import { decode, encode, type ObjectJson } from "../../src/maas/codec";

/** A subnet as a region answered it (3.6.5), shortened. */
const SUBNET: ObjectJson = {
  id: 7,
  name: "10.20.0.0/24",
  description: "",
  vlan: { id: 5003, vid: 10, fabric_id: 2, name: null, space: "undefined" },
  cidr: "10.20.0.0/24",
  rdns_mode: 2,
  gateway_ip: "",
  dns_servers: [],
  allow_dns: true,
  allow_proxy: true,
  active_discovery: false,
  managed: true,
  disabled_boot_architectures: ["uefi_amd64_tftp", "pxe"],
  space: "undefined",
};

describe("decode", () => {
  it("reads the attributes of the field table out of MAAS's JSON", () => {
    expect(decode(KINDS.subnet, SUBNET)).toEqual({
      cidr: "10.20.0.0/24",
      vlan: "5003",
      name: "10.20.0.0/24",
      description: "",
      gateway_ip: null,
      dns_servers: [],
      rdns_mode: 2,
      allow_dns: true,
      allow_proxy: true,
      active_discovery: false,
      managed: true,
      disabled_boot_architectures: ["pxe", "uefi_amd64_tftp"],
      fabric_id: "2",
      vid: 10,
      space: null,
    });
  });

  it.each([
    ["an empty text", { gateway_ip: "" }],
    ["null", { gateway_ip: null }],
    ["a missing key", {}],
  ])("takes %s for none", (_, json) => {
    expect(decode(KINDS.subnet, json).gateway_ip).toBeNull();
  });

  it("takes MAAS's words for none as none: the space undefined, the name untagged", () => {
    expect(decode(KINDS.vlan, { name: "untagged", space: "undefined", vid: 0 })).toMatchObject({
      name: null,
      space: null,
    });
  });

  it("takes a VLAN's VID in place of a name for none, which MAAS shows up to 3.4", () => {
    expect(decode(KINDS.vlan, { name: "60", vid: 60 }).name).toBeNull();
    expect(decode(KINDS.vlan, { name: "60", vid: 61 }).name).toBe("60");
  });

  it("reads a list that MAAS leaves out as an empty one", () => {
    expect(decode(KINDS.subnet, { dns_servers: null })).toMatchObject({
      dns_servers: [],
      disabled_boot_architectures: [],
    });
  });

  it("leaves out what MAAS never tells", () => {
    expect(decode(KINDS.fabric, { id: 1, name: "lab", vlans: [{ id: 5 }] })).toEqual({
      name: "lab",
      class_type: null,
      untagged_vlan: "5",
    });
  });

  it("reads a nested object as its id", () => {
    const nics = [{ name: "eth0", mac_address: "52:54:00:00:00:01", vlan: { id: 9 } }];
    expect(decode(KINDS.rack_controller, { hostname: "rack1", interface_set: nics }).interfaces).toEqual([
      { name: "eth0", mac_address: "52:54:00:00:00:01", vlan: "9" },
    ]);
  });
});

describe("encode", () => {
  it("writes booleans as true and false, which are the only safe spellings", () => {
    expect(encode(KINDS.subnet, { managed: false, allow_dns: true })).toEqual([
      ["allow_dns", "true"],
      ["managed", "false"],
    ]);
  });

  it("writes lists with commas", () => {
    expect(encode(KINDS.subnet, { dns_servers: ["10.0.0.1", "10.0.0.2"] })).toEqual([
      ["dns_servers", "10.0.0.1,10.0.0.2"],
    ]);
  });

  it("empties what MAAS can empty, and sends nothing for the rest", () => {
    expect(encode(KINDS.vlan, { space: null, mtu: null })).toEqual([["space", ""]]);
    expect(encode(KINDS.subnet, { dns_servers: [] })).toEqual([["dns_servers", ""]]);
  });

  it("keeps VID 0 and metric-like zeros", () => {
    expect(encode(KINDS.vlan, { vid: 0 })).toEqual([["vid", "0"]]);
  });

  it("leaves out unknowns and attributes that MAAS takes no parameter for", () => {
    expect(encode(KINDS.vlan, { mtu: UNKNOWN, dhcp_on: true })).toEqual([]);
  });
});
