import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DocumentObject, documentText, type NetworkDocument } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";
import { type Cut, CuttingProxy } from "../support/cutting-proxy";
import { EngineUser } from "../support/engine";
import { FOREIGN_SEED } from "../support/random-network";

jest.setTimeout(600_000);

const PROGRAM = join(__dirname, "..", "..", "dist", "bin", "cdktf-maas-apply.js");

/** More calls than any run of these networks makes. */
const MANY = 500;

const object = (key: string, path: string, attributes: Attributes): DocumentObject => ({
  ...{ key, path: `lab/${path}`, origin: "create", attributes },
});

const range = (path: string, subnet: string, type: string, startIp: string, endIp: string): DocumentObject =>
  object(`${startIp}-${endIp} in ${subnet}`, path, { subnet, type, start_ip: startIp, end_ip: endIp });

const racks = ["rack1", "rack2"].map((key): DocumentObject => ({ key, path: key, origin: "look_up", attributes: {} }));

const nic = (rack: string, vlan: string): DocumentObject =>
  object(`${rack}/eth1`, rack, { rack_controller: rack, name: "eth1", vlan });

const [V4, V6] = ["10.1.0.0/24", "2001:db8:1::/64"];

const FIRST: NetworkDocument = {
  objects: {
    space: [object("green", "space", { name: "green" })],
    fabric: [object("lab", "fabric", { name: "lab", description: "first" })],
    vlan: [
      object("lab:0", "untagged", { fabric: "lab", vid: 0 }),
      object("lab:10", "vlan-10", { fabric: "lab", vid: 10, space: "green" }),
    ],
    subnet: [
      object(V4, "v4", { cidr: V4, vlan: "lab:0", gateway_ip: "10.1.0.1" }),
      object(V6, "v6", { cidr: V6, vlan: "lab:10", dns_servers: ["2001:db8:1::5"] }),
    ],
    ip_range: [
      range("pool", V4, "dynamic", "10.1.0.100", "10.1.0.199"),
      range("nodes", V6, "static", "2001:db8:1:0:1::", "2001:db8:1:0:1::ffff"),
    ],
    rack_controller: racks,
    rack_interface: [nic("rack1", "lab:0")],
    vlan_dhcp: [object("lab:0", "dhcp", { vlan: "lab:0", primary_rack_controller: "rack1" })],
  },
  suppressions: [],
};

/** Makes, changes, renames, resizes, moves and drops something of the first one. */
const SECOND: NetworkDocument = {
  objects: {
    fabric: [object("lab-2", "fabric", { name: "lab-2", description: "second" })],
    vlan: [
      object("lab-2:0", "untagged", { fabric: "lab-2", vid: 0, mtu: 9000 }),
      object("lab-2:20", "vlan-20", { fabric: "lab-2", vid: 20 }),
    ],
    subnet: [
      object(V4, "v4", { cidr: V4, vlan: "lab-2:0" }),
      object(V6, "v6", { cidr: V6, vlan: "lab-2:20", gateway_ip: "2001:db8:1::1" }),
    ],
    ip_range: [
      range("pool", V4, "dynamic", "10.1.0.120", "10.1.0.249"),
      range("pool-6", V6, "dynamic", "2001:db8:1:0:2::", "2001:db8:1:0:2::ffff"),
    ],
    rack_controller: racks,
    rack_interface: [nic("rack1", "lab-2:20"), nic("rack2", "lab-2:0")],
    vlan_dhcp: [
      object("lab-2:0", "dhcp", { vlan: "lab-2:0", primary_rack_controller: "rack2" }),
      object("lab-2:20", "relay", { vlan: "lab-2:20", relay_vlan: "lab-2:0" }),
    ],
  },
  suppressions: [],
};

let user: EngineUser;
let proxy: CuttingProxy;
let folder: string;

beforeAll(async () => {
  user = await EngineUser.start(FOREIGN_SEED);
  proxy = await CuttingProxy.start(user.simulator.url);
});

afterAll(async () => {
  await proxy.stop();
  await user.stop();
});

beforeEach(() => {
  user.reset();
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-cut-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** How a run ended: its exit code, or the signal that ended it. */
interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command of the engine as a process, killed without warning at one of its calls. */
function run(command: readonly string[], cutAt = 0, when: Cut = "before"): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, MAAS_API_URL: proxy.url, MAAS_API_KEY: user.simulator.apiKey };
    const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...command], { cwd: folder, env });
    proxy.cutAt(cutAt, when, () => child.kill("SIGKILL"));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

const write = (network: NetworkDocument): void =>
  writeFileSync(join(folder, "maas-network.json"), documentText(network));

const apply = (cutAt?: number, when?: Cut): Promise<Ended> => run(["apply", "--yes", "--force", "rules"], cutAt, when);

async function succeed(ended: Promise<Ended>): Promise<void> {
  const { code, output } = await ended;
  if (code !== 0) throw new Error(`it ended with ${code ?? "a signal"}:\n${output}`);
}

/** Kills a run that starts with the first network at each of its calls, and lets the next one finish it. */
async function cutEverywhere(
  goal: () => Promise<void>,
  attempt: (at: number, when: Cut) => Promise<Ended>,
): Promise<void> {
  const recordText = (): string =>
    user.record === undefined ? "" : documentText(user.record).replace(user.simulator.url, proxy.url);
  const start = async (): Promise<void> => {
    user.reset();
    await user.run(FIRST);
    write(FIRST);
    writeFileSync(join(folder, "maas-network.record.json"), recordText());
  };
  await start();
  await goal();
  const wanted = user.state;
  for (const when of ["before", "after"] as const) {
    for (let at = 1; at < MANY; at += 1) {
      await start();
      const { code } = await attempt(at, when);
      if (code === 0) break;
      expect({ at, when, code }).toEqual({ at, when, code: null });
      await goal();
      expect({ at, when, state: user.state }).toEqual({ at, when, state: wanted });
    }
  }
  // The last attempt ran to its end: there were calls to be cut off at.
  expect(proxy.calls).toBeGreaterThan(10);
}

test("an apply that is killed at any call is finished by the next one", async () => {
  const goal = async (): Promise<void> => {
    write(SECOND);
    await succeed(apply());
  };
  await cutEverywhere(goal, (at, when) => {
    write(SECOND);
    return apply(at, when);
  });
  expect(existsSync(join(folder, "maas-network.record.json"))).toBe(true);
});

test("a destroy that is killed at any call is finished by the next one", async () => {
  const seed = user.state;
  await cutEverywhere(
    () => succeed(run(["destroy", "--yes"])),
    (at, when) => run(["destroy", "--yes"], at, when),
  );
  expect(user.state).toEqual(seed);
  expect(existsSync(join(folder, "maas-network.record.json"))).toBe(false);
});
