import fc from "fast-check";
import type { KindName } from "../../lib/model/field";
import { KINDS } from "../../lib/model/kinds";
import { terraformKind } from "../../lib/model/terraform/kinds";
import type { TypeExpression } from "../../src/provider/rpc/dynamic-value";
import { resourceBlock } from "../../src/provider/schema";
import { readAs } from "../../src/provider/stored-value";
import { readPrivate, readStored, upgradeState } from "../../src/provider/stored";
import { ObjectError } from "../../src/reconcile/objects/failure";

const { vlan } = KINDS;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const raw = (text: string, flatmap: Record<string, string> = {}) => ({
  $typeName: "tfplugin6.RawState" as const,
  json: bytes(text),
  flatmap,
});

describe("private state", () => {
  test("of this provider is read as it was written", () => {
    const written = { configured: ["gateway_ip"], original: { mtu: 1500, name: null } };
    expect(readPrivate(bytes(JSON.stringify(written)), vlan)).toEqual(written);
  });

  test.each([
    "",
    "null",
    '{"schema_version":"0"}',
    '{"schema_version":"1"}',
    "[]",
    "7",
    '"x"',
    "{}",
    "{",
    "\u0000\u00ff",
  ])("that another program wrote says nothing: %s", (text) => expect(readPrivate(bytes(text), vlan)).toEqual({}));

  test("whose list of configured attributes is damaged says nothing of them, and keeps the rest", () => {
    const text = '{"configured":"name","original":{"mtu":9000}}';
    expect(readPrivate(bytes(text), vlan)).toEqual({ original: { mtu: 9000 } });
  });

  test("whose values to restore are damaged is an error, for without them the object would be deleted", () => {
    const text = '{"configured":[],"original":"mtu 9000"}';
    expect(() => readPrivate(bytes(text), vlan)).toThrow(/terraform state rm maas_vlan\.NAME/);
  });

  test("whose values to restore are nested too deep is an error of the same words", () => {
    const text = `{"set":[],"original":{"mtu":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`;
    expect(() => readPrivate(bytes(text), vlan)).toThrow(/terraform state rm maas_vlan\.NAME/);
  });

  test("of any content is read, or refused with a way out", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        try {
          expect(
            Object.keys(readPrivate(bytes(text), vlan)).filter((key) => !["configured", "original"].includes(key)),
          ).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(ObjectError);
        }
      }),
    );
  });
});

describe("a stored object", () => {
  test("is read from JSON, and from the flat form of Terraform 0.11", () => {
    expect(readStored(raw('{"id":"7","mtu":1500}'), vlan)).toEqual({ id: "7", mtu: 1500 });
    expect(readStored(raw("", { id: "7", mtu: "1500" }), vlan)).toEqual({ id: "7", mtu: "1500" });
  });

  test.each([
    undefined,
    raw(""),
    raw("null"),
    raw("[]"),
    raw("{"),
    raw('{"id":null}'),
    raw('{"id":""}'),
    raw('{"mtu":1}'),
  ])("that has no id or is no object says how to import it: %j", (state) =>
    expect(() => readStored(state, vlan)).toThrow(/terraform import maas_vlan\.NAME 'lab:10'/),
  );
});

describe("a stored value", () => {
  const list: TypeExpression = ["set", "string"];
  test.each<[TypeExpression, unknown, unknown]>([
    ["string", 5007, "5007"],
    ["string", 1e3, "1000"],
    ["string", true, "true"],
    ["string", null, null],
    ["string", ["a"], null],
    ["number", "20", 20],
    ["number", "1e+03", 1000],
    ["number", 1e300, null],
    ["number", "twenty", null],
    ["number", "", null],
    ["bool", "true", true],
    ["bool", "yes", null],
    [list, [4, "5"], ["4", "5"]],
    [list, [], []],
    [list, "4", null],
    [["object", { name: "string" }], { name: 1, other: 2 }, { name: "1" }],
    [["object", { name: "string" }], {}, { name: null }],
    [["map", "number"], { a: "1" }, { a: 1 }],
  ])("of %j: %j is %j", (type, stored, read) => expect(readAs(type, stored)).toEqual(read));

  test("of any content is read as one of the type, or as none", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect([null, expect.any(String)]).toContainEqual(readAs("string", json));
        expect([null, expect.any(Number)]).toContainEqual(readAs("number", json));
        expect([null, true, false]).toContainEqual(readAs("bool", json));
      }),
    );
  });
});

describe("upgrade", () => {
  function upgrade(kind: KindName, stored: object): ReturnType<typeof upgradeState> {
    const json = new TextEncoder().encode(JSON.stringify(stored));
    const asTerraformHasIt = terraformKind(KINDS[kind]);
    return upgradeState({ json, flatmap: {} }, asTerraformHasIt, resourceBlock(asTerraformHasIt));
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

    test.each([null, ""])("names a device's link by its device: beside the machine %j", (machine) => {
      const link = { id: "5", device: "printer", machine, network_interface: "eth0", subnet: "14" };
      expect(upgrade("network_interface_link", link)).toMatchObject({
        id: "device:printer/eth0#5",
        device: "printer",
        machine: null,
      });
    });

    test("of a link that names neither is refused, since nothing here could find it", () => {
      expect(() => upgrade("network_interface_link", { id: "5", machine: null })).toThrow(/names no machine/);
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
        fabric: id.split(":")[0],
        vlan: id.split(":")[1],
        subnets: null,
        primary_rack_controller: null,
        secondary_rack_controller: null,
        relay_vlan: null,
        ip_ranges: ["4"],
      });
    });

    test("has a VID of a subnet with its fabric, and none that has no fabric, which would be the id of another VLAN", () => {
      const stored = { id: "4", cidr: "10.31.0.0/24", vlan: "20", ip_ranges: [{}] };
      expect(upgrade("subnet", { ...stored, fabric: "byname" })).toMatchObject({ fabric: "byname", vlan: "20" });
      for (const fabric of [null, ""]) expect(upgrade("subnet", { ...stored, fabric })).toMatchObject({ vlan: null });
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
});
