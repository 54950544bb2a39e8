import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentText, type NetworkDocument } from "../../lib/model/document";
import { EngineUser } from "../support/engine";
import { type CommandResult, type RunningCommand, startCommand } from "../support/command-line";
import { LAB_SEED, labDocument, SERVING } from "../support/lab-document";

jest.setTimeout(120_000);

const OFF = { rack1: { ...SERVING.rack1, services: { dhcpd: "running", dhcpd6: "off" } } } as const;

let user: EngineUser;
let folder: string;

beforeAll(async () => {
  user = await EngineUser.start(LAB_SEED);
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-verify-"));
});

afterAll(async () => {
  await user.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  user.reset();
  await user.run(labDocument());
  wants(labDocument());
});

function wants(document: NetworkDocument, apiUrl = user.simulator.url): void {
  writeFileSync(join(folder, "maas-network.json"), documentText({ ...document, apiUrl }));
}

const start = (args: readonly string[], program: "cdktf-maas" | "cdktf-maas-apply" = "cdktf-maas"): RunningCommand =>
  startCommand(["verify", ...args], { program, cwd: folder, env: { MAAS_API_KEY: user.simulator.apiKey } });

const run = (...args: string[]): Promise<CommandResult> => start(args).result;

test("exits with 0 when all is as desired, and needs neither a document's name nor a URL for that", async () => {
  user.simulator.reportRacks(SERVING);
  expect(await run()).toEqual({ code: 0, stdout: "The region is as the document wants it.\n", stderr: "" });
});

test("waits for a rack that starts its DHCP late, tells what for, and exits with 0, from the small program too", async () => {
  user.simulator.reportRacks(OFF);
  const command = start(["maas-network.json", "--timeout", "600", "--interval", "0.05"], "cdktf-maas-apply");
  await command.said("dhcpd6 on rack1 is off [lab/dhcp]");
  user.simulator.reportRacks(SERVING);
  const { code, stdout, stderr } = await command.result;
  expect([code, stdout]).toEqual([0, "The region is as the document wants it.\n"]);
  expect(stderr).toBe("Waiting; not as desired yet:\n  dhcpd6 on rack1 is off [lab/dhcp]\n");
});

test("keeps trying while the region is restarting, says so once, and exits with 0", async () => {
  user.simulator.reportRacks(SERVING);
  user.simulator.faults.set({ faults: [{ fault: "503" }] });
  const command = start(["--timeout", "60"]);
  await command.said("was answered 503");
  user.simulator.faults.clear();
  const { code, stdout, stderr } = await command.result;
  expect([code, stdout]).toEqual([0, "The region is as the document wants it.\n"]);
  expect(stderr).toMatch(/^GET .* It is tried again for up to 60 s\.\n$/);
});

test("exits with 2 when the time is up, and says what, where, why and what to do", async () => {
  user.simulator.reportRacks(OFF);
  const { code, stdout } = await run("--timeout", "0.2", "--interval", "0.1");
  expect(code).toBe(2);
  expect(stdout).toContain("error: dhcpd6 on rack1 is off [lab/dhcp]\n  Why: It is to serve 2001:db8:20::/64");
  expect(stdout).toMatch(/\n {2}Fix: .*\n/);
  expect(stdout).toMatch(/not as the document wants it \(1 error\)\.\n$/);
});

test("is quiet while it waits when asked to be, and writes JSON that programs can read", async () => {
  user.simulator.reportRacks(OFF);
  const { code, stdout, stderr } = await run("--timeout", "0.2", "--interval", "0.1", "--quiet", "--format", "json");
  expect([code, stderr]).toEqual([2, ""]);
  expect(JSON.parse(stdout)).toEqual({
    ...{ format: "maas-verification", version: 1, as_desired: false },
    observations: [
      {
        ...{ check: "dhcp", code: "MAAS-VFY-02", severity: "error", level: "error" },
        ...{ path: "lab/dhcp", what: "dhcpd6 on rack1 is off" },
        ...{ why: expect.any(String) as unknown, fix: expect.any(String) as unknown },
      },
    ],
  });
});

test("shows names from the region so that they can't steer a terminal", async () => {
  user.simulator.reportRacks(SERVING);
  const [subnet] = (await user.api.get("subnets/")) as readonly { readonly id: number }[];
  await user.api.put(`subnets/${subnet?.id ?? 0}/`, [["gateway_ip", "10.20.0.9"]]);
  const base = labDocument();
  wants({
    ...base,
    objects: { ...base.objects, subnet: base.objects.subnet?.map((one) => ({ ...one, path: "a\u001b[2Jb" })) ?? [] },
  });
  const { code, stdout } = await run("--timeout", "0", "--retry-timeout", "0.0000001");
  expect(code).toBe(2);
  expect(stdout).toContain("[a\\u001b[2Jb]");
  expect(stdout).not.toContain("\u001b[2J");
});

test.each([
  [["--timeout", "soon"], "Give a number of seconds"],
  // Longer than a timer of Node.js: it would end at once, and the region would be asked without a pause.
  [["--interval", "3000000"], "Give a number of seconds from 0 to 604800"],
  [["none.json"], "none.json: there is no such file"],
  [["--format", "xml"], "Allowed choices are text, json"],
])("with %j exits with 1 and says what is wrong", async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(message);
});
