import { existsSync } from "node:fs";
import { join } from "node:path";
import { Fn, Lazy, TerraformLocal, TerraformStack, TerraformVariable, Testing, Token, propertyAccess } from "cdktf";
import { Fabric, MaasProvider } from "cdktf-maas";
import { version } from "../../../package.json";
import { messageOf, synth, temporaryApp } from "../../support/synth";

const SECRET = "consumer:token:secret";

test("the provider is required from a source that no registry serves, in the package's version", () => {
  const { terraform, provider } = synth((stack) => {
    new MaasProvider(stack, "maas", {
      apiUrl: "https://region.example/MAAS",
      tlsCaCertPath: "/etc/ca.pem",
      tlsInsecureSkipVerify: false,
    });
  });
  expect(terraform.required_providers.maas).toEqual({ source: "cdktf-maas.invalid/cdktf-maas/maas", version });
  expect(provider.maas).toEqual([
    {
      api_url: "https://region.example/MAAS",
      tls_ca_cert_path: "/etc/ca.pem",
      tls_insecure_skip_verify: false,
      journal_path: "maas-journal",
    },
  ]);
});

test("all of its configuration may come from the environment", () => {
  expect(synth((stack) => new MaasProvider(stack, "maas")).provider.maas).toEqual([{ journal_path: "maas-journal" }]);
});

test("a resource without a provider is refused by CDKTF's own check", () => {
  expect(messageOf(() => synth((stack) => new Fabric(stack, "lab", { name: "lab" })))).toContain("maas");
});

test("the API key may be the value of a sensitive variable", () => {
  const { provider } = synth((stack) => {
    const key = new TerraformVariable(stack, "maas_api_key", { type: "string", sensitive: true });
    new MaasProvider(stack, "maas", { apiKey: key.stringValue });
  });
  expect(provider.maas).toEqual([{ api_key: "${var.maas_api_key}", journal_path: "maas-journal" }]);
});

test("a literal API key is refused at once, and the message does not repeat it", () => {
  const message = messageOf(() => synth((stack) => new MaasProvider(stack, "maas", { apiKey: SECRET })));
  expect(message).toContain("[lab/maas]");
  expect(message).toContain("set MAAS_API_KEY where Terraform runs");
  expect(message).not.toContain(SECRET);
});

test.each<[string, (stack: TerraformStack) => string]>([
  ["a function's argument", () => Fn.base64decode(SECRET)],
  ["a local value", (stack) => new TerraformLocal(stack, "l", SECRET).asString],
  ["a lazy value", () => Lazy.stringValue({ produce: () => SECRET })],
  ["a text around a token", (stack) => `${SECRET}${new TerraformVariable(stack, "v", {}).stringValue}`],
  ["a variable's default", (stack) => new TerraformVariable(stack, "v", { default: SECRET }).stringValue],
])("a literal API key hidden in %s never reaches a file", (_, keyOf) => {
  const app = temporaryApp();
  const stack = new TerraformStack(app, "lab");
  new MaasProvider(stack, "maas", { apiKey: keyOf(stack) });
  const message = messageOf(() => app.synth());
  expect(message).toContain("It would be readable in the synthesised files.");
  expect(message).not.toContain(SECRET);
  expect(existsSync(join(app.outdir, "stacks", "lab", "cdk.tf.json"))).toBe(false);
});

test("the API key may come through a local value or out of a map", () => {
  const { provider } = synth((stack) => {
    const keys = new TerraformVariable(stack, "keys", { type: "map(string)", sensitive: true });
    const local = new TerraformLocal(stack, "key", keys.stringValue);
    new MaasProvider(stack, "maas", { apiKey: local.asString });
    new MaasProvider(stack, "second", { alias: "second", apiKey: Token.asString(propertyAccess(keys.value, ["lab"])) });
  });
  expect(provider.maas).toEqual([
    { api_key: "${local.key}", journal_path: "maas-journal" },
    expect.objectContaining({ alias: "second" }),
  ]);
});

test.each(["region.example/MAAS", "ftp://region.example", "http://user:password@region.example/MAAS", "http://"])(
  "%s is refused as the region's URL",
  (apiUrl) => {
    const message = messageOf(() => synth((stack) => new MaasProvider(stack, "maas", { apiUrl })));
    expect(message).toContain("apiUrl: this is not the URL of a region's API");
    expect(message).toContain("http://region.lab.example:5240/MAAS");
    expect(message).not.toContain("password@");
  },
);

test.each(["http://[2001:db8::1]:5240/MAAS", "HTTPS://region/MAAS/", "http://10.0.0.1:5240"])("%s passes", (apiUrl) => {
  expect(() => synth((stack) => new MaasProvider(stack, "maas", { apiUrl }))).not.toThrow();
});

test("CDKTF's own unit-test helper writes no plugin", () => {
  const stack = new TerraformStack(Testing.app(), "lab");
  new MaasProvider(stack, "maas");
  expect(JSON.parse(Testing.synth(stack))).toMatchObject({ provider: { maas: [{}] } });
});
