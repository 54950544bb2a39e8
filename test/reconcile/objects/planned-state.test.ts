import * as fc from "fast-check";
import { KINDS } from "../../../lib/model/kinds";
import { attributeEntries, type Attributes, isKnown, UNKNOWN } from "../../../lib/model/known";
import {
  configuredIn,
  emptiedWhenLeftOut,
  leftAlone,
  type Planned,
  plannedState,
  settled,
} from "../../../src/reconcile/objects/planned-state";

const config: Attributes = { cidr: "2001:DB8::/64", vlan: "7", gateway_ip: "2001:db8::1", dns_servers: null };

const live: Attributes = {
  id: "3",
  cidr: "2001:db8::/64",
  vlan: "7",
  name: "2001:DB8::/64",
  description: "",
  gateway_ip: "2001:db8::1",
  dns_servers: [],
  rdns_mode: 2,
  allow_dns: true,
  allow_proxy: true,
  active_discovery: false,
  managed: true,
  disabled_boot_architectures: [],
  fabric_id: "1",
  vid: 0,
  space: null,
};

const subnetPlan = (prior: Attributes | undefined, wanted: Attributes, before: Attributes = {}): Planned =>
  plannedState(KINDS.subnet, { prior, config: wanted, configured: configuredIn(KINDS.subnet, before) });

const values: fc.Arbitrary<Attributes> = fc.record({
  cidr: fc.constantFrom("10.0.0.0/24", "2001:db8::/64", "2001:DB8:0::/64"),
  vlan: fc.constantFrom<Attributes["vlan"][]>("7", "8", UNKNOWN),
  name: fc.constantFrom<Attributes["name"][]>(null, "a", "b"),
  description: fc.constantFrom(null, "", "text"),
  gateway_ip: fc.constantFrom<Attributes["gateway_ip"][]>(null, "2001:db8::1", "2001:DB8:0::1", UNKNOWN),
  dns_servers: fc.constantFrom<Attributes["dns_servers"][]>(null, [], ["2001:db8::53"]),
  managed: fc.constantFrom(null, true, false),
});

describe("plan", () => {
  it("plans a new object with what is configured, the defaults, and unknown for what MAAS decides", () => {
    const { attributes, requiresReplace } = subnetPlan(undefined, config);
    expect(attributes).toMatchObject({ cidr: "2001:DB8::/64", rdns_mode: 2, managed: true, description: "" });
    expect([attributes.id, attributes.name, attributes.fabric_id, attributes.dns_servers]).toEqual(
      Array(4).fill(UNKNOWN),
    );
    expect(requiresReplace).toEqual([]);
  });

  it("plans no change for the same address in another spelling, and keeps the spelling of the state", () => {
    const planned = subnetPlan(live, config, config);
    expect(planned.attributes).toMatchObject(live);
    expect(planned.requiresReplace).toEqual([]);
  });

  it("repairs the drift of a default and of a configured attribute, and leaves alone what was never configured", () => {
    const drifted = { ...live, managed: false, gateway_ip: "2001:db8::2", name: "renamed" };
    expect(subnetPlan(drifted, config, config).attributes).toMatchObject({
      managed: true,
      gateway_ip: "2001:db8::1",
      name: "renamed",
    });
  });

  it("empties what is taken out of the configuration where MAAS can, and leaves it where MAAS can't", () => {
    const before = { ...config, name: "mine" };
    const { attributes } = subnetPlan({ ...live, name: "mine" }, { ...config, gateway_ip: null }, before);
    expect(attributes).toMatchObject({ gateway_ip: null, name: "mine" });
  });

  it("replaces the subnet for another CIDR, and not for another VLAN, whose facts then become unknown", () => {
    expect(subnetPlan(live, { ...config, cidr: "2001:db8:1::/64" }, config).requiresReplace).toEqual(["cidr"]);
    const moved = subnetPlan(live, { ...config, vlan: "8" }, config);
    expect(moved.requiresReplace).toEqual([]);
    expect([moved.attributes.fabric_id, moved.attributes.vid, moved.attributes.space]).toEqual(Array(3).fill(UNKNOWN));
  });

  it("keeps the facts of the subnet's VLAN while another attribute changes", () => {
    const { attributes, changed } = subnetPlan(live, { ...config, description: "edited" }, config);
    expect(changed).toEqual(["description"]);
    expect(attributes).toMatchObject({ fabric_id: "1", vid: 0, space: null });
  });

  it("empties what the configuration says is empty, whether or not it was ever configured", () => {
    expect(subnetPlan(live, { ...config, gateway_ip: "" }, {}).changed).toEqual(["gateway_ip"]);
    expect(subnetPlan({ ...live, gateway_ip: null }, { ...config, gateway_ip: "" }, {}).changed).toEqual([]);
  });

  it.each([
    ["an attribute that is read back", "space", null, "", ""],
    ["an attribute that is read back", "space", "", "", ""],
    ["an attribute that is read back", "space", "", null, ""],
    ["an attribute that is read back", "space", null, "undefined", "undefined"],
    ["an attribute that is never read back", "description", "", null, null],
    ["an attribute that is never read back", "description", null, "", ""],
    ["an attribute that is never read back", "description", "", "", ""],
  ])("plans %s as Terraform demands: %s from %j to %j is %j, and no change", (_, name, before, wanted, planned) => {
    const prior = {
      id: "5",
      fabric: "1",
      vid: 60,
      name: null,
      description: null,
      mtu: 1500,
      space: null,
      dhcp_on: false,
    };
    const said = { fabric: "1", vid: 60, [name]: wanted };
    const situation = { prior: { ...prior, [name]: before }, config: said, configured: [name] };
    const { attributes, changed } = plannedState(KINDS.vlan, situation);
    expect(attributes).toMatchObject({ [name]: planned });
    expect(changed).toEqual([]);
  });

  it("does not know what follows from a change to the object that is referred to", () => {
    const situation = { prior: live, config, configured: configuredIn(KINDS.subnet, config) };
    const { attributes, changed } = plannedState(KINDS.subnet, { ...situation, changedElsewhere: ["vlan.space"] });
    expect(changed).toEqual([]);
    expect(attributes).toMatchObject({ fabric_id: "1", vid: 0, space: UNKNOWN });
  });

  it("plans each configured attribute as configured or as it was, which is what Terraform demands", () => {
    fc.assert(
      fc.property(values, values, (before, wanted) => {
        const prior = {
          ...live,
          ...Object.fromEntries(Object.entries(before).filter(([, value]) => isKnown(value) && value !== null)),
        };
        const { attributes } = subnetPlan(prior, wanted, before);
        for (const [name, value] of attributeEntries(wanted)) {
          if (value !== null) expect([value, prior[name]]).toContainEqual(attributes[name]);
        }
      }),
    );
  });

  it("is empty right after an apply that did what was planned", () => {
    fc.assert(
      fc.property(values, (wanted) => {
        const first = subnetPlan(undefined, wanted).attributes;
        const state = settled(
          first,
          Object.fromEntries(
            attributeEntries(first).map(([name, value]) => [name, isKnown(value) ? value : (live[name] ?? null)]),
          ),
        );
        const known = Object.fromEntries(
          attributeEntries(wanted).map(([name, value]) => [name, isKnown(value) ? value : (state[name] ?? null)]),
        );
        const second = subnetPlan(state, known, known);
        expect(second.attributes).toEqual(state);
        expect(second.requiresReplace).toEqual([]);
      }),
    );
  });

  it("gives the same answer when Terraform asks a second time", () => {
    fc.assert(
      fc.property(values, values, (before, wanted) => {
        expect(subnetPlan(live, wanted, before)).toEqual(subnetPlan(live, wanted, before));
      }),
    );
  });
});

describe("leftAlone", () => {
  it("is what nobody asked for and was planned to stay, whatever the region has by now", () => {
    const prior = { ...live, name: "by hand" };
    const { attributes } = subnetPlan(prior, { ...config, description: "edited" }, config);
    const kept = leftAlone(KINDS.subnet, attributes, { prior, configured: configuredIn(KINDS.subnet, config) });
    expect(kept).toEqual({
      ...{ name: "by hand", disabled_boot_architectures: [], dns_servers: [] },
      ...{ fabric_id: "1", vid: 0, space: null },
    });
  });

  it("is nothing of a new object", () => {
    const { attributes } = subnetPlan(undefined, config);
    expect(leftAlone(KINDS.subnet, attributes, { prior: undefined, configured: [] })).toEqual({});
  });
});

describe("settled", () => {
  it("leaves nothing unknown, and keeps what the region does not tell", () => {
    const planned = { id: UNKNOWN, name: "lab", description: "hidden", class_type: UNKNOWN, untagged_vlan: UNKNOWN };
    expect(settled(planned, { id: "4", name: "lab", class_type: null, untagged_vlan: "9" })).toEqual({
      id: "4",
      name: "lab",
      description: "hidden",
      class_type: null,
      untagged_vlan: "9",
    });
  });
});

test("MAAS's own words for none are no value that could be emptied", () => {
  const emptied = (prior: Attributes): string[] => emptiedWhenLeftOut(KINDS.vlan, prior).map(({ name }) => name);
  expect(emptied({ id: "1", name: "untagged", space: "undefined" })).toEqual([]);
  expect(emptied({ id: "1", name: "storage", space: "green" })).toEqual(["name", "space"]);
});
