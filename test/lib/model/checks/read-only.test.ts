import { checkLookup, checkReadOnly } from "../../../../lib/model/checks/object";
import { isManaged, KINDS } from "../../../../lib/model/kinds";
import { type Attributes, UNKNOWN } from "../../../../lib/model/known";
import { sentence } from "../../../../lib/model/problem";

const computed = Object.values(KINDS)
  .filter(isManaged)
  .flatMap((kind) =>
    kind.fields.filter(({ presence }) => presence === "computed").map(({ name }) => [kind.type, name, kind] as const),
  );

describe("an attribute that only the region decides", () => {
  it.each(computed)("%s.%s is refused, with what to use instead", (type, name, kind) => {
    for (const value of [UNKNOWN, true, false, 0, "", []]) {
      const [found, ...more] = checkReadOnly(kind, { [name]: value });
      expect(more).toEqual([]);
      expect(found).toMatchObject({ severity: "error", attribute: name });
      expect(sentence(found!)).toContain(`${type}.NAME.${name}`);
      expect(sentence(found!)).not.toContain("Take it out of the configuration");
    }
    expect(checkReadOnly(kind, { [name]: null })).toEqual([]);
  });

  it.each<[keyof typeof KINDS, Attributes, string]>([
    ["vlan", { dhcp_on: true }, "maas_vlan_dhcp with vlan = maas_vlan.NAME.id"],
    ["subnet", { vid: 60 }, 'vlan = "lab:60"'],
    ["subnet", { fabric_id: "dc1" }, 'vlan = "dc1:0"'],
    ["subnet", { space: "dmz" }, 'space = "dmz" in the maas_vlan'],
    ["subnet", { space: UNKNOWN }, 'space = "…" in the maas_vlan'],
    ["vlan", { id: "5003" }, "terraform import maas_vlan.NAME '5003', or set adopt_existing = true"],
    ["vlan_dhcp", { id: UNKNOWN }, "terraform import maas_vlan_dhcp.NAME 'lab:10', or set adopt_existing = true."],
  ])("of a %s, %j, names the value to write", (kind, config, advice) => {
    expect(checkReadOnly(KINDS[kind], config).map((problem) => sentence(problem))).toEqual([
      expect.stringContaining(advice),
    ]);
  });

  it("is none of those that the user may set", () => {
    expect(checkReadOnly(KINDS.subnet, { cidr: "10.0.0.0/24", vlan: "1", gateway_ip: "", managed: false })).toEqual([]);
  });
});

describe("a data source", () => {
  it("takes the attributes that it finds its object by, and unknown ones", () => {
    expect(checkLookup(KINDS.vlan, ["fabric", "vid"], { fabric: "lab", vid: 60, name: null })).toEqual([]);
    expect(checkLookup(KINDS.vlan, ["fabric", "vid"], { fabric: UNKNOWN, vid: UNKNOWN })).toEqual([]);
  });

  it.each<[keyof typeof KINDS, string[], Attributes, string, string]>([
    ["subnet", ["cidr"], { cidr: "10.0.0.7/24" }, "cidr", "Write 10.0.0.0/24"],
    ["vlan", ["fabric", "vid"], { fabric: "lab", vid: 4095 }, "vid", "0 to 4094"],
    ["vlan", ["fabric", "vid"], { fabric: "", vid: 1 }, "fabric", "Give it a value"],
    ["vlan", ["fabric", "vid"], { fabric: "lab", vid: 1, mtu: 9000 }, "mtu", 'resource "maas_vlan"'],
    ["subnet", ["cidr"], { cidr: "10.0.0.0/24", space: "dmz" }, "space", "data.maas_subnet.NAME.space"],
    ["fabric", ["name"], { name: "lab", id: "3" }, "id", "found by name alone"],
    ["machine", ["hostname"], { hostname: "node-1", fqdn: UNKNOWN }, "fqdn", "Take fqdn out. "],
  ])("of a %s by %j, %j, is refused at %s", (kind, by, config, attribute, advice) => {
    const [problem, ...others] = checkLookup(KINDS[kind], by, config);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: "error", attribute });
    expect(sentence(problem!)).toContain(advice);
  });
});
