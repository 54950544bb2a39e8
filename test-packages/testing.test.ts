import { spawnSync } from "node:child_process";
import { artefact, Project } from "./support/project";

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
