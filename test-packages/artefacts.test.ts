import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MaasSimulator } from "../src/simulator";
import { PROVIDER } from "../lib/constructs/internal/facts";
import { succeeded } from "../test/support/command-line";
import { describeWithTerraform, quietEnvironment, run, TERRAFORM } from "../test/support/terraform";
import { Project, ROOT } from "./support/project";

const made = process.env.PACKAGES_FOLDER ?? "";

const hashOf = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

/** The hashes that a file of SHA256SUMS says, by name. */
const sumsIn = (file: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/).reverse() as [string, string]),
  );

test("what npm run package makes has the hashes that it lists", () => {
  const sums = sumsIn(join(made, "SHA256SUMS"));
  expect(Object.keys(sums).length).toBeGreaterThan(5);
  for (const [name, hash] of Object.entries(sums)) expect(hashOf(join(made, name))).toBe(hash);
});

test("the same sources give the same bytes", () => {
  const again = mkdtempSync(join(tmpdir(), "cdktf-maas-again-"));
  const script = join(ROOT, "scripts", "package.mjs");
  execFileSync(process.execPath, [script, "--only", "npm,terraform,java:cdktf", "--output", again], {
    stdio: "ignore",
  });
  const [first, second] = [sumsIn(join(made, "SHA256SUMS")), sumsIn(join(again, "SHA256SUMS"))];
  expect(Object.keys(second).length).toBeGreaterThan(3);
  expect(first).toMatchObject(second);
  rmSync(again, { recursive: true });
});

/** A type or a member of a type in jsii's assembly. */
interface Documented {
  readonly name: string;
  readonly docs?: { readonly summary?: string };
  readonly overrides?: string;
}

test("every class, interface, property, method and value of the library says what it is, for the documentation of each language", () => {
  const project = new Project();
  const tarball = join(
    made,
    "npm",
    readdirSync(join(made, "npm")).find((name) => name.startsWith("cdktf-maas-")) ?? "",
  );
  project.succeed("tar", ["-xzf", tarball, "package/.jsii"]);
  type Type = Documented & Readonly<Partial<Record<"properties" | "methods" | "members", readonly Documented[]>>>;
  const assembly = JSON.parse(readFileSync(join(project.folder, "package/.jsii"), "utf8")) as {
    types: Record<string, Type>;
  };
  const all = Object.values(assembly.types).flatMap((type) => {
    const own = [type.properties, type.methods, type.members].flatMap((members) => members ?? []);
    return [type, ...own.map((member) => ({ ...member, name: `${type.name}.${member.name}` }))];
  });
  expect(all.length).toBeGreaterThan(1000);
  const silent = all.filter(({ docs, overrides }) => docs?.summary === undefined && overrides === undefined);
  expect(silent.map(({ name }) => name)).toEqual([]);
  project.remove();
});

describeWithTerraform()("the provider's zips", () => {
  test("are a mirror that Terraform installs from, and have the hashes of their SHA256SUMS", async () => {
    const zips = join(made, "terraform");
    const sums = readdirSync(zips).find((name) => name.endsWith("_SHA256SUMS")) ?? "";
    for (const [name, hash] of Object.entries(sumsIn(join(zips, sums)))) expect(hashOf(join(zips, name))).toBe(hash);

    const project = new Project();
    const simulator = await MaasSimulator.start();
    const { source, version } = PROVIDER;
    const mirror = join(project.folder, "mirror");
    mkdirSync(join(mirror, source), { recursive: true });
    cpSync(zips, join(mirror, source), { recursive: true, filter: (file) => file === zips || file.endsWith(".zip") });
    project.write("terraform.rc", `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
    project.write(
      "main.tf",
      `terraform {\n  required_providers {\n    maas = {\n      source  = "${source}"\n      version = "${version}"\n    }\n  }\n}\n` +
        `provider "maas" {}\nresource "maas_fabric" "lab" {\n  name = "lab"\n}\n`,
    );
    const env = {
      ...quietEnvironment(project.folder),
      ...{ TF_CLI_CONFIG_FILE: join(project.folder, "terraform.rc") },
      ...{ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey },
    };
    for (const args of [["init"], ["apply", "-auto-approve"]])
      succeeded(await run(TERRAFORM, [...args, "-no-color"], { cwd: project.folder, env }));
    expect(simulator.state.fabrics).toContain("lab");
    await simulator.stop();
    project.remove();
  });
});
