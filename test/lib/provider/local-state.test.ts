import { HttpBackend, TerraformStack } from "cdktf";
import { Fabric, MaasProvider } from "cdktf-maas";
import { temporaryApp } from "../../support/synth";

/** The warnings of a stack of that many fabrics, once it is synthesised twice. */
function warningsOf(count: number, before: (stack: TerraformStack) => unknown = () => undefined): unknown[] {
  const app = temporaryApp();
  const stack = new TerraformStack(app, "estate");
  new MaasProvider(stack, "maas");
  before(stack);
  for (let at = 0; at < count; at += 1) new Fabric(stack, `fabric-${at}`, { name: `lab-${at}` });
  app.synth();
  app.synth();
  return stack.node.metadata.filter(({ type }) => type === "@cdktf/warn").map(({ data }) => data as unknown);
}

describe("a stack with a local state", () => {
  test("is warned of once, where it has more than 500 resources", () => {
    expect(warningsOf(501)).toEqual([
      expect.stringMatching(/^the state of 501 resources is a local file\..*estate.*\[MAAS-CON-23\]$/s),
    ]);
  });

  test("is told in the language of the program what to do", () => {
    process.env.JSII_AGENT = "Java/17.0.15";
    try {
      const expected =
        "HttpBackend.Builder.create(this).address(…).build() or S3Backend.Builder.create(this).build(), or";
      expect(warningsOf(501)).toEqual([expect.stringContaining(expected)]);
    } finally {
      delete process.env.JSII_AGENT;
    }
  });

  test("of fewer resources is not warned of", () => expect(warningsOf(500)).toEqual([]));

  test("is none where the stack has a backend, however it was given", () => {
    const address = "https://gitlab.example/state";
    expect(warningsOf(501, (stack) => new HttpBackend(stack, { address }))).toEqual([]);
    expect(warningsOf(501, (stack) => stack.addOverride("terraform.cloud", { organization: "lab" }))).toEqual([]);
  });
});
