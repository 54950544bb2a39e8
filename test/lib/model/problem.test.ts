import { Testing, TerraformStack } from "cdktf";
import { AddressBlock, AddressPlan, ConstructError, Fabric, PlanError, Vlan } from "../../../lib";
import { checkObject } from "../../../lib/model/checks/object";
import { propertyOf } from "../../../lib/model/construct-view";
import { KINDS } from "../../../lib/model/kinds";
import { advice, attr, fault, problemJson, sentence, spell, text, warning } from "../../../lib/model/problem";

const asProperty = (name: string): string => propertyOf(KINDS.vlan_dhcp, name);

describe("a text with attributes in it", () => {
  const words = text`Leave out ${attr("relay_vlan")}, or ${KINDS.vlan_dhcp.field.ip_ranges} of ${3} ${text`for ${attr("vlan")}`}.`;

  test("is spelled by each front end in its own way", () => {
    expect(spell(words)).toBe("Leave out relay_vlan, or ip_ranges of 3 for vlan.");
    expect(spell(words, asProperty)).toBe("Leave out relayTo, or ranges of 3 for vlan.");
  });

  test("is plain text where there are none", () => {
    expect(text`at ${"lab"}: ${7n}`).toBe("at lab: 7");
  });

  test("leaves what a user has written as it is, also where that is the name of an attribute", () => {
    const [problem] = checkObject(KINDS.vlan, { fabric: "lab", vid: 10, name: "dhcp_on!" });
    expect(sentence(problem!, (name) => name.toUpperCase())).toContain('NAME: "dhcp_on!" is not a name');
  });
});

describe("a problem", () => {
  const problem = {
    ...fault("MAAS-OBJ-12", "relay_vlan", { what: "w", why: "Why.", fix: text`Leave out ${attr("relay_vlan")}.` }),
    subject: { path: "lab/dhcp" },
  };

  test("is one sentence after another, with its attribute first and its code last", () => {
    expect(sentence(problem)).toBe("relay_vlan: w. Why. Leave out relay_vlan. [MAAS-OBJ-12]");
    expect(sentence(problem, asProperty)).toBe("relayTo: w. Why. Leave out relayTo. [MAAS-OBJ-12]");
    expect(sentence(warning("MAAS-OPS-01", undefined, { what: "w" }))).toBe("w. [MAAS-OPS-01]");
  });

  test("has a label before a fix that is a clause, or that has a source after it", () => {
    expect(advice({ why: "Why.", fix: "drop it." })).toBe("Why. Fix: drop it.");
    expect(advice({ fix: "Drop it.", source: { at: "models/vlan.py", verified: "2026-11-22" } })).toBe(
      "Fix: Drop it. Source: models/vlan.py.",
    );
    expect(advice({})).toBe("");
  });

  test("is flat for programs, in Terraform's words", () => {
    expect(problemJson(problem)).toEqual({
      ...{ code: "MAAS-OBJ-12", severity: "error", path: "lab/dhcp", attribute: "relay_vlan" },
      ...{ what: "w", why: "Why.", fix: "Leave out relay_vlan." },
    });
  });
});

describe("the errors that a program can catch", () => {
  test("of a plan of addresses have a code, and name properties as a program writes them", () => {
    const swapped = (): unknown => AddressBlock.between("10.0.0.9", "10.0.0.1");
    expect(swapped).toThrow(PlanError);
    expect(swapped).toThrow("Swap them: startIp 10.0.0.1, endIp 10.0.0.9. [MAAS-OBJ-04]");
    expect(() => new AddressPlan({ ipv6: "10.0.0.0/8" })).toThrow("Give it as ipv4. [MAAS-ADR-02]");
  });

  test("of a construct have its path, and each problem with its code and its property", () => {
    const stack = new TerraformStack(Testing.app(), "lab");
    const fabric = Fabric.fromName(stack, "fabric", "lab");
    try {
      new Vlan(stack, "vlan", { fabric, vid: 5000, mtu: 1 });
      throw new Error("it was taken");
    } catch (error) {
      expect(error).toBeInstanceOf(ConstructError);
      const { code, path, problems } = error as ConstructError;
      expect([code, path]).toEqual(["MAAS-CON-01", "lab/vlan"]);
      expect(problems.map((problem) => problemJson(problem))).toMatchObject([
        { code: "MAAS-VAL-02", attribute: "vid", path: "lab/vlan", what: "5000 is out of range" },
        { code: "MAAS-VAL-02", attribute: "mtu", path: "lab/vlan" },
      ]);
    }
  });
});
