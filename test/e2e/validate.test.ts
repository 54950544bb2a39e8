import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(120_000);

const suite = describeWithTerraform();

interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly { readonly summary: string; readonly detail: string; readonly address?: string }[];
}

suite("terraform validate, without a region", () => {
  let workspace: Workspace;

  const validate = async (configuration: Configuration): Promise<Validation> => {
    workspace.write(configuration);
    const { output } = await workspace.terraform(["validate", "-json", "-no-color"]);
    return JSON.parse(output) as Validation;
  };

  const faults = async (configuration: Configuration): Promise<string[]> =>
    (await validate(configuration)).diagnostics.map(({ summary, detail }) => `${summary}. ${detail}`).sort();

  beforeAll(async () => {
    workspace = new Workspace({ MAAS_API_URL: "http://region.invalid/MAAS", MAAS_API_KEY: "a:b:c" });
    workspace.write({});
    await workspace.init();
  });

  afterAll(() => workspace.remove());

  test("refuses what only MAAS decides, literal or not, and says what to use instead", async () => {
    const found = await faults({
      resource: {
        maas_fabric: { f: { name: "lab" } },
        maas_vlan: { v: { fabric: "${maas_fabric.f.id}", vid: 60, dhcp_on: true } },
        maas_subnet: {
          s: { cidr: "10.0.0.0/24", vlan: "lab:60", vid: "${maas_fabric.f.id}", space: "dmz" },
        },
      },
    });
    expect(found).toEqual([
      expect.stringMatching(/^dhcp_on of a VLAN can't be set.*maas_vlan_dhcp with vlan = maas_vlan\.NAME\.id/),
      expect.stringMatching(/^space of a subnet can't be set.*space = "dmz" in the maas_vlan/),
      expect.stringMatching(/^vid of a subnet can't be set.*vlan = "lab:…"/),
    ]);
  });

  test("refuses what a data source would ignore, and keys that no object can have", async () => {
    const found = await faults({
      data: {
        maas_vlan: { v: { fabric: "lab", vid: 5000 }, w: { fabric: "lab", vid: 60, name: "sixty" } },
        maas_subnet: { s: { cidr: "010.1.1.0/24" } },
      },
    });
    expect(found).toEqual([
      expect.stringMatching(/^"010\.1\.1\.0\/24" is not a network\..*Write 10\.1\.1\.0\/24\./),
      expect.stringMatching(/^5000 is out of range/),
      expect.stringMatching(/^name of a data source can't be set.*resource "maas_vlan"/),
    ]);
  });

  test("refuses a provider's block that no connection can be made from, and shows no key", async () => {
    const found = await faults({
      provider: { maas: { api_url: "http://::1:5240/MAAS", api_key: "secretsecret" } },
      resource: { maas_space: { s: { name: "dmz" } } },
    });
    expect(found).toEqual([
      expect.stringMatching(/^api_key can't be used\. .*consumer:token:secret/),
      expect.stringMatching(/^api_url can't be used\. .*http:\/\/\[::1\]:5240\/MAAS/),
    ]);
    expect(found.join()).not.toContain("secretsecret");
  });

  test("refuses a boot architecture that MAAS does not have, and lists those that it has", async () => {
    const subnet = (architectures: readonly string[]): Configuration => ({
      resource: {
        maas_subnet: { s: { cidr: "10.0.0.0/24", vlan: "lab:0", disabled_boot_architectures: architectures } },
      },
    });
    expect(await faults(subnet(["pxe", "arm"]))).toEqual([
      expect.stringMatching(/^"arm" is not a boot architecture of MAAS\..*uefi_arm64_http.*s390x_partition/),
    ]);
    expect(await validate(subnet(["pxe", "0x0B", "00:13"]))).toMatchObject({ valid: true });
  });
});
