import { ApplyGuard, ApplyStep, MaasEngine, MaasProvider } from "cdktf-maas";
import { existsSync } from "node:fs";
import { TerraformStack } from "cdktf";
import { temporaryApp } from "../../support/synth";

const stackOf = (): TerraformStack => new TerraformStack(temporaryApp(), "lab");

/** What is no identifier in Terraform's language. */
const NO_ALIASES = [
  "",
  "west; touch pwned",
  "$(id)",
  "`id`",
  "a b",
  "../west",
  "a/b",
  "1st",
  "-a",
  "a.b",
  "a\nb",
  "${x}",
];

describe("an alias is a part of commands and of names of files", () => {
  test.each(NO_ALIASES)("%j is refused when the provider is made", (alias) => {
    expect(() => new MaasProvider(stackOf(), "maas", { alias })).toThrow(
      `alias: ${JSON.stringify(alias)} is not an alias that Terraform takes`,
    );
  });

  test.each(NO_ALIASES)("%j is refused when it is set later", (alias) => {
    const provider = new MaasProvider(stackOf(), "maas");
    expect(() => (provider.alias = alias)).toThrow("is not an alias that Terraform takes");
  });

  test.each(["west", "_west", "west-2", "Süd", "a1"])("%s passes, and names the document", (alias) => {
    const app = temporaryApp();
    new MaasProvider(new TerraformStack(app, "lab"), "maas", { alias });
    app.synth();
    expect(existsSync(`${app.outdir}/stacks/lab/maas-network.${alias}.json`)).toBe(true);
  });
});

test.each(["rules", "existing; touch pwned", "", "EXISTING"])("%j can't be forced by an apply step", (guard) => {
  const stack = stackOf();
  new MaasProvider(stack, "maas", { apiUrl: "http://region.example:5240/MAAS", engine: MaasEngine.APPLY_STEP });
  const force = [ApplyGuard.EXISTING, guard as ApplyGuard];
  expect(() => new ApplyStep(stack, "apply", { force })).toThrow(`force: ${JSON.stringify(guard)} can't be forced`);
});
