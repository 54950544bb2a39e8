import { documentOf, readmesDocument, reportsOf, synthesised } from "./support/examples";
import { Kernel, packedWithKernel, type Reference } from "./support/kernel";
import { artefact, Project } from "./support/project";
import { AGENTS, type Language } from "../test/support/jsii-agents";

const CDKS = { cdktf: "0.21.0", cdktn: "0.24.0" };
type Cdk = keyof typeof CDKS;

/** What the hosts of the kernel call it. */
const GATEWAY: Readonly<Record<Language, string>> = {
  Python: "gateway_ip",
  Java: "gatewayIp",
  "C#": "GatewayIp",
  Go: "GatewayIp",
};

/** What is told to make where a provider is missing. */
const PROVIDER: Readonly<Record<Language, (cdk: Cdk) => string>> = {
  Python: () => 'MaasProvider(stack, "maas", api_url=api_url)',
  Java: () => 'MaasProvider.Builder.create(stack, "maas").apiUrl(apiUrl).build()',
  "C#": () => 'new MaasProvider(stack, "maas", new MaasProviderProps { ApiUrl = apiUrl })',
  Go: (cdk) => `${cdk}maas.NewMaasProvider(stack, jsii.String("maas"), &${cdk}maas.MaasProviderProps{ApiUrl: apiUrl})`,
};

describe.each(Object.keys(CDKS) as Cdk[])(
  "jsii's kernel, with the calls of a program in another language, and %s",
  (cdk) => {
    const project = new Project();
    let tarballs: ReadonlyMap<string, string>;
    let kernel: Kernel;
    const maas = (type: string): string => `${cdk}-maas.${type}`;

    /** The app, stack and fabric of the README's example, and its VLAN. */
    async function start(language: Language) {
      kernel = new Kernel(project, AGENTS[language]);
      const packed = (name: string): string => tarballs.get(name) ?? "";
      await kernel.load([
        ["constructs", "10.7.2", packed("constructs")],
        [cdk, CDKS[cdk], packed(cdk)],
        [`${cdk}-maas`, "0.1.0", artefact("npm", `${cdk}-maas-`)],
      ]);
      const app = await kernel.create(`${cdk}.App`);
      const stack = await kernel.create(`${cdk}.TerraformStack`, app, "lab-network");
      await kernel.create(maas("MaasProvider"), stack, "maas", { apiUrl: "http://region.lab.example:5240/MAAS" });
      const lab = await kernel.create(maas("Fabric"), stack, "lab", { name: "lab" });
      return { app, stack, lab, pxe: (await kernel.get(lab, "untagged")) as Reference };
    }

    /** The rest of the README's example. */
    async function example(language: Language) {
      const { app, stack, lab, pxe } = await start(language);
      const make = (type: string, id: string, props: object) => kernel.create(maas(type), stack, id, props);
      const v4 = await make("Ipv4Subnet", "v4", { vlan: pxe, cidr: "10.20.0.0/24", gatewayIp: "10.20.0.1" });
      const pool = await make("DynamicRange", "pool", { subnet: v4, startIp: "10.20.0.100", endIp: "10.20.0.199" });
      const v6 = await make("Ipv6Subnet", "v6", { vlan: pxe, cidr: "2001:db8:20::/64", gatewayIp: "2001:db8:20::1" });
      const ends = { startIp: "2001:db8:20:0:1::", endIp: "2001:db8:20:0:1:ffff:ffff:ffff" };
      await make("StaticRange", "nodes", { subnet: v6, ...ends });
      const rack = await make("RackController", "rack", { hostname: "rack1" });
      const nic = await make("RackInterface", "nic", { rack, name: "eth1", vlan: pxe });
      const dhcp = (): Promise<Reference> => make("VlanDhcp", "dhcp", { vlan: pxe, primary: nic, ranges: [pool] });
      return { app, stack, lab, pxe, dhcp, make };
    }

    beforeAll(() => {
      tarballs = packedWithKernel(project, ["constructs", cdk]);
    });
    afterEach(() => kernel.end());
    afterAll(() => {
      project.remove();
    });

    it("synthesises what the README's example says, with an aspect of the program's own, and the same report each time", async () => {
      const reports: string[] = [];
      const seen: unknown[] = [];
      for (const language of ["Java", "Go"] as const) {
        const { app, stack, dhcp } = await example(language);
        const made = await dhcp();
        const aspect = await kernel.implement(`${cdk}.IAspect`, "visit", ([construct]) => seen.push(construct));
        await kernel.invoke(await kernel.static(`${cdk}.Aspects`, "of", stack), "add", aspect);
        await kernel.invoke(app, "synth");
        expect(seen).toContainEqual(made);
        expect(documentOf(project)).toEqual(readmesDocument());
        reports.push(reportsOf(project));
        if (reports.length < 2) await kernel.end();
      }
      expect(reports[1]).toBe(reports[0]);
      expect(reports[0]).not.toMatch(/program\.js|jsii|\/tmp/);
    });

    it("takes what is looked up for what something depends on", async () => {
      const { app, stack, lab, pxe, dhcp, make } = await example("Go");
      await dhcp();
      const space = await kernel.static(maas("Space"), "fromName", stack, "space", "default");
      const subnet = await kernel.static(maas("Ipv6Subnet"), "fromCidr", stack, "there", "2001:db8:9::/64");
      await make("Vlan", "storage", { fabric: lab, vid: 20, dependsOn: [pxe, space, subnet] });
      await kernel.invoke(app, "synth");
      const { resource } = JSON.parse(synthesised(project, "cdk.tf.json")) as { resource: { maas_vlan: unknown } };
      const waitsFor = ["data.maas_space.space", "data.maas_subnet.there"];
      expect(resource.maas_vlan).toMatchObject({
        storage: { depends_on: expect.arrayContaining(waitsFor) as unknown },
      });
    });

    it.each(Object.keys(AGENTS) as Language[])("tells a program in %s in its words what is wrong", async (language) => {
      const { app, pxe, make } = await example(language);
      const bad = make("Ipv4Subnet", "bad", { vlan: pxe, cidr: "10.21.0.0/24", gatewayIp: "10.22.0.1" });
      const outside = `${GATEWAY[language]}: the gateway 10.22.0.1 is outside 10.21.0.0/24`;
      await expect(bad).rejects.toThrow(`[lab-network/bad] this subnet can't be right:\n  - ${outside}`);
      const two = await kernel.create(`${cdk}.TerraformStack`, app, "two");
      const step = kernel.create(maas("ApplyStep"), two, "apply");
      await expect(step).rejects.toThrow(`such as ${PROVIDER[language](cdk)}.`);
      // The VLAN has no DHCP.
      await expect(kernel.invoke(app, "synth")).rejects.toThrow("MAAS6-DUA-02[lab-network/v6]");
    });
  },
);
