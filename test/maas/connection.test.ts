import { sentence } from "../../lib/model/problem";
import { plainHttpWarning } from "../../src/maas/connection";
import { cdktfMaas } from "../support/command-line";
import { ProviderDriver } from "../support/provider-driver";

describe("a warning that the API key is sent over plain HTTP", () => {
  const warningFor = (url: string, environment: NodeJS.ProcessEnv = {}) =>
    plainHttpWarning({ api_url: url }, environment).map((problem) => sentence(problem));

  test.each([
    ["http://maas.corp.internal:5240/MAAS", "https://maas.corp.internal:5443/MAAS"],
    ["http://10.0.0.2/MAAS", "https://10.0.0.2:5443/MAAS"],
    ["http://[2001:db8::2]:5240/MAAS", "https://[2001:db8::2]:5443/MAAS"],
    ["HTTP://128.0.0.1:5240/MAAS", "https://128.0.0.1:5443/MAAS"],
  ])("is given for %s, with where TLS would be", (url, fixed) =>
    expect(warningFor(url)).toEqual([expect.stringContaining(fixed) as string]),
  );

  test.each([
    "https://maas.corp.internal:5443/MAAS",
    "http://127.0.0.1:5240/MAAS",
    "http://127.8.9.1/MAAS",
    "http://localhost:5240/MAAS",
    "http://[::1]:5240/MAAS",
    "not a URL",
    "",
  ])("is not given for %s", (url) => expect(warningFor(url)).toEqual([]));

  test("is not given where the environment says that it is meant", () =>
    expect(warningFor("http://10.0.0.2/MAAS", { MAAS_ALLOW_PLAIN_HTTP: "true" })).toEqual([]));

  test("never holds the key", () =>
    expect(JSON.stringify(plainHttpWarning({ api_url: "http://10.0.0.2/MAAS", api_key: "a:b:c" }, {}))).not.toContain(
      "a:b:c",
    ));

  const environment = { MAAS_API_URL: "http://maas.invalid:5240/MAAS", MAAS_API_KEY: "consumer:token:secret" };

  test("comes from the provider when Terraform configures it", async () => {
    const provider = await ProviderDriver.start({ environment });
    const diagnostics = await provider.configure();
    await provider.stop();
    expect(diagnostics.map(({ summary }) => summary)).toEqual([
      "The API key is sent to maas.invalid:5240 over plain HTTP",
    ]);
  });

  test("comes from the command line once, on stderr", async () => {
    const { stdout, stderr } = await cdktfMaas(["audit", "--retry-timeout", "0"], environment);
    expect(stderr.match(/Warning: .*MAAS-CFG-07/g)).toHaveLength(1);
    expect(`${stdout}${stderr}`).not.toContain("token");
  });
});
