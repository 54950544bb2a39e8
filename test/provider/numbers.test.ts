import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { KINDS } from "../../lib/model/kinds";
import { decodeDynamicValue } from "../../src/provider/rpc/dynamic-value";
import { explain } from "../../src/provider/diagnostics";
import { encode } from "@msgpack/msgpack";
import { MaasSimulator } from "../../src/simulator";
import { describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(120_000);

/** Numbers as Terraform sends those that neither an int64 nor a double holds exactly: as decimal text. */
const ODD = ["99999999999999999999", "1e+400", "-1e+400", "10.00000000000000000001", "1e-400", "9007199254740992.5"];

test.each(ODD)("the number %s is refused at its attribute, with the bounds that it has", (text) => {
  const msgpack = encode({ vid: text });
  const decode = (): unknown => decodeDynamicValue({ msgpack, json: new Uint8Array() }, ["object", { vid: "number" }]);
  expect(decode).toThrow(/^The value of vid /);
  try {
    decode();
  } catch (error) {
    const [told] = explain(error, KINDS.vlan);
    expect(told).toMatchObject({ severity: "error", attribute: "vid", what: "vid is out of range" });
    expect(told?.why).toContain("MAAS takes 0 to 4094 as vid");
  }
});

test("a fraction that Terraform sends as text is a number, and whole numbers stay what they are", () => {
  const of = (value: unknown): unknown =>
    decodeDynamicValue({ msgpack: encode(value), json: new Uint8Array() }, "number");
  expect([of("0.1"), of(10), of("10"), of(1.5)]).toEqual([0.1, 10, 10, 1.5]);
});

describeWithTerraform()("numbers out of range, through real Terraform", () => {
  let simulator: MaasSimulator;
  let workspace: Workspace;

  beforeAll(async () => {
    simulator = await MaasSimulator.start({ seed: { fabrics: [{ name: "lab" }] } });
    workspace = new Workspace({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
    workspace.write({});
    await workspace.init();
  });

  afterAll(async () => {
    workspace.remove();
    await simulator.stop();
  });

  const NUMBERS = ["99999999999999999999", "1e400", "10.5", "10.00000000000000000001"];
  const BLOCKS: Record<string, (number: string) => string> = {
    "vid of a resource": (number) => `resource "maas_vlan" "a" {\n fabric = "lab"\n vid = ${number}\n}`,
    "mtu of a resource": (number) => `resource "maas_vlan" "a" {\n fabric = "lab"\n vid = 5\n mtu = ${number}\n}`,
    "rdns_mode of a resource": (number) =>
      `resource "maas_subnet" "a" {\n vlan = "1"\n cidr = "10.0.0.0/24"\n rdns_mode = ${number}\n}`,
    "vid of a data source": (number) => `data "maas_vlan" "a" {\n fabric = "lab"\n vid = ${number}\n}`,
  };

  test.each(Object.entries(BLOCKS))("%s is refused at its line by validate", async (title, block) => {
    for (const number of NUMBERS) {
      writeFileSync(join(workspace.folder, "numbers.tf"), block(number));
      const { code, output } = await workspace.terraform(["validate", "-no-color"]);
      expect({ number, code }).toEqual({ number, code: 1 });
      expect(output).toMatch(new RegExp(`numbers\\.tf line \\d+, in .*\\n.*${title.split(" ")[0]} =`));
      expect(output).not.toMatch(/bug|failed unexpectedly/i);
    }
  });

  test("one that is known only at plan is refused there", async () => {
    const block = 'variable "n" {\n default = 1e400\n}\nresource "maas_vlan" "a" {\n fabric = "lab"\n vid = var.n\n}';
    writeFileSync(join(workspace.folder, "numbers.tf"), block);
    const { code, output } = await workspace.terraform(["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(output).toContain("vid is out of range");
  });
});
