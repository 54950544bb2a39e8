import { inUsersLanguage } from "../../../lib/constructs/internal/users-language";
import { KINDS } from "../../../lib/model/kinds";
import { AGENTS, type Language } from "../../support/jsii-agents";

function inLanguage(language: Language, text: string): string {
  process.env.JSII_AGENT = AGENTS[language];
  return inUsersLanguage(text);
}

afterEach(() => {
  delete process.env.JSII_AGENT;
});

describe("a message in the language of the user's program", () => {
  it.each<[Language, string]>([
    ["Python", 'VlanDhcp(self, "dhcp", vlan=vlan, primary=primary)'],
    ["Java", 'VlanDhcp.Builder.create(this, "dhcp").vlan(vlan).primary(primary).build()'],
    ["C#", /new VlanDhcp\(this, "dhcp", new \w+ \{ Vlan = vlan, Primary = primary \}\)/.source],
    ["Go", /\w+\.NewVlanDhcp\(this, jsii\.String\("dhcp"\), &\w+\.\w+\{Vlan: vlan, Primary: primary\}\)/.source],
  ])("has a new construct as %s makes it", (language, expected) => {
    const told = inLanguage(language, 'Add new VlanDhcp(this, "dhcp", { vlan, primary }) (or relay it).');
    if (language === "Python" || language === "Java") expect(told).toBe(`Add ${expected} (or relay it).`);
    else expect(told).toMatch(new RegExp(`^Add ${expected} \\(or relay it\\)\\.$`));
  });

  it.each<[Language, string]>([
    ["Python", 'Fabric.from_name(self, "f", "lab").untagged'],
    ["Java", 'Fabric.fromName(this, "f", "lab").getUntagged()'],
    ["C#", 'Fabric.FromName(this, "f", "lab").Untagged'],
    ["Go", 'Fabric_FromName(this, jsii.String("f"), jsii.String("lab")).Untagged()'],
  ])("has look-ups and properties that are read as %s writes them", (language, expected) => {
    const told = inLanguage(language, 'Use Fabric.fromName(this, "f", "lab").untagged.');
    // Go wants all arguments; how many there are is known once the library is built.
    expect(told.replace(", nil)", ")")).toContain(`${expected}.`);
  });

  it.each<[Language, string]>([
    ["Python", 'tags=["uplink"], adopt_existing=True, size=2, rack=lab/rack'],
    ["Java", 'tags(List.of("uplink")).adoptExisting(true).size(2).rack(lab/rack)'],
    ["C#", 'Tags = new [] { "uplink" }, AdoptExisting = true, Size = 2, Rack = lab/rack'],
    ["Go", 'Tags: jsii.Strings("uplink"), AdoptExisting: jsii.Bool(true), Size: jsii.Number(2), Rack: lab/rack'],
  ])("has values as %s writes them", (language, expected) => {
    const code = 'new Vlan(this, "v", { tags: ["uplink"], adoptExisting: true, size: 2, rack: lab/rack })';
    expect(inLanguage(language, code)).toContain(expected);
  });

  it.each<[Language, string]>([
    ["Python", "Give skip_validation=True, or carrier=ApplyCarrier.TERRAFORM_DATA"],
    ["Java", "Give skipValidation(true), or carrier(ApplyCarrier.TERRAFORM_DATA)"],
    ["C#", "Give SkipValidation = true, or Carrier = ApplyCarrier.TERRAFORM_DATA"],
    ["Go", "ApplyCarrier_TERRAFORM_DATA"],
  ])("has settings in prose as %s writes them", (language, expected) => {
    const prose = "Give skipValidation: true, or carrier: ApplyCarrier.TERRAFORM_DATA";
    expect(inLanguage(language, prose)).toContain(expected);
  });

  it("has an object of what is left to the reader without properties", () => {
    expect(inLanguage("Python", "new S3Backend(this, { … }), or")).toBe("S3Backend(self), or");
    expect(inLanguage("Go", "new S3Backend(this, { … })")).toBe("cdktf.NewS3Backend(this, &cdktf.S3BackendConfig{})");
  });

  it.each(Object.keys(AGENTS) as Language[])("has no TypeScript left of any kind's example in %s", (language) => {
    for (const { construct, key } of Object.values(KINDS)) {
      const told = inLanguage(language, `such as ${construct.example(key.examples[0] ?? "1")}.`);
      if (language !== "C#" && language !== "Java") expect(told).not.toMatch(/\bnew /);
      if (language !== "C#") expect(told).not.toMatch(/\{ /);
    }
  });

  it("keeps what is no code as it is, and all of it where the program is in TypeScript", () => {
    const text = 'new Vlan(this is prose, and new Fabric(…, { name: a (b) }) too: "fromName" stays';
    expect(inLanguage("Java", text)).toBe(text);
    delete process.env.JSII_AGENT;
    expect(inUsersLanguage('new Vlan(this, "v", { fabric })')).toBe('new Vlan(this, "v", { fabric })');
  });
});
