import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROVIDER } from "../../lib/constructs/internal/facts";
import { MaasSimulator } from "../../src/simulator";
import { startCommand } from "../support/command-line";
import { placeCanonicalProvider } from "../support/canonical-provider-plugin";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(120_000);

/** States that canonical/maas made, and the region that they belong to: see the README there. */
const STATES = join(__dirname, "moved-states");

/** Where a state says that its provider comes from. */
const addressIn = (state: string): string => /provider\[\\"([^\\"]+)\\"\]/.exec(state)?.[1] ?? "";

/** The configuration of a layout after the edits of a move. */
const movedHcl = (layout: string): string => readFileSync(join(STATES, layout, "moved", "main.tf"), "utf8");

/** The same as it was written for canonical/maas, of which nothing but the source is changed. */
const originalHcl = (layout: string): string => readFileSync(join(STATES, layout, "main.tf"), "utf8");

/** Layouts that need no edits: only inline ranges and a set dhcp_on do, and what other kinds have. */
const DROP_IN: readonly string[] = ["byname", "untagged", "links", "vlan-dhcp"];

const isMovedByHand = (layout: string): boolean => existsSync(join(STATES, layout, "moved"));

/** The region of the states, with nothing in it that another test has changed. */
class Estate {
  private constructor(
    readonly simulator: MaasSimulator,
    readonly api: MaasClient,
    readonly workspace: Workspace,
    /** The address of canonical/maas. */
    readonly address: string,
  ) {}

  /** The layout with its state, and the configuration as it is after the edits of a move. */
  static async start(layout: string, edit = (state: string): string => state): Promise<Estate> {
    const state = edit(readFileSync(join(STATES, layout, "terraform.tfstate"), "utf8"));
    const stateFile = join(mkdtempSync(join(tmpdir(), "cdktf-maas-region-")), "region.json");
    const [own, shared] = [join(STATES, layout, "region.json"), join(STATES, "region.json")];
    copyFileSync(existsSync(own) ? own : shared, stateFile);
    const simulator = await MaasSimulator.start({ maasVersion: "3.6.5", seed: join(STATES, "seed.json"), stateFile });
    const api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
    const { url, apiKey } = simulator;
    const workspace = new Workspace({ MAAS_API_URL: url, MAAS_API_KEY: apiKey });
    writeFileSync(join(workspace.folder, "terraform.tfstate"), state);
    const estate = new Estate(simulator, api, workspace, addressIn(state));
    if (isMovedByHand(layout)) estate.configure(movedHcl(layout));
    return estate;
  }

  /** Writes the configuration; what says `provider = canonical` in it stays with canonical/maas. */
  configure(hcl: string): void {
    const { folder } = this.workspace;
    writeFileSync(join(folder, "main.tf"), hcl);
    const ours = { source: PROVIDER.source, version: PROVIDER.version };
    const both = hcl.includes("provider = canonical");
    const required_providers = { maas: ours, ...(both && { canonical: { source: this.address } }) };
    const provider = { maas: {}, ...(both && { canonical: {} }) };
    writeFileSync(join(folder, "provider.tf.json"), JSON.stringify({ terraform: { required_providers }, provider }));
  }

  /** Puts the configuration there as it was for canonical/maas, and rewrites it by the command; gives what that says. */
  async migrate(layout: string): Promise<string> {
    const { folder } = this.workspace;
    rmSync(join(folder, "provider.tf.json"), { force: true });
    for (const file of ["main.tf", "provider.tf"]) copyFileSync(join(STATES, layout, file), join(folder, file));
    const env = { MAAS_API_URL: this.simulator.url, MAAS_API_KEY: this.simulator.apiKey };
    const { code, stdout, stderr } = await startCommand(["migrate", "--write"], { cwd: folder, env }).result;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout;
  }

  /** Changes the configuration that is there. */
  edit(change: (hcl: string) => string): void {
    const file = join(this.workspace.folder, "main.tf");
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }

  replaceProvider(): Promise<string> {
    return this.workspace.succeed(["state", "replace-provider", "-auto-approve", this.address, PROVIDER.source]);
  }

  placeCanonical(): void {
    placeCanonicalProvider(this.address, this.workspace.folder);
  }

  async stop(): Promise<void> {
    await this.api.close();
    this.workspace.remove();
    await this.simulator.stop();
  }
}

/** What a plan would do. */
interface Planned {
  readonly changes: readonly string[];
  readonly imports: readonly string[];
}

async function plan({ workspace }: Pick<Estate, "workspace">): Promise<Planned> {
  await workspace.succeed(["plan", "-no-color", "-out=plan.bin"]);
  const { resource_changes = [] } = JSON.parse(await workspace.succeed(["show", "-json", "plan.bin"])) as {
    resource_changes?: { address: string; change: { actions: string[]; importing?: object } }[];
  };
  const isChange = (action: string): boolean => action !== "no-op" && action !== "read";
  return {
    changes: resource_changes
      .filter(({ change }) => change.actions.some(isChange))
      .map(({ address, change }) => `${change.actions.join(" and ")} ${address}`),
    imports: resource_changes.filter(({ change }) => change.importing !== undefined).map(({ address }) => address),
  };
}

/** The calls that changed the region. */
const writes = ({ simulator }: Estate): string[] =>
  simulator.requests
    .all()
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${path}`);

/** Objects of the state that are to be gone after a destroy, as paths of the API. VID 0 stays with its fabric. */
function pathsOf(layout: string): string[] {
  const collections: Readonly<Record<string, string>> = {
    maas_fabric: "fabrics",
    maas_space: "spaces",
    maas_vlan: "vlans",
    maas_subnet: "subnets",
    maas_subnet_ip_range: "ipranges",
  };
  const { resources } = JSON.parse(readFileSync(join(STATES, layout, "terraform.tfstate"), "utf8")) as {
    resources: { mode: string; type: string; instances: { attributes: { id: string; vid?: number } }[] }[];
  };
  return resources
    .filter(({ mode, type }) => mode === "managed" && collections[type] !== undefined)
    .flatMap(({ type, instances }) =>
      instances
        .filter(({ attributes }) => attributes.vid !== 0)
        .map(({ attributes }) => `${collections[type] ?? ""}/${attributes.id}/`),
    );
}

/**
 * The layouts, and what the plan of a move imports: inline ranges and DHCP, which have no objects of their own there. First
 * under the names that somebody has given them, then under those of `migrate`.
 */
const LAYOUTS: readonly (readonly [layout: string, byHand: readonly string[], byCommand: readonly string[]])[] = [
  [
    "inline",
    ["maas_subnet_ip_range.dyn", "maas_subnet_ip_range.dyn6", "maas_subnet_ip_range.res"],
    ["maas_subnet_ip_range.v4_dynamic", "maas_subnet_ip_range.v4_reserved", "maas_subnet_ip_range.v6_dynamic"],
  ],
  ["byname", [], []],
  ["untagged", [], []],
  ["dhcp", ["maas_subnet_ip_range.dyn", "maas_vlan_dhcp.d"], ["maas_subnet_ip_range.v4_dynamic", "maas_vlan_dhcp.pxe"]],
  ["links", [], []],
  ["mixed", [], []],
  ["vlan-dhcp", [], []],
  ["home-lab", [], ["maas_subnet_ip_range.machines_dynamic", "maas_subnet_ip_range.machines_reserved"]],
];

/** Layouts with more than networks, and how many of their resources stay with canonical/maas where they are not migrated. */
const STAYING: Readonly<Record<string, number>> = { mixed: 3, "home-lab": 2 };

const WAYS = [
  ["rewritten by `migrate`, after `terraform state replace-provider`", true],
  ["as it is where it needs no edits, else rewritten by hand, with the state untouched", false],
] as const;

const suite = describeWithTerraform();

suite("a state of canonical/maas", () => {
  let estate: Estate;
  afterEach(() => estate.stop());

  for (const [layout, byHand, byCommand] of LAYOUTS) {
    for (const [way, isMigrated] of WAYS) {
      if (!isMigrated && !isMovedByHand(layout)) continue;
      const imports = isMigrated ? byCommand : byHand;
      test(`of the layout ${layout} plans its imports and nothing else ${way}, and is destroyed`, async () => {
        estate = await Estate.start(layout);
        if (isMigrated) {
          const next = `terraform state replace-provider ${estate.address} ${PROVIDER.source}`;
          expect(await estate.migrate(layout)).toContain(next);
          await estate.replaceProvider();
        } else if (DROP_IN.includes(layout)) estate.configure(originalHcl(layout));
        estate.placeCanonical();
        await estate.workspace.init();
        expect(await plan(estate)).toEqual({ changes: [], imports });
        await estate.workspace.apply();
        expect(writes(estate)).toEqual([]);
        expect(await plan(estate)).toEqual({ changes: [], imports: [] });
        const left = readFileSync(join(estate.workspace.folder, "terraform.tfstate"), "utf8").match(
          new RegExp(`"provider\\[.*${estate.address}`, "g"),
        );
        expect(left?.length ?? 0).toBe(isMigrated ? 0 : (STAYING[layout] ?? 0));

        // A link moves its interface to the subnet's VLAN, and MAAS deletes no fabric that an interface is on.
        // What else is on a network goes along only where that is asked for.
        if (STAYING[layout] !== undefined) {
          estate.edit((hcl) =>
            hcl.replace(/(resource "maas_(?:subnet|vlan)" "\w+" \{)/g, "$1\n  force_destroy = true"),
          );
          await estate.workspace.apply();
        }
        if (layout === "links") await estate.workspace.succeed(["state", "rm", "maas_fabric.f"]);
        await estate.workspace.destroy();
        const gone = pathsOf(layout).filter((path) => layout !== "links" || !path.startsWith("fabrics/"));
        for (const path of gone) await expect(estate.api.get(path)).rejects.toThrow("404");
      });
    }
  }

  test("of bonds, VLAN interfaces, a device with blocks, and DNS plans what canonical/maas never sent or had, and nothing after that", async () => {
    estate = await Estate.start("hall");
    await estate.replaceProvider();
    estate.configure(originalHcl("hall"));
    await estate.workspace.init();
    expect(await plan(estate)).toEqual({
      // It sends no flag that is false; leases and static routes came after 2.4, and its links remove one another.
      changes: [
        "update maas_network_interface_bond.bond0",
        "create maas_network_interface_link.v6",
        "create maas_reserved_ip.console",
        "create maas_static_route.backbone",
      ],
      imports: [],
    });
    expect(await estate.workspace.succeed(["plan", "-no-color"])).toMatch(
      /Set ttl = 0 to keep it\.\s+To\s+empty it, set another value, apply, and take it out again/,
    );
    await estate.workspace.apply();
    expect(writes(estate)).toHaveLength(4);
    expect(await plan(estate)).toEqual({ changes: [], imports: [] });
  });

  test("is taken over under another name by a moved block, as it is", async () => {
    estate = await Estate.start("byname");
    const moved = ["maas_subnet", "maas_subnet_ip_range"].flatMap((type) =>
      [4, 6].map((family) => {
        const name = type === "maas_subnet" ? "v" : "r";
        return `moved {\n  from = ${type}.${name}${family}\n  to = ${type}.${name}${family}_here\n}\n`;
      }),
    );
    const renamed = originalHcl("byname").replace(/(maas_subnet(?:_ip_range)?"? ?"?\.?)([vr][46])/g, "$1$2_here");
    estate.configure(`${renamed}\n${moved.join("")}`);
    estate.placeCanonical();
    await estate.workspace.init();
    expect(await plan(estate)).toEqual({ changes: [], imports: [] });
  });

  test("names a VID that was left in `vlan` as one at plan, before anything is changed", async () => {
    estate = await Estate.start("byname");
    await estate.replaceProvider();
    estate.configure(movedHcl("byname").replace("maas_vlan.v.id", "maas_vlan.v.vid"));
    await estate.workspace.init();
    const { code, output } = await estate.workspace.terraform(["plan", "-no-color"]);
    expect(code).toBe(1);
    const text = output.replace(/[\s│]+/g, " ");
    expect(text).toMatch(/20 is a VID, not an id/);
    expect(text).toMatch(/byname:20/);
    expect(writes(estate)).toEqual([]);
  });

  /** Starts the layout with the state as another hand left it, after `state replace-provider`. */
  async function moved(layout: string, edit: (state: string) => string): Promise<void> {
    estate = await Estate.start(layout, edit);
    await estate.replaceProvider();
    await estate.workspace.init();
  }

  test("is read whatever types its values have and whatever its private data is", async () => {
    await moved("inline", (state) =>
      state
        .replaceAll('"mtu": 9000', '"mtu": 9e+03')
        .replaceAll('"vid": 10', '"vid": "10"')
        .replaceAll('"rdns_mode": 2', '"rdns_mode": "2"')
        .replaceAll('"allow_dns": true', '"allow_dns": "true"')
        .replaceAll('"space": "inl-space"', '"space": null')
        .replaceAll(/"id": "(\d+)"/g, '"id": $1')
        .replaceAll(/"dns_servers": \[[^\]]+\]/g, '"dns_servers": "10.30.0.2,1.1.1.1"')
        .replaceAll(
          '"private": "bnVsbA=="',
          `"private": "${Buffer.from('{"schema_version":"1"}').toString("base64")}"`,
        ),
    );
    expect((await plan(estate)).changes).toEqual([]);
  });

  test("names a VLAN's DHCP by its VID alone in the versions before FABRIC/VID", async () => {
    await moved("vlan-dhcp", (state) => state.replace('"id": "0/0"', '"id": "0"'));
    expect(await plan(estate)).toEqual({ changes: [], imports: [] });
  });

  test("is destroyed without a refresh, and its links are found all the same", async () => {
    await moved("links", (state) => state);
    await estate.workspace.succeed(["state", "rm", "maas_fabric.f"]);
    await estate.workspace.succeed(["destroy", "-refresh=false", "-auto-approve", "-no-color"]);
    expect(writes(estate).filter((call) => call.includes("interfaces"))).toHaveLength(5);
    for (const path of ["subnets/13/", "subnets/14/"]) await expect(estate.api.get(path)).rejects.toThrow("404");
  });

  test("with a deposed link has that removed, and nothing else", async () => {
    await moved("links", (state) => {
      const json = JSON.parse(state) as { resources: { name: string; instances: { deposed?: string }[] }[] };
      const [instance] = json.resources.find(({ name }) => name === "up")?.instances ?? [];
      if (instance !== undefined) instance.deposed = "00000001";
      return JSON.stringify(json);
    });
    const hcl = movedHcl("links");
    estate.configure(hcl.replace(/resource "maas_network_interface_link" "up" \{[^}]*\}/, ""));
    expect((await plan(estate)).changes).toEqual(["delete maas_network_interface_link.up"]);
    await estate.workspace.apply();
    expect(writes(estate)).toEqual([
      expect.stringMatching(/^POST .*\/nodes\/q3f4rg\/interfaces\/6\/\?op=unlink_subnet$/),
    ]);
  });

  test("whose configuration leaves a value out keeps it, and the plan says so", async () => {
    await moved("links", (state) => state);
    estate.configure(movedHcl("links").replace(/ *gateway_ip = "10\.34\.0\.1"\n/, ""));
    const told = await estate.workspace.succeed(["plan", "-no-color"]);
    expect(told).toContain("No changes.");
    expect(told.match(/Warning: .*/g)).toEqual([expect.stringContaining('gateway_ip = "10.34.0.1"')]);
    // Nothing else tells the two apart: as long as nothing is applied, what is taken out of the code stays, never unsaid.
    await estate.workspace.apply();
    expect(writes(estate)).toEqual([]);
    estate.configure(movedHcl("links").replace(/ *gateway_ip = "2001:db8:34::1"\n/, ""));
    expect(await estate.workspace.succeed(["plan", "-no-color"])).toContain('gateway_ip = "2001:db8:34::1"');
  });

  test("that is imported anew shows in that plan what the configuration leaves out", async () => {
    estate = await Estate.start("links");
    writeFileSync(join(estate.workspace.folder, "terraform.tfstate"), "");
    estate.configure(
      'resource "maas_subnet" "v4" {\n  cidr = "10.34.0.0/24"\n  vlan = "lnk:0"\n}\n' +
        'import {\n  to = maas_subnet.v4\n  id = "10.34.0.0/24"\n}\n',
    );
    await estate.workspace.init();
    expect(await plan(estate)).toEqual({ changes: ["update maas_subnet.v4"], imports: ["maas_subnet.v4"] });
    await estate.workspace.apply();
    expect(await estate.api.get("subnets/13/")).toMatchObject({ gateway_ip: null });
    expect(await plan(estate)).toEqual({ changes: [], imports: [] });
  });
});

suite("a configuration of canonical/maas without a state", () => {
  test("imports what the region has of it: objects and instances by natural key, and DHCP", async () => {
    const folder = join(STATES, "discovered");
    const simulator = await MaasSimulator.start({ maasVersion: "3.6.5", seed: join(folder, "seed.json") });
    const env = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
    const workspace = new Workspace(env);
    try {
      copyFileSync(join(folder, "main.tf"), join(workspace.folder, "main.tf"));
      expect((await startCommand(["migrate", "--write"], { cwd: workspace.folder, env }).result).code).toBe(0);
      await workspace.init();
      const imports = ["maas_subnet.pxe", "maas_subnet_ip_range.pool[0]", "maas_subnet_ip_range.pool[1]"];
      expect(await plan({ workspace })).toEqual({
        changes: [],
        imports: [...imports, "maas_vlan.legacy", "maas_vlan_dhcp.pxe"],
      });
    } finally {
      workspace.remove();
      await simulator.stop();
    }
  });
});
