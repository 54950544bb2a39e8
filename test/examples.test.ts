import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { placeCanonicalProviderAtHome } from "./support/canonical-provider-plugin";
import { placeNullProvider } from "./support/null-provider-plugin";
import { type SynthesisedBlock, temporaryFolder } from "./support/synth";
import { TERRAFORM } from "./support/terraform";

const ROOT = resolve(__dirname, "..");
const run = promisify(execFile);

/** All but the one in plain HCL, which has a test of its own. */
const examples = readdirSync(join(ROOT, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, "examples", entry.name, "main.ts")))
  .map((entry) => entry.name);

/** A home with the providers that examples take from elsewhere. */
let home: string;
beforeAll(() => {
  home = temporaryFolder();
  placeNullProvider(home);
  placeCanonicalProviderAtHome(home);
});

/** Runs a built example as the cdktf command line does, in a fresh folder. */
async function synthesise(example: string): Promise<string> {
  const main = join(ROOT, "dist/examples", example, "main.js");
  if (!existsSync(main)) throw new Error(`${main} is missing: run \`npm run build\` before these tests`);
  const cwd = temporaryFolder();
  await run(process.execPath, [main], { cwd, env: { PATH: process.env.PATH, CDKTF_OUTDIR: "cdktf.out" } });
  return join(cwd, "cdktf.out");
}

test.each(examples)("%s says in its README what it shows and how it is run", (example) => {
  const readme = readFileSync(join(ROOT, "examples", example, "README.md"), "utf8");
  expect(readme).toMatch(/^# /);
  expect(readme).toContain("cdktf deploy");
});

test.each(examples)(
  "%s synthesises, and Terraform finds it valid with the plugin that was placed",
  async (example) => {
    const out = await synthesise(example);
    const stacks = readdirSync(join(out, "stacks"));
    expect(stacks).not.toEqual([]);
    for (const stack of stacks) {
      const cwd = join(out, "stacks", stack);
      const env = { PATH: process.env.PATH, HOME: home, CHECKPOINT_DISABLE: "1" };
      await run(TERRAFORM, ["init", "-input=false", "-no-color"], { cwd, env });
      const { stdout } = await run(TERRAFORM, ["validate", "-json"], { cwd, env });
      expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
    }
  },
  180_000,
);

test("dual-stack makes the objects that its README lists", async () => {
  const file = join(await synthesise("dual-stack"), "stacks", "lab-network", "cdk.tf.json");
  const { resource } = JSON.parse(readFileSync(file, "utf8")) as {
    resource: Record<string, Record<string, SynthesisedBlock>>;
  };
  const counts = Object.fromEntries(Object.entries(resource).map(([type, named]) => [type, Object.keys(named).length]));
  expect(counts).toEqual({
    maas_fabric: 1,
    maas_space: 1,
    maas_vlan: 2,
    maas_subnet: 3,
    maas_subnet_ip_range: 5,
    maas_rack_interface: 1,
    maas_vlan_dhcp: 1,
  });
});
