import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { artefact, Project, ROOT } from "./support/project";

// Company stacks: the project of `cdktf init --template=typescript`, with our tarball and its jest helper. Declarations are checked too.

const MAIN = `
import { App, TerraformStack } from "cdktf";
import { Fabric, Ipv4Subnet, Ipv6Subnet, MaasProvider } from "cdktf-maas";

export function lab(): TerraformStack {
  const stack = new TerraformStack(new App(), "lab");
  new MaasProvider(stack, "maas");
  const { untagged } = new Fabric(stack, "fabric", { name: "lab" });
  new Ipv4Subnet(stack, "v4", { vlan: untagged, cidr: "10.20.0.0/24" });
  return stack;
}

export function broken(): TerraformStack {
  const stack = lab();
  new Ipv6Subnet(stack, "v6", { vlan: new Fabric(stack, "other", { name: "other" }).untagged, cidr: "2001:db8::/64" });
  return stack;
}
`;

/** A test as a company would write it. @param imports where jest's functions come from; empty = they are global */
const testFor = (imports: string, extension: string): string => `
${imports}
import { deployed } from "cdktf-maas/testing${imports === "" ? "" : "/globals"}";
import { broken, lab } from "./stacks${extension}";

test("the stack passes, is deployed, and a broken one is told", async () => {
  expect(lab()).toPassIpv6Caveats();
  expect(broken()).toBreakRule("MAAS6-DUA-02");
  expect(broken()).not.toPassIpv6Caveats();
  const { state } = await deployed(lab());
  expect(state.subnets.map(({ cidr }) => cidr)).toContain("10.20.0.0/24");
}, 60_000);
`;

const DEPENDENCIES = ["cdktf@0.21.0", "constructs@10.7.2"];
const TOOLS = ["jest@30", "typescript@5.9", "@types/node@20", "@types/jest@30", "@jest/globals@30"];

const INSTALL = {
  npm: ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"],
  pnpm: ["npx", "--yes", "pnpm@9", "add", "--silent", "--ignore-scripts"],
  yarn: ["npx", "--yes", "yarn@1", "add", "--silent", "--non-interactive", "--ignore-scripts"],
} as const;

const COMPILER = {
  ...{ target: "ES2022", strict: true, skipLibCheck: false, declaration: true, outDir: "out", types: ["node", "jest"] },
  lib: ["ES2022"],
};

interface Case {
  readonly manager: keyof typeof INSTALL;
  readonly module: "commonjs" | "esm";
  readonly globals: boolean;
}

describe.each<Case>([
  { manager: "npm", module: "commonjs", globals: true },
  { manager: "npm", module: "esm", globals: false },
  { manager: "pnpm", module: "esm", globals: true },
  { manager: "yarn", module: "commonjs", globals: false },
])("a project by $manager, in $module, global functions of jest: $globals", ({ manager, module, globals }) => {
  const project = new Project();
  const isEsm = module === "esm";

  beforeAll(() => {
    project.write(
      "package.json",
      JSON.stringify({ name: "company", private: true, type: isEsm ? "module" : "commonjs" }),
    );
    const [program, ...args] = INSTALL[manager];
    const packages = [artefact("npm", "cdktf-maas-"), ...DEPENDENCIES, ...TOOLS];
    project.succeed(program, [...args, ...packages]);
    const resolution = isEsm
      ? { module: "Node16", moduleResolution: "Node16" }
      : { module: "CommonJS", moduleResolution: "Node10" };
    project.write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { ...COMPILER, ...resolution }, include: ["*.ts"] }),
    );
    project.write("stacks.ts", MAIN);
    const imports = globals ? "" : 'import { expect, test } from "@jest/globals";';
    project.write("stacks.test.ts", testFor(imports, isEsm ? ".js" : ""));
    project.write("jest.config.json", JSON.stringify({ roots: ["<rootDir>/out"], injectGlobals: globals }));
  });
  afterAll(() => project.remove());

  it("compiles, and its tests pass", () => {
    const tool = (name: string): string => `${project.folder}/node_modules/${name}`;
    expect(project.run(process.execPath, [tool("typescript/bin/tsc")])).toEqual({ code: 0, output: "" });
    const options = isEsm ? ["--experimental-vm-modules"] : [];
    const { status, stderr } = spawnSync(
      process.execPath,
      [...options, tool("jest/bin/jest.js"), "--config", "jest.config.json"],
      {
        ...{ cwd: project.folder, encoding: "utf8" },
      },
    );
    expect([status, stderr]).toEqual([0, expect.stringContaining("1 passed, 1 total")]);
  });
});

/** What `cdktf init --template=typescript` writes; that of `cdktn init` differs in the names of the packages. */
const TEMPLATE = join(ROOT, "node_modules/cdktf-cli/bundle/templates/typescript");

/** A test of the template's kind, beside the matchers that it sets up itself. */
const TEMPLATE_TEST = `
import "cdktf/lib/testing/adapters/jest"; // Load types for expect matchers
import { App, Testing } from "cdktf";
import { Fabric } from "cdktf-maas";
import { MaasSimulator } from "cdktf-maas/simulator";
import { deployed } from "cdktf-maas/testing";
import { LabNetwork } from "../main";

const lab = (): LabNetwork => new LabNetwork(new App(), "lab");

test("the stack passes, is deployed twice to a region, and a broken one is told", async () => {
  expect(lab()).toPassIpv6Caveats();
  expect(Testing.synth(lab())).toHaveResource(Fabric);
  const broken = lab();
  expect(() => new Fabric(broken, "refused", { name: "no name" })).toThrow("MAAS-");
  expect(broken.addSubnet()).toBreakRule("MAAS6-DUA-02");
  const simulator = await MaasSimulator.start({ port: 0 });
  await deployed(lab(), { simulator });
  expect(simulator.state.fabrics).toContain("lab");
  await simulator.stop();
}, 120_000);
`;

const TEMPLATE_MAIN = `
import { TerraformStack } from "cdktf";
import { Fabric, Ipv6Subnet, MaasProvider } from "cdktf-maas";
import { Construct } from "constructs";

export class LabNetwork extends TerraformStack {
  private readonly fabric: Fabric;
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new MaasProvider(this, "maas");
    this.fabric = new Fabric(this, "fabric", { name: "lab" });
  }
  addSubnet(): Ipv6Subnet {
    return new Ipv6Subnet(this, "v6", { vlan: this.fabric.untagged, cidr: "2001:db8::/64" });
  }
}
`;

/** Yarn's Plug'n'Play has no node_modules: what a package does not name as its dependency is not found, and its files are in archives. */
const BERRY = ["npx", "--yes", "--package=@yarnpkg/cli-dist@4", "yarn"] as const;

const PROJECTS = {
  "npm, with cdktn-maas": {
    cdk: "cdktn",
    add: (tarball: string, packages: readonly string[]) => [...INSTALL.npm, tarball, ...packages],
    run: ["npx", "--no-install"],
  },
  "yarn with Plug'n'Play, with cdktf-maas": {
    cdk: "cdktf",
    add: (tarball: string, packages: readonly string[]) => [...BERRY, "add", `cdktf-maas@file:${tarball}`, ...packages],
    run: [...BERRY, "run"],
  },
} as const;

describe.each(Object.entries(PROJECTS))("the project of the template by %s", (_, { cdk, add, run }) => {
  const project = new Project();
  const inEdition = (text: string): string => text.replaceAll(/\bcdktf(?=["\-/])/g, cdk);
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  const env = {
    ...{ YARN_ENABLE_IMMUTABLE_INSTALLS: "false", YARN_ENABLE_TELEMETRY: "0", YARN_NODE_LINKER: "pnp" },
    ...{ YARN_NPM_REGISTRY_SERVER: registry, YARN_ENABLE_SCRIPTS: "false" },
  };
  const succeed = ([program = "", ...args]: readonly string[]): string => project.succeed(program, args, env);

  beforeAll(() => {
    for (const file of ["jest.config.js", "tsconfig.json"]) cpSync(join(TEMPLATE, file), join(project.folder, file));
    project.write("setup.js", inEdition(readFileSync(join(TEMPLATE, "setup.js"), "utf8")));
    project.write("package.json", JSON.stringify({ name: "company", private: true }));
    project.write("yarn.lock", "");
    project.write("main.ts", inEdition(TEMPLATE_MAIN));
    project.write("__tests__/main-test.ts", inEdition(TEMPLATE_TEST));
    // ts-jest 29 forgets to name jest-util.
    const versions = { cdktf: ["cdktf@0.21.0"], cdktn: ["cdktn@0.24.0"] }[cdk];
    const packages = [...versions, "constructs@10.7.2", ...TOOLS.slice(0, 4), "ts-jest@29", "jest-util@30"];
    succeed(add(artefact("npm", `${cdk}-maas-`), packages));
  });
  afterAll(() => project.remove());

  it("compiles, its declarations are right, and its tests pass", () => {
    expect(succeed([...run, "tsc", "--noEmit", "--skipLibCheck", "false", "--types", "node,jest"]).trim()).toBe("");
    // The template's own pattern ".js" would fit a folder by chance.
    const output = succeed([...run, "jest", "--testPathIgnorePatterns", "/node_modules/"]);
    expect(output).toContain("1 passed, 1 total");
  });
});
