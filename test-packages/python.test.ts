import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { MaasSimulator } from "../src/simulator";
import { succeeded } from "../test/support/command-line";
import { describeWithTerraform, quietEnvironment, run, TERRAFORM } from "../test/support/terraform";
import { kernelEnvironment } from "./support/bindings";
import { artefact, Project } from "./support/project";

const SEED = { racks: [{ hostname: "rack1", interfaces: [{ name: "eth1" }] }] };
const EDITIONS = { cdktf: "cdktf==0.21.0", cdktn: "cdktn==0.24.0" };
type Cdk = keyof typeof EDITIONS;
const BOTH = Object.keys(EDITIONS) as Cdk[];

/** The wheels and what they need, in virtual environments. Empty where there is no Python with pip, or pip reaches nothing. */
function environments(): ReadonlyMap<Cdk, Project> {
  const projects = new Map<Cdk, Project>();
  for (const cdk of BOTH) {
    const project = new Project();
    projects.set(cdk, project);
    const steps = (): void => {
      project.succeed("python3", ["-m", "venv", "venv"]);
      const wheel = artefact("python", `${cdk}_maas-`, ".whl");
      project.succeed("venv/bin/pip", ["install", "--quiet", wheel, EDITIONS[cdk], "constructs==10.7.2"]);
    };
    try {
      steps();
    } catch (error) {
      const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
      process.stderr.write(`\n*** NOT TESTED: Python, with ${cdk}: ${reason ?? ""}\n`);
      return new Map();
    }
  }
  return projects;
}

const projects = environments();
const suite = projects.size === 0 ? describe.skip : describe;

/** The example of the wheel's README, which jsii-rosetta has made of ours. */
function example(project: Project, module: string): string {
  const show = `import importlib.metadata as m; print(m.metadata("${module.replace("_", "-")}").get_payload() or m.metadata("${module.replace("_", "-")}")["Description"])`;
  const [, code = ""] = /```python\n([\s\S]*?)```/.exec(project.succeed("venv/bin/python", ["-c", show])) ?? [];
  return code
    .replace('"http://region.lab.example:5240/MAAS"', (url) => `os.environ.get("REGION_URL", ${url})`)
    .replace(/^/, "import os\n");
}

function testPython(cdk: Cdk, project: Project): void {
  suite(`a stack in Python with ${cdk}`, () => {
    const module = `${cdk}_maas`;
    const env = kernelEnvironment(project);
    const out = (file: string): string => join(project.folder, "cdktf.out/stacks/lab-network", file);
    const python = (text: string, more: NodeJS.ProcessEnv = {}) => {
      project.write("main.py", text);
      return project.run("venv/bin/python", ["main.py"], { ...env, ...more });
    };
    const source = (): string => example(project, module);
    const withBody = (body: string): string => source().replace(/^app\.synth\(\)/m, `${body}\napp.synth()`);

    afterAll(() => {
      project.remove();
    });

    it("is the README's example, translated, and synthesises", () => {
      expect(source()).toContain(`from ${module} import `);
      expect(source()).toContain('gateway_ip="10.20.0.1"');
      succeeded(python(source()));
      expect(JSON.parse(readFileSync(out("cdk.tf.json"), "utf8"))).toMatchObject({
        resource: { maas_vlan_dhcp: { dhcp: {} } },
      });
    });

    it("has constructs that are what they look like, with their properties, and can be subclassed and depended on", () => {
      const body = [
        `from ${module} import DualStackSegment, Space, Vlan`,
        "assert isinstance(pxe, Vlan), type(pxe)",
        "class Storage(Vlan):",
        "    def __init__(self, scope, id):",
        '        super().__init__(scope, id, fabric=lab, vid=20, depends_on=[Space.from_name(scope, "space", "default")])',
        'storage = Storage(stack, "storage")',
        'assert Ipv4Subnet(storage, "v4", vlan=storage, cidr="10.21.0.0/24").cidr.startswith("${")',
      ].join("\n");
      succeeded(python(withBody(body)));
      expect(readFileSync(out("cdk.tf.json"), "utf8")).toContain("data.maas_space.space");
    });

    it("is told in Python what is wrong, and where", () => {
      const wrong = 'Ipv4Subnet(stack, "bad", vlan=pxe, cidr="10.21.0.0/24", gateway_ip="10.22.0.1")';
      const refused = python(withBody(wrong)).output;
      expect(refused).toContain("[lab-network/bad] this subnet can't be right");
      expect(refused).toContain("gateway_ip: the gateway 10.22.0.1 is outside 10.21.0.0/24");
      const step = `from ${module} import ApplyStep\nfrom ${cdk} import TerraformStack as T\nApplyStep(T(app, "two"), "apply")`;
      expect(python(withBody(step)).output).toContain('such as MaasProvider(stack, "maas", api_url=api_url)');
    });

    it("stops at a broken caveat, in Python's words, and reports no place in jsii's kernel, the same each time", () => {
      const broken = source().replace(/^VlanDhcp\(.*$/m, "");
      const { code, output } = python(broken);
      expect([code, output]).toEqual([1, expect.stringContaining("MAAS6-DUA-02[lab-network/v6]")]);
      expect(output).toContain("relay_to");
      expect(output).not.toContain("relayTo");
      const reports = (): string[] => {
        python(source());
        const names = ["json", "md", "sarif", "codequality.json", "junit.xml"];
        return names.map((end) => readFileSync(out(`maas-ipv6-report.${end}`), "utf8"));
      };
      const first = reports();
      expect(reports()).toEqual(first);
      expect(first.join("")).not.toMatch(/program\.js|jsii|\/tmp/);
    });

    it("ends its simulator along with the command", async () => {
      const child = spawn(join(project.folder, "venv/bin/cdktf-maas"), ["simulate", "--port", "0"], {
        ...{ cwd: project.folder, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "ignore"] },
      });
      let url: string | undefined;
      for await (const line of createInterface({ input: child.stdout })) {
        url = /http:\/\/[^\s]+/.exec(line)?.[0];
        if (url !== undefined) break;
      }
      expect(url).toBeDefined();
      const isServed = async (): Promise<boolean> =>
        fetch(new URL("/MAAS/api/2.0/version/", url)).then(
          () => true,
          () => false,
        );
      expect(await isServed()).toBe(true);
      child.kill("SIGTERM");
      for (let tries = 0; tries < 50 && (await isServed()); tries++) await new Promise((done) => setTimeout(done, 100));
      expect(await isServed()).toBe(false);
    });

    describeWithTerraform()("with Terraform", () => {
      it("is deployed with an ApplyStep, and has nothing to change after that", async () => {
        const simulator = await MaasSimulator.start({ seed: SEED });
        try {
          const step = `from ${module} import ApplyCarrier, ApplyStep\nApplyStep(stack, "apply", carrier=ApplyCarrier.TERRAFORM_DATA)`;
          succeeded(python(withBody(step), { REGION_URL: simulator.url }));
          const environment = { ...quietEnvironment(project.folder), MAAS_API_KEY: simulator.apiKey };
          const terraform = (args: readonly string[]) => run(TERRAFORM, args, { cwd: out("."), env: environment });
          succeeded(await terraform(["init", "-no-color"]));
          succeeded(await terraform(["apply", "-auto-approve", "-no-color"]));
          expect(simulator.state.subnets.map(({ cidr }) => cidr)).toEqual(
            expect.arrayContaining(["10.20.0.0/24", "2001:db8:20::/64"]),
          );
          succeeded(await terraform(["plan", "-detailed-exitcode", "-no-color"]));
        } finally {
          await simulator.stop();
        }
      });
    });
  });
}
for (const cdk of BOTH) testPython(cdk, projects.get(cdk) ?? new Project());
