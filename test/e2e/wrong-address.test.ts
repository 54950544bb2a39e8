import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expectAsBefore, inventory, ownNames, startRegion, type TestRegion } from "../support/region";
import { describeWithTerraform, Workspace } from "../support/terraform";
import { startRegion as startPage } from "../maas/support/region";

jest.setTimeout(300_000);

const suite = describeWithTerraform();

const HTML = { "content-type": "text/html; charset=utf-8" };

/** What answers in the region's place: the wrong `api_url`, and how to stop the server that is there. */
const FRONTS: Readonly<
  Record<string, (region: TestRegion) => Promise<{ readonly url: string; readonly stop?: () => Promise<void> }>>
> = {
  "a typo in the path of api_url": (region) => Promise.resolve({ url: region.urls[0]?.replace(/MAAS$/, "MASA") ?? "" }),
  "one path segment too many in api_url": (region) => Promise.resolve({ url: `${region.urls[0] ?? ""}/maas` }),
  "a web server's own 404 page": () => page(404, "<h1>404 Not Found</h1>"),
  "a redirect to a login page": () => page(302, "", { location: "http://sso.example/login" }),
  "a login page with status 200": () => page(200, "<title>Log in</title><p>Log in to go on</p>"),
};

async function page(status: number, body: string, headers: Record<string, string> = {}) {
  const server = await startPage((request) => request.respond(status, body, { ...HTML, ...headers }));
  return { url: server.url, stop: () => server.close() };
}

suite("terraform destroy where something other than the region answers", () => {
  const names = ownNames();
  let region: TestRegion;
  let workspace: Workspace;
  let state: string;
  let before: Record<string, unknown[]>;
  let made: Record<string, unknown[]>;

  beforeAll(async () => {
    region = await startRegion();
    before = await inventory(region.api);
    workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey, MAAS_RETRY_TIMEOUT: "1" });
    workspace.write({
      resource: {
        maas_fabric: { lab: { name: names.prefix } },
        maas_vlan: { lab: { fabric: "${maas_fabric.lab.id}", vid: 20 } },
        maas_subnet: { lab: { vlan: "${maas_vlan.lab.id}", cidr: `${names.v4(1)}.0/24` } },
        maas_subnet_ip_range: {
          kept: {
            subnet: "${maas_subnet.lab.id}",
            type: "reserved",
            start_ip: `${names.v4(1)}.2`,
            end_ip: `${names.v4(1)}.9`,
          },
        },
      },
    });
    await workspace.init();
    await workspace.apply();
    state = join(workspace.folder, "terraform.tfstate");
    made = await inventory(region.api);
  });

  afterAll(async () => {
    await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    workspace.remove();
    await region.stop();
  });

  test.each(
    Object.keys(FRONTS).flatMap((front) => [
      [front, "with a refresh", []] as const,
      [front, "without a refresh", ["-refresh=false"]] as const,
    ]),
  )("%s, %s: it fails, says why, and keeps the state and the region as they are", async (front, _, options) => {
    const held = readFileSync(state, "utf8");
    const { url = "", stop } = (await FRONTS[front]?.(region)) ?? {};
    const { code, output } = await workspace.terraform(["destroy", "-auto-approve", "-no-color", ...options], {
      env: { MAAS_API_URL: url },
    });
    await stop?.();
    expect(output.replace(/[│╷╵\s]+/g, " ")).toMatch(/Error: .*Fix: (?:check that|set) api_url/);
    expect(code).toBe(1);
    expect(readFileSync(state, "utf8")).toBe(held);
    expect(await inventory(region.api)).toEqual(made);
  });

  test("with the right address the next plan is empty, and the destroy destroys", async () => {
    expect(await workspace.plan()).toEqual([]);
    await workspace.destroy();
    await expectAsBefore(region, before, names.prefix);
  });
});
