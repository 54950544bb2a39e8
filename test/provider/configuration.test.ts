import type { NetworkDocument } from "../../lib/model/document";
import { UNKNOWN } from "../../lib/model/known";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { MaasSimulator } from "../../src/simulator";
import { EngineUser } from "../support/engine";
import { ProviderDriver } from "../support/provider-driver";

jest.setTimeout(60_000);

const TYPE = "maas_configuration";

describe("settings of a region, by Terraform", () => {
  let simulator: MaasSimulator;
  let provider: ProviderDriver;
  let api: MaasClient;

  const valueOf = (name: string): Promise<unknown> => api.get("maas/", { op: "get_config", name });
  const set = (name: string, value: string): Promise<unknown> =>
    api.post("maas/", [["name", name] as const, ["value", value] as const], { op: "set_config" });

  beforeEach(async () => {
    simulator = await MaasSimulator.start();
    api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
    const environment = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
    provider = await ProviderDriver.start({ environment });
    expect(await provider.configure()).toEqual([]);
  });

  afterEach(async () => {
    await provider.stop();
    await api.close();
    await simulator.stop();
  });

  test.each([
    ["upstream_dns", "", "10.1.0.5, 2001:DB8:1::0:5", "10.1.0.6"],
    ["upstream_dns", "192.0.2.1", "10.1.0.5", ""],
    ["dnssec_validation", "yes", "no", "auto"],
    ["dns_trusted_acl", "10.9.0.0/16", "10.1.0.0/16 localnets", "2001:db8::/32"],
    ["ntp_servers", "ntp.example.com", "10.1.0.5 ntp.lab.example", ""],
    ["ntp_external_only", "false", "true", "false"],
    ["network_discovery", "enabled", "disabled", "enabled"],
    ["active_discovery_interval", "3600", "0", "600"],
  ])("%s is set over %j, drift in it is seen, and a destroy restores it", async (key, theirs, ours, next) => {
    await set(key, theirs);
    const before = await valueOf(key);
    const made = await provider.make(TYPE, { key, value: ours });
    expect(made.state).toEqual({ id: key, key, value: ours });
    const plan = await provider.plan(TYPE, { key, value: ours }, made);
    expect([plan.told, plan.planned]).toEqual([[], made.state]);
    const changed = await provider.make(TYPE, { key, value: next }, made);
    expect((await provider.read(TYPE, changed)).state).toEqual({ id: key, key, value: next });
    await set(key, theirs);
    const drifted = await provider.read(TYPE, { ...changed, state: { ...changed.state, value: ours } });
    if (theirs !== ours) expect(drifted.state?.value).not.toBe(ours);
    expect(await provider.destroy(TYPE, changed)).toEqual([]);
    expect((await valueOf(key)) ?? "").toEqual(before ?? "");
  });

  test("one that Terraform is told to replace is planned twice, and is not taken for two", async () => {
    const config = { key: "upstream_dns", value: "10.1.0.5" };
    const made = await provider.make(TYPE, config);
    expect((await provider.plan(TYPE, config, made)).told).toEqual([]);
    expect((await provider.plan(TYPE, config)).told).toEqual([]);
    expect((await provider.plan(TYPE, { ...config, value: "10.1.0.6" })).told).toMatchObject([{ severity: "error" }]);
  });

  test("it is imported by its key, and left as it is on destroy, since nobody knows what it was", async () => {
    await set("upstream_dns", "10.1.0.5");
    const imported = await provider.import(TYPE, "upstream_dns");
    expect(imported.state).toEqual({ id: "upstream_dns", key: "upstream_dns", value: "10.1.0.5" });
    const plan = await provider.plan(TYPE, { key: "upstream_dns", value: "10.1.0.5" }, imported);
    expect([plan.told, plan.planned]).toEqual([[], imported.state]);
    expect(await provider.destroy(TYPE, imported)).toEqual([]);
    expect(await valueOf("upstream_dns")).toBe("10.1.0.5");
    expect((await provider.look(TYPE, { key: "upstream_dns" })).state).toMatchObject({ value: "10.1.0.5" });
    expect((await provider.import(TYPE, "maas_name")).told).toHaveLength(1);
  });

  test.each([
    ["http_proxy", "http://proxy", "key", /upstream_dns, dnssec_validation, dns_trusted_acl/],
    ["upstream_dns", "10.1.0.5 dns.example", "value", /"dns\.example" is not an IP address/],
    ["dnssec_validation", "maybe", "value", /auto, yes, no/],
    ["dns_trusted_acl", "10.1.0.1/16", "value", /10\.1\.0\.0\/16/],
    ["ntp_external_only", "1", "value", /true, false/],
    ["active_discovery_interval", "60", "value", /600/],
  ])("%s = %j is refused with what is possible", async (key, value, attribute, words) => {
    const told = await provider.validate(TYPE, { key, value });
    expect(told.map((one) => one.attribute)).toEqual([attribute]);
    expect(`${told[0]?.summary ?? ""} ${told[0]?.detail ?? ""}`).toMatch(words);
  });

  test("a key and a value that are not known yet are planned", async () => {
    for (const config of [
      { key: UNKNOWN, value: "10.1.0.5" },
      { key: "upstream_dns", value: UNKNOWN },
      { key: UNKNOWN, value: UNKNOWN },
    ])
      expect((await provider.plan(TYPE, config)).told).toEqual([]);
  });

  test("two resources that set one key are refused at plan", async () => {
    expect((await provider.plan(TYPE, { key: "upstream_dns", value: "10.1.0.5" })).told).toEqual([]);
    const { told } = await provider.plan(TYPE, { key: "upstream_dns", value: "10.1.0.6" });
    expect(told).toMatchObject([{ severity: "error", attribute: "key" }]);
  });
});

test("the command line's engine sets settings, and restores what they were", async () => {
  const user = await EngineUser.start({ fabrics: [], settings: { upstream_dns: "192.0.2.1" } });
  const valueOf = (name: string): Promise<unknown> => user.api.get("maas/", { op: "get_config", name });
  const document = (value: string): NetworkDocument => ({
    objects: {
      configuration: [
        { key: "upstream_dns", path: "lab/dns", origin: "create", attributes: { key: "upstream_dns", value } },
      ],
    },
    suppressions: [],
  });
  try {
    for (const value of ["10.1.0.5,2001:db8::5", "10.1.0.6"]) {
      await user.run(document(value));
      expect(await valueOf("upstream_dns")).toBe(value.replace(",", " "));
      expect((await user.prepare(document(value))).plan.steps).toEqual([]);
    }
    await user.run(document("10.1.0.6"), "destroy");
    expect(await valueOf("upstream_dns")).toBe("192.0.2.1");
  } finally {
    await user.stop();
  }
});
