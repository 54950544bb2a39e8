import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandResult, startCommand } from "../support/command-line";

jest.setTimeout(60_000);

const REQUIRED = 'terraform {\n  required_providers {\n    maas = { source = "canonical/maas" }\n  }\n}\n';
const SUBNET = `resource "maas_subnet" "s" {
  cidr   = "10.1.0.0/24"
  fabric = "lab"
  vlan   = 20
  ip_ranges {
    type     = "reserved"
    start_ip = "10.1.0.1"
    end_ip   = "10.1.0.9"
  }
}
`;
const MACHINE = 'resource "maas_machine" "m" {\n  power_type = "lxd"\n}\n';

describe("migrate command", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cdktf-maas-migrate-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const put = (file: string, content: string | Buffer): void => {
    writeFileSync(join(folder, file), content);
  };
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  const run = (...args: string[]): Promise<CommandResult> => startCommand(["migrate", ...args], { cwd: folder }).result;

  test("shows a diff that patch takes, writes nothing, and ends with what to run next", async () => {
    put("main.tf", SUBNET);
    put("provider.tf", REQUIRED);
    const { code, stdout, stderr } = await run();
    expect([code, stderr, read("main.tf"), read("provider.tf")]).toEqual([0, "", SUBNET, REQUIRED]);
    expect(stdout).toMatch(
      /Next.*\n {2}cdktf-maas migrate --write \.\n {2}terraform state replace-provider \S+ \S+\n {2}terraform init\n {2}terraform plan\n$/s,
    );
    const written = mkdtempSync(join(folder, "copy-"));
    for (const [file, text] of [
      ["main.tf", SUBNET],
      ["provider.tf", REQUIRED],
    ] as const)
      writeFileSync(join(written, file), text);
    execFileSync("patch", ["-p0", "--quiet"], { cwd: written, input: stdout });
    expect((await run("--write")).code).toBe(0);
    for (const file of ["main.tf", "provider.tf"]) expect(readFileSync(join(written, file), "utf8")).toBe(read(file));
  });

  test("changes nothing the second time, and keeps a byte order mark, line ends of Windows, links and modes", async () => {
    const windows = `\uFEFF${REQUIRED}${SUBNET}`.replaceAll("\n", "\r\n");
    mkdirSync(join(folder, "elsewhere"));
    put("elsewhere/real.tf", windows);
    chmodSync(join(folder, "elsewhere/real.tf"), 0o640);
    symlinkSync("elsewhere/real.tf", join(folder, "main.tf"));
    expect((await run("--write")).code).toBe(0);
    const once = read("main.tf");
    expect(once).toContain("\uFEFFterraform {\r\n");
    expect(once).toContain("import {\r\n");
    expect(once).not.toMatch(/[^\r]\n/);
    expect(statSync(join(folder, "elsewhere/real.tf")).mode & 0o777).toBe(0o640);
    const { code, stdout } = await run("--write");
    expect([code, read("main.tf")]).toEqual([0, once]);
    expect(stdout).toContain("Nothing to rewrite");
    expect(readdirSync(join(folder, "elsewhere"))).toEqual(["real.tf"]);
  });

  test("exits with 2 when something is left to the user, and says what stays with canonical/maas", async () => {
    put(
      "main.tf",
      `${REQUIRED}${MACHINE}resource "maas_vlan" "v" {\n  fabric  = "lab"\n  vid     = 5\n  dhcp_on = true\n}\n`,
    );
    const { code, stdout } = await run("--write");
    expect(code).toBe(2);
    expect(stdout).toContain(
      "= main.tf:6 maas_machine.m: cdktf-maas has no resource maas_machine: it stays with canonical/maas\n",
    );
    expect(stdout).toMatch(/^! main\.tf:9 maas_vlan\.v: dhcp_on stays: /m);
  });

  test("takes files with providers of their own for configurations of their own", async () => {
    put("a.tf", REQUIRED + SUBNET);
    put("b.tf", REQUIRED + SUBNET);
    expect((await run("--write", "a.tf", "b.tf")).code).toBe(0);
    expect(read("a.tf")).toBe(read("b.tf"));
    expect(read("a.tf")).toContain("maas_subnet_ip_range.s_reserved");
  });

  test("reads the other files of a folder when one is named, and writes only that", async () => {
    put("main.tf", SUBNET);
    put("ranges.tf", 'resource "maas_subnet_ip_range" "s_reserved" {\n}\n');
    put("provider.tf", REQUIRED);
    expect((await run("--write", "main.tf")).code).toBe(0);
    expect(read("main.tf")).toContain('"s_reserved_2"');
    expect(read("provider.tf")).toBe(REQUIRED);
  });

  test("leaves out what Terraform leaves out: hidden files, and those that editors leave", async () => {
    put("main.tf", REQUIRED + SUBNET);
    symlinkSync("somebody@host.1234", join(folder, ".#main.tf"));
    put(".old.tf", "no HCL {");
    put(".old.tf.json", '{"resource":{"maas_fabric":{}}}');
    const { code, stdout, stderr } = await run("--write");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.match(/^Written: .*$/gm)).toEqual(["Written: main.tf"]);
    expect(read(".old.tf")).toBe("no HCL {");
  });

  test("goes through the modules of a folder, and imports what they have in the root module", async () => {
    const called =
      'module "net" {\n  source   = "./net"\n  for_each = var.nets\n  providers = {\n    maas = maas.lab\n  }\n}\n';
    const provider = 'provider "maas" {\n  alias = "lab"\n}\n';
    put("main.tf", REQUIRED + provider + called);
    mkdirSync(join(folder, "net"));
    put("net/main.tf", REQUIRED + MACHINE + SUBNET.replaceAll('"10.1.0.', '"10.${var.n}.0.'));
    const instance = (index: string, n: number): object => ({
      ...{ mode: "managed", type: "maas_subnet", name: "s", module: `module.net["${index}"]` },
      provider: 'provider["registry.terraform.io/canonical/maas"]',
      instances: [
        { attributes: { ip_ranges: [{ type: "reserved", start_ip: `10.${n}.0.1`, end_ip: `10.${n}.0.9` }] } },
      ],
    });
    put("terraform.tfstate", JSON.stringify({ version: 4, resources: [instance("a", 1), instance("b", 2)] }));
    const { code, stdout } = await run("--write");
    expect(code).toBe(0);
    expect(stdout.match(/terraform .*replace-provider/g)).toHaveLength(1);
    const root = read("main.tf");
    expect(root).toContain("    maas = maas.lab\n    canonical = canonical.lab\n");
    expect(root).toContain('provider "canonical" {\n  alias = "lab"\n}\n');
    for (const [index, n] of [
      ["a", 1],
      ["b", 2],
    ] as const)
      expect(root).toContain(
        `import {\n  to = module.net["${index}"].maas_subnet_ip_range.s_reserved\n  id = "10.${n}.0.1-10.${n}.0.9"\n}\n`,
      );
    expect(read("net/main.tf")).not.toContain("import {");
    expect(read("net/main.tf")).toContain('start_ip = "10.${var.n}.0.1"');
    expect((await run()).stdout).toContain("Nothing to rewrite");
  });

  test("leaves the import blocks of a module's ranges to the user where only Terraform knows the ids", async () => {
    put("main.tf", `${REQUIRED}module "net" {\n  source = "./net"\n  count  = 2\n}\n`);
    mkdirSync(join(folder, "net"));
    put("net/main.tf", REQUIRED + SUBNET.replaceAll('"10.1.0.', '"10.${var.n}.0.'));
    const { code, stdout } = await run();
    expect([code, stdout]).toEqual([
      2,
      expect.stringContaining(
        "write an import block for each instance of module.net.maas_subnet_ip_range.s_reserved in the root module",
      ),
    ]);
  });

  test("leaves files of other providers alone, and is quick with large ones", async () => {
    const other = 'resource "null_resource" "n%" {\n  triggers = { a = "${var.x}" }\n}\n';
    put("other.tf", Array.from({ length: 20_000 }, (_, index) => other.replace("%", String(index))).join("\n"));
    const before = read("other.tf");
    const start = Date.now();
    const { code, stdout } = await run("--write");
    expect([code, stdout, read("other.tf")]).toEqual([0, expect.stringMatching(/^Nothing to rewrite/), before]);
    expect(Date.now() - start).toBeLessThan(20_000);
  });

  const bad: readonly (readonly [string, Record<string, string | Buffer>, string[], string])[] = [
    [
      "HCL that is broken",
      { "b.tf": 'a = 1\nb = "x\n' },
      ["."],
      'b.tf:2:5: the text that begins here is not closed with " on its line',
    ],
    [
      "bytes that are not UTF-8",
      { "b.tf": Buffer.from('a = 1\nb = "\xe9\xff"\n', "latin1") },
      ["."],
      "b.tf:2:6: a byte here is not UTF-8",
    ],
    ["UTF-16", { "b.tf": Buffer.from("\uFEFFa = 1\n", "utf16le") }, ["."], "b.tf:1:1: a byte here is not UTF-8"],
    [
      "JSON syntax",
      { "b.tf.json": '{"resource": {\n "maas_fabric": {}}}' },
      ["."],
      "b.tf.json:2:2: files in JSON syntax are not rewritten",
    ],
    [
      "a JSON file that is named",
      { "b.tf.json": "{}" },
      ["main.tf", "b.tf.json"],
      "b.tf.json:1:1: files in JSON syntax",
    ],
    ["a file of another sort", { "b.txt": "" }, ["main.tf", "b.txt"], "b.txt: it is not a Terraform file"],
    ["no such file", {}, ["main.tf", "c.tf"], "c.tf: there is no such file or folder"],
    ["a state that is no JSON", { "terraform.tfstate": "{" }, ["."], "terraform.tfstate: it is no JSON"],
    [
      "a state of Terraform 0.11",
      { "terraform.tfstate": '{"version": 3}' },
      ["."],
      "terraform.tfstate: it is a state of version 3",
    ],
    [
      "a state with a resource that has no name",
      { "terraform.tfstate": '{"version": 4, "resources": [{"type": "maas_subnet"}]}' },
      ["."],
      "terraform.tfstate: the name of resource 1 is nothing, and must be a text",
    ],
    ["a state that is not there", {}, ["--state", "s.json", "."], "s.json: it can't be read"],
  ];

  test.each(bad)("with %s says where and writes nothing", async (_, files, args, message) => {
    put("main.tf", REQUIRED + SUBNET);
    for (const [file, content] of Object.entries(files)) put(file, content);
    const { code, stdout, stderr } = await run("--write", ...args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).toMatch(/Nothing was written\. \[MAAS-MIG-0\d\]\n$/);
    expect(read("main.tf")).toBe(REQUIRED + SUBNET);
    expect(readdirSync(folder).sort()).toEqual(["main.tf", ...Object.keys(files)].sort());
  });

  test("with a folder that has no Terraform files says so", async () => {
    mkdirSync(join(folder, "empty"));
    expect((await run("empty")).stderr).toContain("error: empty: the folder has no .tf files");
  });
});
