import { type Attributes } from "../../lib/model/known";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(30_000);

const SEED = {
  spaces: [{ name: "storage" }],
  fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10, name: "ten", space: "storage" }] }],
  subnets: [
    { cidr: "10.1.0.0/24", fabric: "lab", vid: 10, gateway_ip: "10.1.0.1", dns_servers: ["10.1.0.2"] },
    { cidr: "2001:db8:1::/64", fabric: "lab", vid: 10, gateway_ip: "2001:db8:1::1" },
  ],
};

let simulator: MaasSimulator;
let provider: ProviderDriver;

beforeEach(async () => {
  simulator = await MaasSimulator.start({ seed: SEED });
  provider = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
  expect(await provider.configure()).toEqual([]);
});

afterEach(async () => {
  await provider.stop();
  await simulator.stop();
});

/** The objects, and a configuration of each that sets nothing that can be left out. */
const OBJECTS: readonly (readonly [type: string, key: string, least: Attributes, clearable: Attributes])[] = [
  ["maas_vlan", "lab:10", { fabric: "lab", vid: 10 }, { name: "ten", space: "storage" }],
  [
    "maas_subnet",
    "10.1.0.0/24",
    { cidr: "10.1.0.0/24", vlan: "lab:10" },
    { gateway_ip: "10.1.0.1", dns_servers: ["10.1.0.2"] },
  ],
  ["maas_subnet", "2001:db8:1::/64", { cidr: "2001:db8:1::/64", vlan: "lab:10" }, { gateway_ip: "2001:db8:1::1" }],
];

/** What Terraform has in the state after it has imported the object, as `terraform import` and import blocks do it. */
async function imported(type: string, key: string): Promise<Kept> {
  const { state, private: kept } = await provider.import(type, key);
  return provider.read(type, { state, private: kept });
}

const emptied = (clearable: Attributes): Attributes =>
  Object.fromEntries(Object.entries(clearable).map(([name, value]) => [name, Array.isArray(value) ? [] : null]));

describe("after an import", () => {
  test.each(OBJECTS)(
    "what the configuration leaves out of %s %s is emptied, in the plan of the import",
    async (type, key, least, clearable) => {
      const kept = await imported(type, key);
      const plan = await provider.plan(type, least, kept);
      expect(plan.planned).toMatchObject(emptied(clearable));
      expect(plan.told).toEqual([]);
      const applied = await provider.make(type, least, kept);
      expect(applied.state).toMatchObject(emptied(clearable));
    },
  );

  test.each(OBJECTS)(
    "of %s %s that changes nothing, what is taken out later is emptied",
    async (type, key, least, clearable) => {
      const kept = await imported(type, key);
      const { planned } = await provider.plan(type, { ...least, ...clearable }, kept);
      expect(planned).toMatchObject(kept.state ?? {});
      // Terraform applies no change that is none, so the state keeps the private state of the import.
      expect((await provider.plan(type, least, kept)).planned).toMatchObject(emptied(clearable));
    },
  );
});

describe("when a change fails", () => {
  test.each(OBJECTS)("what it takes out of %s %s is emptied by the next one", async (type, key, least, clearable) => {
    const set = await provider.make(type, { ...least, ...clearable }, await imported(type, key));
    simulator.faults.set({ faults: [{ fault: "500", methods: ["PUT"] }] });
    const failed = await provider.apply(type, least, set);
    expect(failed.told.map(({ severity }) => severity)).toEqual(["error"]);
    simulator.faults.clear();
    const refreshed = await provider.read(type, failed);
    expect((await provider.plan(type, least, refreshed)).planned).toMatchObject(emptied(clearable));
    const applied = await provider.make(type, least, refreshed);
    expect(applied.state).toMatchObject(emptied(clearable));
    // What is through is through: MAAS may have a value of its own from now on.
    const foreign = { ...applied, state: { ...applied.state, ...clearable } };
    expect((await provider.plan(type, least, foreign)).planned).toMatchObject(clearable);
  });
});

describe("with the private state of another provider", () => {
  const FOREIGN = [new Uint8Array(), Buffer.from("null"), Buffer.from('{"schema_version":"0"}')];

  test.each(OBJECTS)(
    "nothing of %s %s is emptied before an apply, and the plan names each value",
    async (type, key, least, clearable) => {
      const { state } = await imported(type, key);
      for (const foreign of FOREIGN) {
        const kept = await provider.read(type, { state, private: foreign });
        const { planned, told } = await provider.plan(type, least, kept);
        expect(planned).toMatchObject(clearable);
        expect(told.map(({ severity, attribute }) => [severity, attribute])).toEqual(
          Object.keys(clearable).map((name) => ["warning", name]),
        );
        for (const [index, value] of Object.values(clearable).entries()) {
          expect(told[index]?.summary).toContain(`= ${JSON.stringify(value)}`);
        }
        expect((await provider.plan(type, { ...least, ...clearable }, kept)).told).toEqual([]);
      }
    },
  );

  test.each(OBJECTS)(
    "what the configuration of %s %s sets counts from the first apply on",
    async (type, key, least, clearable) => {
      const { state } = await imported(type, key);
      const kept = await provider.make(type, { ...least, ...clearable }, { state, private: Buffer.from("null") });
      const plan = await provider.plan(type, least, kept);
      expect(plan.planned).toMatchObject(emptied(clearable));
      expect(plan.told).toEqual([]);
    },
  );

  test("an object is destroyed", async () => {
    const { state } = await imported("maas_subnet", "10.1.0.0/24");
    expect(await provider.destroy("maas_subnet", { state, private: Buffer.from("null") })).toEqual([]);
    expect(await provider.read("maas_subnet", { state, private: Buffer.from("null") })).toMatchObject({
      state: undefined,
    });
  });
});
