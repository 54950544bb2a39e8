import { KINDS } from "../../lib/model/kinds";
import type { KindName } from "../../lib/model/field";
import { resourceBlock } from "../../src/provider/schema";
import { upgradeState } from "../../src/provider/upgrade";

function upgrade(kind: KindName, stored: object): ReturnType<typeof upgradeState> {
  const json = new TextEncoder().encode(JSON.stringify(stored));
  return upgradeState({ $typeName: "tfplugin6.RawState", json, flatmap: {} }, KINDS[kind], resourceBlock(KINDS[kind]));
}

describe("a state of canonical/maas", () => {
  test("names a link by its machine, its interface and its own id", () => {
    const link = {
      id: "5",
      machine: "node-1.maas",
      network_interface: "52:54:00:00:00:04",
      subnet: "14",
      ip_address: "",
    };
    expect(upgrade("network_interface_link", link)).toMatchObject({
      id: "node-1.maas/52:54:00:00:00:04#5",
      subnet: "14",
    });
  });

  test("of a device's link is refused, since nothing here could find it", () => {
    expect(() => upgrade("network_interface_link", { id: "5", device: "printer", machine: null })).toThrow(
      /names no machine/,
    );
  });

  // Created up to 2.6, created later, imported up to 2.6: `fabric` is then what a number is that nobody has set.
  test.each([
    [{ id: "10", fabric: 3, vlan: 10 }, "3:10"],
    [{ id: "3/10", fabric: 3, vlan: 10 }, "3:10"],
    [{ id: "10", fabric: 0, vlan: 0 }, "0:10"],
    [{ id: "10", fabric: null, vlan: null }, "0:10"],
    [{ id: "0", fabric: "3", vlan: "0" }, "3:0"],
  ])("names the DHCP of a VLAN by fabric and VID: %j", (stored, id) => {
    const unset = {
      primary_rack_controller: "",
      secondary_rack_controller: "",
      relay_vlan: 0,
      subnets: [],
      ip_ranges: [4],
    };
    expect(upgrade("vlan_dhcp", { ...unset, ...stored })).toMatchObject({
      id,
      vlan: id,
      primary_rack_controller: null,
      secondary_rack_controller: null,
      relay_vlan: null,
      ip_ranges: ["4"],
    });
  });

  test("does not pass a VID on as the id of another VLAN", () => {
    expect(
      upgrade("subnet", { id: "4", cidr: "10.31.0.0/24", fabric: "byname", vlan: "20", ip_ranges: [{}] }),
    ).toMatchObject({
      id: "4",
      cidr: "10.31.0.0/24",
      vlan: null,
    });
  });
});

test("a state of this provider stays as it is", () => {
  for (const [kind, stored] of [
    ["network_interface_link", { id: "q3f4rg/3/5", machine: "node-1", network_interface: "eth0" }],
    ["vlan_dhcp", { id: "5007", vlan: "5007", dhcp_on: true, relay_vlan: null, ip_ranges: ["4"] }],
    ["subnet", { id: "4", vlan: "5007", fabric_id: "3" }],
    ["rack_interface", { id: "4y3h7n/1", name: "eth0" }],
  ] as const) {
    expect(upgrade(kind, stored)).toMatchObject(stored);
  }
});
