import { checkObject } from "../../../lib/model/checks/object";
import { propertyOf } from "../../../lib/model/construct-view";
import { KINDS } from "../../../lib/model/kinds";
import { advice, attr, fault, problemJson, sentence, spell, text, warning } from "../../../lib/model/problem";

const asProperty = (name: string): string => propertyOf(KINDS.vlan_dhcp, { name });

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
