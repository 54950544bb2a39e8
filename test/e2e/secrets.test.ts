import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MaasSimulator } from "../../src/simulator";
import { SecretScan } from "../support/secrets";
import { describeWithTerraform, Workspace } from "../support/terraform";
import { dualStack } from "./network";
import { ownNames } from "../support/region";

jest.setTimeout(300_000);

const suite = describeWithTerraform();

const KEY = "cOnSuMeRConSumEr18:TOKENtokenTOKEN18x:SECRETsecretSECRETsecretSECRET32";
const PASSWORD = "pRoXyPaSsWoRdOfThisTest";
const scan = new SecretScan([...KEY.split(":"), PASSWORD]);

const TRACE = { TF_LOG: "TRACE", TF_LOG_PATH: "trace.log" };

/** A proxy that asks the region, whatever host it is asked for. */
function proxyOf(region: string): Server {
  return createServer((incoming, outgoing) => {
    const { pathname, search } = new URL(incoming.url ?? "");
    const { method, headers } = incoming;
    const forwarded = request(new URL(pathname + search, region), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
}

/** Whatever a run has left: its output, Terraform's log, and all files but what the user has written. */
function leaksOf({ folder }: Workspace, output: string): string[] {
  const log = readFileSync(join(folder, "trace.log"), "utf8");
  expect(log).toContain("[TRACE]");
  rmSync(join(folder, "trace.log"));
  const files = scan.inFolder(folder).filter((leak) => !leak.startsWith("main.tf:"));
  return [scan.inText(output) ?? [], scan.inText(log) ?? [], files].flat();
}

suite("Terraform with TF_LOG=TRACE", () => {
  let simulator: MaasSimulator;
  let proxy: Server;
  let workspace: Workspace;

  beforeAll(async () => {
    simulator = await MaasSimulator.start({ adminKey: KEY, port: 0 });
    proxy = proxyOf(simulator.url).listen(0, "127.0.0.1");
    await new Promise((resolve) => proxy.once("listening", resolve));
  });
  afterEach(() => workspace.remove());
  afterAll(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await simulator.stop();
  });

  test("shows neither a key that is a variable nor a proxy's password, in no command and no file, and warns of plain HTTP once", async () => {
    const port = (proxy.address() as AddressInfo).port;
    workspace = new Workspace(
      { ...TRACE, TF_VAR_maas_key: KEY, HTTP_PROXY: `http://user:${PASSWORD}@127.0.0.1:${port}`, NO_PROXY: "" },
      { startsPlugin: true },
    );
    workspace.write({
      ...dualStack(ownNames(), "rack1", undefined),
      variable: { maas_key: { type: "string", sensitive: true, ephemeral: true } },
      provider: { maas: { api_url: "http://region.example:5240/MAAS", api_key: "${var.maas_key}" } },
    });
    await workspace.init();
    for (const args of [["plan", "-out=plan.bin"], ["apply", "plan.bin"], ["plan"], ["destroy", "-auto-approve"]]) {
      const output = await workspace.succeed([...args, "-no-color"]);
      expect(leaksOf(workspace, output)).toEqual([]);
      expect(output.match(/MAAS-CFG-07/g)).toHaveLength(1);
    }
  });

  test("shows nothing of a key that stands in the wrong place, or is wrong itself", async () => {
    const blocks = [
      `api_url = "${KEY}"`,
      `api_url = "http://${KEY}"`,
      `api_url = "http://${KEY}@region.example:5240/MAAS"`,
      `api_url = "http://user@region.example:5240/${KEY}"`,
      `api_url = "http://region.example:5240/MAAS?key=${KEY}"`,
      `api_url = "http://region.example:5240/MAAS/${encodeURIComponent(KEY)}"`,
      `api_key = "${KEY.split(":").slice(0, 2).join(":")}"`,
      `api_key = "${KEY.replaceAll(":", " ")}"`,
      `api_key = "'${KEY}'x y"`,
      `suppressed_rules = { "${KEY}" = "it is so" }`,
      `api_version = "${KEY}"`,
    ];
    workspace = new Workspace(TRACE);
    workspace.write({ resource: { maas_fabric: { lab: { name: "lab" } } } });
    // Terraform asks only about providers that something needs.
    const source = blocks.map(
      (block, at) =>
        `provider "maas" {\n  alias = "a${at}"\n  ${block}\n}\n` +
        `resource "maas_space" "a${at}" {\n  provider = maas.a${at}\n  name = "a${at}"\n}\n`,
    );
    writeFileSync(join(workspace.folder, "main.tf"), source.join("\n"));
    await workspace.init();
    const { code, output } = await workspace.terraform(["validate", "-no-color"]);
    expect(code).toBe(1);
    expect(output.match(/^(│ )?(Error|Warning): /gm)?.length).toBeGreaterThanOrEqual(blocks.length);
    expect(leaksOf(workspace, output)).toEqual([]);
  });
});
