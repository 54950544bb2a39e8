import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER } from "../../lib/constructs/internal/facts";
import { describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(60_000);

const doc = readFileSync(join(__dirname, "..", "..", "docs", "provider.md"), "utf8");
const [, documented = ""] = /```hcl\n(provider_installation [\s\S]*?)```/.exec(doc) ?? [];

describeWithTerraform()("a CLI configuration with a provider_installation block", () => {
  let workspace: Workspace;

  /** What `init` ends with under that configuration, with nothing selected beforehand. */
  const init = async (configuration: string) => {
    const file = join(workspace.folder, "company.tfrc");
    writeFileSync(file, configuration);
    rmSync(join(workspace.folder, ".terraform"), { recursive: true, force: true });
    return workspace.terraform(["init", "-no-color"], { env: { TF_CLI_CONFIG_FILE: file } });
  };

  beforeAll(() => {
    workspace = new Workspace(
      { MAAS_API_URL: "http://region.invalid/MAAS", MAAS_API_KEY: "a:b:c" },
      { startsPlugin: true },
    );
    workspace.write({ resource: { maas_fabric: { lab: { name: "lab" } } } });
  });

  afterAll(() => workspace.remove());

  test("as the documentation has it finds the plugin in the stack's folder", async () => {
    const { code, output } = await init(documented);
    expect(output).toContain(`Installed ${PROVIDER.source} v${PROVIDER.version}`);
    expect(code).toBe(0);
    expect(await workspace.succeed(["validate", "-no-color"])).toContain("The configuration is valid");
  });

  test("without the stack's folder does not, so that the documentation is needed", async () => {
    const { code, output } = await init(documented.replace(/filesystem_mirror \{[^}]*\}/, ""));
    expect(code).not.toBe(0);
    expect(output.replace(/[\s│]+/g, " ")).toContain(PROVIDER.source);
  });
});
