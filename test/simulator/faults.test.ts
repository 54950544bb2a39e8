import { FaultError, MaasSimulator } from "../../src/simulator";
import { Faults, parseFault, parseLatency } from "../../src/simulator/http/faults";
import { region } from "./support/client";

const maas = region();

afterEach(() => {
  maas.simulator.faults.clear();
});

const create = (name: string) => maas.admin.send("POST", "fabrics/", { name });
const names = () => maas.simulator.state.fabrics;

test.each([
  ["409", "text/html", "5"],
  ["503", "text/plain", "10"],
] as const)("a %s changes nothing and says when to try again", async (fault, type, seconds) => {
  maas.simulator.faults.set({ faults: [{ fault }] });
  const answer = await create("lab");
  expect(answer).toMatchObject({ status: Number(fault), type });
  expect(answer.headers.get("retry-after")).toBe(seconds);
  expect(names()).not.toContain("lab");
});

test("a 409 before 3.4 has no Retry-After", async () => {
  const simulator = await MaasSimulator.start({ maasVersion: "2.8", faults: { faults: [{ fault: "409" }] } });
  const answer = await fetch(`${simulator.url}/api/2.0/fabrics/`);
  await simulator.stop();
  expect(answer.status).toBe(409);
  expect(answer.headers.get("retry-after")).toBeNull();
});

test("a connection dropped before the work leaves nothing, one dropped after leaves the object", async () => {
  maas.simulator.faults.set({ faults: [{ fault: "drop-before", methods: ["POST"] }] });
  await expect(create("before")).rejects.toThrow();
  maas.simulator.faults.set({ faults: [{ fault: "drop-after", methods: ["POST"] }] });
  await expect(create("after")).rejects.toThrow();
  expect(names()).toContain("after");
  expect(names()).not.toContain("before");
});

test("a slow body arrives whole", async () => {
  maas.simulator.faults.set({ faults: [{ fault: "slow-body" }] });
  expect((await create("lab")).json).toMatchObject({ name: "lab" });
});

test("a fault with a number of times stops after them", async () => {
  maas.simulator.faults.set({ faults: [{ fault: "503", times: 2 }] });
  const statuses = [];
  for (let call = 0; call < 4; call++) statuses.push((await maas.admin.send("GET", "fabrics/")).status);
  expect(statuses).toEqual([503, 503, 200, 200]);
});

test("a run with the same random seed has the same faults", () => {
  const run = (randomSeed: number) => {
    const faults = new Faults({ faults: [{ fault: "409", rate: 0.3 }], randomSeed });
    return Array.from({ length: 200 }, () => faults.draw("GET", "/"));
  };
  expect(run(7)).toEqual(run(7));
  expect(run(7)).not.toEqual(run(8));
});

test("the share of faults is about the rate", () => {
  const faults = new Faults({ faults: [{ fault: "409", rate: 0.05 }] });
  const hits = Array.from({ length: 10_000 }, () => faults.draw("GET", "/")).filter((fault) => fault === "409").length;
  expect(hits).toBeGreaterThan(400);
  expect(hits).toBeLessThan(600);
});

test("faults are switched over HTTP", async () => {
  const control = maas.simulator.url.replace("/MAAS", "/_simulator/faults");
  const put = (body: string) => fetch(control, { method: "PUT", body });
  expect(await (await put('{"faults": [{"fault": "503"}]}')).json()).toMatchObject({
    latency: 0,
    faults: [{ rate: 1 }],
  });
  expect((await maas.admin.send("GET", "fabrics/")).status).toBe(503);
  await fetch(control, { method: "DELETE" });
  expect((await maas.admin.send("GET", "fabrics/")).status).toBe(200);
  const refused = await put('{"faults": [{"fault": "418"}]}');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: expect.stringContaining("faults.0.fault") as string });
});

test.each([
  ["409:0.05", { fault: "409", rate: 0.05 }],
  ["drop-after", { fault: "drop-after", rate: 1 }],
])("%s is a fault", (spec, rule) => {
  expect(parseFault(spec)).toEqual(rule);
});

test.each(["418", "409:2", "409:x", "409:", "409:0.1:2", ""])('"%s" is no fault', (spec) => {
  expect(() => parseFault(spec)).toThrow(FaultError);
});

test.each([
  ["20ms", 20],
  ["1.5s", 1500],
  ["7", 7],
])("a latency of %s is %i milliseconds", (text, milliseconds) => {
  expect(parseLatency(text)).toBe(milliseconds);
});
