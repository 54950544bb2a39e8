import { KINDS, type ManagedKindName } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { advice } from "../../lib/model/problem";
import { failureLines, failuresOf } from "../../src/cli/output/run-errors";
import type { MaasClient } from "../../src/maas/client";
import { Snapshot } from "../../src/maas/snapshot";
import { openRegion } from "../../src/reconcile/kinds";
import type { Step } from "../../src/reconcile/engine/plan/order";
import { failureOf } from "../../src/reconcile/objects/failure";
import { objectName } from "../../src/reconcile/references/lookups";
import {
  type Answer,
  clientOf,
  failureOf as errorOf,
  freePort,
  startRegion,
  withoutProxies,
} from "../maas/support/region";

/** An object of each kind as Terraform's state has it, and its natural key. */
const OBJECTS: Readonly<Record<ManagedKindName, readonly [Attributes, string]>> = {
  fabric: [{ id: "2", name: "lab" }, "lab"],
  space: [{ id: "3", name: "storage" }, "storage"],
  vlan: [{ id: "5006", fabric: "2", vid: 60 }, "lab:60"],
  subnet: [{ id: "7", cidr: "2001:db8:20::/64", vlan: "5006" }, "2001:db8:20::/64"],
  ip_range: [
    { id: "8", type: "reserved", start_ip: "10.20.0.2", end_ip: "10.20.0.9", subnet: "9" },
    "10.20.0.2-10.20.0.9 in 10.20.0.0/24",
  ],
  static_route: [
    { id: "12", source: "9", destination: "10", gateway_ip: "10.20.0.1", metric: 0 },
    "10.20.0.0/24 to 10.30.0.0/24 via 10.20.0.1",
  ],
  vlan_dhcp: [{ id: "5006", vlan: "5006", primary_rack_controller: "abcdef" }, "lab:60"],
  rack_interface: [{ id: "11", rack_controller: "abcdef", name: "eth1", vlan: "5006" }, "rack-1/eth1"],
  network_interface_link: [
    { id: "node-1/eth0/4", machine: "node-1", network_interface: "eth0", subnet: "9", ip_address: "10.20.0.7" },
    "node-1/eth0:10.20.0.7",
  ],
  network_interface_physical: [
    { id: "21", machine: "node-1", mac_address: "52:54:00:00:00:01", name: "eth0" },
    "node-1/52:54:00:00:00:01",
  ],
  network_interface_bond: [{ id: "22", machine: "node-1", name: "bond0", parents: ["eth0"] }, "node-1/bond0"],
  network_interface_bridge: [{ id: "23", machine: "node-1", name: "br0", parent: "eth0" }, "node-1/br0"],
  network_interface_vlan: [{ id: "24", machine: "node-1", name: "eth0.60", parent: "eth0" }, "node-1/eth0.60"],
  dns_domain: [{ id: "1", name: "lab.example" }, "lab.example"],
  dns_record: [
    { id: "A/AAAA:4", type: "A", name: "www", domain: "1", data: "10.20.0.7 2001:db8:20::7" },
    "A www in lab.example",
  ],
  device: [{ id: "qwerty", hostname: "switch-1" }, "switch-1"],
  configuration: [{ id: "upstream_dns", key: "upstream_dns", value: "10.20.0.2" }, "upstream_dns"],
  dhcp_snippet: [{ id: "14", name: "ntp", value: "option ntp-servers 10.20.0.2;" }, "ntp"],
  network_interface_tag: [
    { id: "node-1/21", machine: "node-1", interface_id: "eth0", tags: ["uplink"] },
    "node-1/eth0",
  ],
  reserved_ip: [{ id: "13", ip: "10.20.0.50", mac_address: "52:54:00:00:00:50", subnet: "9" }, "10.20.0.50"],
};

/** A form field that MAAS may refuse of each kind. */
const FIELDS: Readonly<Record<ManagedKindName, string>> = {
  ...{ fabric: "name", space: "name", vlan: "vid", subnet: "cidr", ip_range: "start_ip", static_route: "gateway_ip" },
  ...{ network_interface_physical: "mac_address", network_interface_bond: "bond_mode" },
  ...{ network_interface_bridge: "bridge_fd", network_interface_vlan: "vlan" },
  ...{ vlan_dhcp: "primary_rack", rack_interface: "vlan", network_interface_link: "ip_address" },
  ...{ dns_domain: "name", dns_record: "rrdata" },
  device: "hostname",
  ...{ reserved_ip: "ip", configuration: "value", dhcp_snippet: "value", network_interface_tag: "tags" },
};

const METHODS = { create: "POST", change: "PUT", delete: "DELETE", read: "GET" } as const;
type Verb = keyof typeof METHODS;

interface FailureCase {
  readonly answer: (kind: ManagedKindName) => Answer;
  /** What the summary says of MAAS. */
  readonly summary: RegExp;
  /** MAAS's words, or the reason where MAAS said nothing. */
  readonly why: string;
  readonly fix: RegExp;
}

const said =
  (status: number, body?: unknown, headers?: Record<string, string>): FailureCase["answer"] =>
  () =>
  (request) =>
    request.respond(status, body, headers);

const HTML = { "content-type": "text/html" };

const FAILURES: Readonly<Record<string, FailureCase>> = {
  "a refusal of one field": {
    answer: (kind) => (request) => request.respond(400, { [FIELDS[kind]]: ["This one is taken"] }),
    summary: /^MAAS refused to VERB NAME: \w+: This one is taken$/,
    why: "This one is taken.",
    fix: /Fix: change \w+ to what MAAS takes, then run it again\. Nothing has been changed\.$/,
  },
  "a refusal as a whole": {
    answer: said(400, { __all__: ["Two things don't fit."] }),
    summary: /^MAAS refused to VERB NAME: Two things don't fit\.$/,
    why: "Two things don't fit.",
    fix: /Fix: change what MAAS names, then run it again\. Nothing has been changed\.$/,
  },
  "a refusal in plain text": {
    answer: said(400, "Cannot do that"),
    summary: /^MAAS refused to VERB NAME$/,
    why: "Cannot do that.",
    fix: /Fix: change or remove what MAAS names, then run it again\. Nothing has been changed\.$/,
  },
  "a key that MAAS does not know": {
    answer: said(401, "Authorization Error: Invalid access token."),
    summary: /^MAAS refused to VERB NAME$/,
    why: "was answered 401",
    fix: /Fix: check that api_key or MAAS_API_KEY .*\.$/,
  },
  "a user without the right": {
    answer: said(403, "You are not allowed to do that, admin only"),
    summary: /^MAAS refused to VERB NAME$/,
    why: "You are not allowed to do that, admin only.",
    fix: /Fix: use the API key of an administrator in api_key or MAAS_API_KEY\./,
  },
  "an object that is gone": {
    answer: said(404, "No Subnet matches the given query."),
    summary: /^MAAS refused to VERB NAME$/,
    why: "No Subnet matches the given query.",
    fix: /Fix: check api_url, then refresh the state \(terraform refresh\)/,
  },
  "a web server's 404 page": {
    answer: said(404, "<h1>Not here</h1>", HTML),
    summary: /^something other than MAAS answered the request to VERB NAME$/,
    why: "Not here.",
    fix: /Fix: check that api_url is the address of the region itself, as in http:\/\/region\.example:5240\/MAAS/,
  },
  "a redirect": {
    answer: said(302, "", { location: "http://sso.example/login" }),
    summary: /^something other than MAAS answered the request to VERB NAME$/,
    why: "was answered 302",
    fix: /Fix: set api_url to the region's own address: it redirects to http:\/\/sso\.example\/login/,
  },
  "a fault inside MAAS": {
    answer: said(500, "Internal server error"),
    summary: /^MAAS failed to VERB NAME$/,
    why: "Internal server error.",
    fix: /Fix: .*regiond\.log on the region controller/,
  },
  "a region that restarts": {
    answer: said(503, "<h1>Service Unavailable</h1>", HTML),
    summary: /^MAAS failed to VERB NAME$/,
    why: "Service Unavailable.",
    fix: /Fix: run it again in a minute, since MAAS or a proxy before it is busy or restarting\./,
  },
  "a login page": {
    answer: said(200, "<p>Log in", HTML),
    summary: /^something other than MAAS answered the request to VERB NAME$/,
    why: 'it starts with "Log in"',
    fix: /Fix: check that api_url is the region itself/,
  },
  "a connection that is cut": {
    answer: () => (request) => void request.socket.destroy(),
    summary: /^MAAS could not be reached to VERB NAME$/,
    why: "the connection was closed before the answer was complete",
    fix: /Fix: check that the region, and a proxy before it, stay up/,
  },
};

const read: Snapshot = new Snapshot({
  get: () => Promise.reject(new Error("the region is asked for a name, though it does not answer")),
});
read.remember("fabrics", { id: 2, name: "lab", vlans: [{ id: 5006, vid: 60, fabric: "lab", fabric_id: 2 }] });
read.remember("subnets", { id: 9, cidr: "10.20.0.0/24" });
read.remember("subnets", { id: 10, cidr: "10.30.0.0/24" });
read.remember("domains", { id: 1, name: "lab.example" });
read.remember("rackcontrollers", { system_id: "abcdef", hostname: "rack-1" });

const nameOf = (client: MaasClient, kind: ManagedKindName): Promise<string> =>
  objectName({ ...openRegion(client), snapshot: read }, KINDS[kind], OBJECTS[kind][0], false);

const call = (client: MaasClient, verb: Verb): Promise<unknown> => {
  const method = METHODS[verb];
  const path = "things/1/";
  if (method === "GET") return client.get(path);
  if (method === "DELETE") return client.delete(path);
  return method === "PUT" ? client.put(path, []) : client.post(path, []);
};

/** Ends of a text that looks cut off, or put together from parts that don't fit. */
function expectSentences(text: string): void {
  expect(text).toMatch(/[.)]$/);
  expect(text).not.toMatch(/\.\.|:\s*(?:$|Fix:|\.)| {2}|\? Fix|undefined|null|\[object|\{"/);
}

let client: MaasClient;
let close: (() => Promise<void>) | undefined;

function ask(url: string): void {
  client = clientOf(url, { retry: { attempts: 1, baseDelayMs: 1, maxDelayMs: 1, maxRetryAfterMs: 1 } });
}

/** A client of a region that answers so. */
async function start(answer: Answer): Promise<void> {
  const region = await startRegion(answer, { version: "3.6.5" });
  close = () => region.close();
  ask(region.url);
}

beforeEach(withoutProxies);
afterEach(async () => {
  await client.close();
  await close?.();
  close = undefined;
});

describe.each(Object.entries(FAILURES))("%s", (_, { answer, summary, why, fix }) => {
  test.each(Object.keys(OBJECTS) as ManagedKindName[])("of a %s, with each verb", async (kind) => {
    await start(answer(kind));
    for (const verb of Object.keys(METHODS) as Verb[]) {
      const error = await errorOf(call(client, verb));
      const name = await nameOf(client, kind);
      expect(name).toContain(` ${OBJECTS[kind][1]} (${KINDS[kind].type} with id `);
      const [told, ...rest] = failureOf(error, KINDS[kind], `${verb} the ${name}`) ?? [];
      expect(rest).toEqual([]);
      const plain = told?.what.replace(`the ${name}`, "NAME").replace(`to ${verb} `, "to VERB ") ?? "";
      expect(plain).toMatch(summary);
      const detail = advice(told!);
      expect(detail).toContain(why);
      expect(detail).toMatch(fix);
      expectSentences(detail);
    }
  });
});

test("a region that does not answer at all is told with its address and what to check", async () => {
  ask(`http://127.0.0.1:${await freePort()}/MAAS`);
  const name = await nameOf(client, "vlan");
  const [told] = failureOf(await errorOf(client.post("vlans/", [])), KINDS.vlan, `create the ${name}`) ?? [];
  expect(told?.what).toBe("MAAS could not be reached to create the VLAN lab:60 (maas_vlan with id 5006)");
  const detail = advice(told!);
  expect(detail).toMatch(/got no answer from 127\.0\.0\.1:\d+: nothing listens there .*Fix: check api_url/);
  expectSentences(detail);
});

test("where nothing is known of the object around it, a range is named by its ends alone", async () => {
  const snapshot = new Snapshot({ get: () => Promise.reject(new Error("asked")) });
  ask("http://127.0.0.1:9/MAAS");
  const [range] = OBJECTS.ip_range;
  expect(await objectName({ ...openRegion(client), snapshot }, KINDS.ip_range, range, false)).toBe(
    "IP range 10.20.0.2-10.20.0.9 (maas_subnet_ip_range with id 8)",
  );
});

test.each(Object.entries(FAILURES))("the command line shows %s in whole sentences", async (_, { answer, why }) => {
  await start(answer("vlan"));
  const step = { kind: "vlan", key: "lab:60", path: "lab/vlan", action: "update" } as Step;
  const lines = failureLines(step, failuresOf(step, await errorOf(call(client, "change"))));
  expect(lines[0]).toBe("VLAN lab:60: updating failed [lab/vlan]");
  expect(lines.join("\n")).toContain(why.replace(/\.$/, ""));
  expectSentences(
    lines
      .at(-1)
      ?.trim()
      .replace(/ \[MAAS-API-\d\d\]$/, "") ?? "",
  );
  expect(lines.at(-1)).toMatch(/^ {2}Fix: [a-z]/);
});
