import { UNKNOWN, type Values } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { MaasSimulator } from "../../src/simulator";
import { ProviderDriver, type Told } from "../support/provider-driver";

jest.setTimeout(30_000);

let simulator: MaasSimulator;
let provider: ProviderDriver;

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  provider = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
});
afterEach(async () => {
  await provider.stop();
  await simulator.stop();
});

const suppressed = (rules: Values): Values => ({ suppressed_rules: rules });
const words = (told: readonly Told[]): string => told.map(({ summary, detail }) => `${summary}: ${detail}`).join("\n");

/** What a plan of an IPv6 subnet on a VLAN with a small MTU tells, and one of a range that MAAS refuses. */
async function plans(): Promise<readonly [string, string]> {
  const fabric = await provider.make("maas_fabric", { name: "lab" });
  const vlan = await provider.make("maas_vlan", { fabric: textOf(fabric.state.id), vid: 10, mtu: 1200 });
  const subnet = { cidr: "fd00:9::/64", vlan: textOf(vlan.state.id) };
  const small = await provider.plan("maas_subnet", subnet);
  const made = await provider.make("maas_subnet", { ...subnet, cidr: "fd00:8::/64" });
  const range = { subnet: textOf(made.state.id), type: "dynamic", start_ip: "fd00:8::1:0:0", end_ip: "fd00:8::1:0:9" };
  return [words(small.told), words((await provider.plan("maas_subnet_ip_range", range)).told)];
}

test("leave the warnings of their rule out of plans, and no errors", async () => {
  expect(await provider.configure(suppressed({ "MAAS6-NET-07": "a tunnel of 1240 bytes" }))).toEqual([]);
  const [small, refused] = await plans();
  expect([small, refused]).toEqual(["", expect.stringContaining("256")]);
});

test("leave those of other rules", async () => {
  expect(await provider.configure(suppressed({ "MAAS6-RTR-01": "the leaf pair sends them" }))).toEqual([]);
  const [small] = await plans();
  expect(small).toContain("MAAS6-NET-07");
});

test.each([
  ["no rule", { "MAAS6-NET-99": "whatever it may be" }, "there is no rule MAAS6-NET-99"],
  ["no id", { lab: "whatever it may be" }, '"lab" is not the id of a rule'],
  ["too short a reason", { "MAAS6-NET-07": "tunnel" }, "shorter than 10 characters"],
  ["no reason", { "MAAS6-NET-07": null }, "shorter than 10 characters"],
  ["a rule that MAAS enforces", { "MAAS6-RNG-08": "whatever it may be" }, "MAAS itself enforces it"],
])("with %s are refused, at validate and where the provider is configured", async (_, rules, says) => {
  for (const told of [
    await provider.validateProvider(suppressed(rules)),
    await provider.configure(suppressed(rules)),
  ]) {
    expect(told).toEqual([expect.objectContaining({ severity: "error", attribute: "suppressed_rules" })]);
    expect(words(told)).toContain(says);
  }
});

test("whose reason is not known yet are valid", async () => {
  expect(await provider.validateProvider(suppressed({ "MAAS6-NET-07": UNKNOWN }))).toEqual([]);
  expect(await provider.validateProvider({ suppressed_rules: UNKNOWN })).toEqual([]);
  expect(await provider.validateProvider({ suppressed_rules: null })).toEqual([]);
});
