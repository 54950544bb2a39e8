import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Aspects, LocalBackend, TerraformIterator, TerraformStack, Token } from "cdktf";
import {
  ApplyCarrier,
  ApplyGuard,
  ApplyStep,
  type ApplyStepProps,
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasEngine,
  MaasProvider,
  RackController,
  RackInterface,
  ReservedRange,
  Space,
  StaticRange,
  Suppressions,
  Vlan,
  VlanDhcp,
} from "cdktf-maas";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { CdktfProject } from "../support/cdktf";
import { handlers as nullHandlers } from "../support/null-provider-handlers";
import { inProcesses, withReattached } from "../support/reattached-plugins";
import { placeNullProvider } from "../support/null-provider-plugin";
import {
  expectAsBefore,
  inventory,
  lentInterface,
  ownNames,
  rackOf,
  startRegion,
  type TestRegion,
} from "../support/region";
import {
  describeWithTerraform,
  ourProvider,
  quietEnvironment,
  type Result,
  run,
  TERRAFORM,
} from "../support/terraform";

jest.setTimeout(300_000);

const { APPLY_STEP, PROVIDER } = MaasEngine;
const { NULL_RESOURCE, TERRAFORM_DATA } = ApplyCarrier;

const ROOT = join(__dirname, "..", "..");

/** What a deploy differs in from the one before. */
interface Wish {
  readonly engine?: MaasEngine;
  readonly step?: ApplyStepProps;
  /** What carried the step before. */
  readonly movedFrom?: ApplyCarrier;
  readonly storage?: boolean;
  readonly routers?: boolean;
  readonly guests?: boolean;
  /** What is said of the network beyond its properties. */
  readonly more?: (stack: TerraformStack, v4: Ipv4Subnet) => void;
}

const NAMES = ownNames();
const [V4, V6] = [NAMES.v4(0), NAMES.v6("40")];
const [LAB_V4, LAB_V6] = [`${V4}.0/24`, `${V6}:/64`];
const [STORAGE_V4, GUESTS_V4, FOREIGN_V4] = [1, 2, 3].map((index) => `${NAMES.v4(index)}.0/24`) as [
  string,
  string,
  string,
];
const NIC = lentInterface();

const SUPPRESSED = {
  "MAAS6-RTR-01": "there is no router here",
  ...(NIC === undefined
    ? { "MAAS6-DUA-02": "DHCP needs a rack interface, and the region lends none" }
    : {
        "MAAS6-DHC-05": "the rack's host has no addresses here",
        "MAAS6-DUA-05": "the rack's host has no addresses here",
      }),
};

/** A segment with IPv4, IPv6 and DHCP, and networks beside it that come and go. */
function network(
  stack: TerraformStack,
  hostname: string,
  { storage = true, routers = true, guests = false, more }: Wish,
): void {
  const fabric = new Fabric(stack, "fabric", { name: NAMES.prefix });
  const vlan = fabric.untagged;
  const v4 = new Ipv4Subnet(stack, "v4", { vlan, cidr: LAB_V4, gatewayIp: `${V4}.1` });
  const pool = new DynamicRange(stack, "pool", { subnet: v4, startIp: `${V4}.100`, endIp: `${V4}.199` });
  if (routers) new ReservedRange(stack, "routers", { subnet: v4, startIp: `${V4}.1`, endIp: `${V4}.9` });
  const v6 = new Ipv6Subnet(stack, "v6", { vlan, cidr: LAB_V6, gatewayIp: `${V6}:1` });
  new StaticRange(stack, "nodes", {
    subnet: v6,
    startIp: `${V6}1::`,
    endIp: `${V6}1:ffff:ffff:ffff`,
  });
  const pool6 = new DynamicRange(stack, "pool6", {
    subnet: v6,
    startIp: `${V6}2::`,
    endIp: `${V6}2::ffff`,
  });
  if (NIC !== undefined) {
    const rack = new RackController(stack, "rack", { hostname, regionUrl: "http://region.example:5240/MAAS" });
    const nic = new RackInterface(stack, "nic", { rack, name: NIC.name, vlan });
    new VlanDhcp(stack, "dhcp", { vlan, primary: nic, ranges: [pool, pool6] });
  }
  if (storage) {
    const space = new Space(stack, "storage", { name: `${NAMES.prefix}-storage` });
    const tagged = new Vlan(stack, "vlan20", { fabric, vid: 20, mtu: 9000, space });
    new Ipv4Subnet(stack, "storage-v4", { vlan: tagged, cidr: STORAGE_V4 });
  }
  if (guests) {
    const tagged = new Vlan(stack, "vlan30", { fabric, vid: 30 });
    new Ipv4Subnet(stack, "guests-v4", { vlan: tagged, cidr: GUESTS_V4 });
  }
  more?.(stack, v4);
}

describeWithTerraform()("an apply step", () => {
  const root = mkdtempSync(join(tmpdir(), "cdktf-maas-apply-"));
  const home = join(root, "home");
  let region: TestRegion;
  let before: Record<string, unknown[]>;
  let rack: string;
  let formerVlan: unknown;
  let runs = 0;

  const list = async (path: string): Promise<readonly ObjectJson[]> =>
    (await region.api.get(path)) as readonly ObjectJson[];
  const cidrs = async (): Promise<unknown[]> => (await list("subnets/")).map(({ cidr }) => cidr);

  /**
   * Synthesises into a folder that was never used before and runs Terraform in it, as a pipeline does whose machine is
   * gone afterwards: all that is left of a run is the state, under its name.
   */
  async function terraform(args: readonly string[], state: string, wish: Wish = {}): Promise<Result> {
    const folder = join(root, `run-${++runs}`);
    const app = new App({ outdir: folder, stackTraces: false });
    const stack = new TerraformStack(app, "lab");
    new LocalBackend(stack, { path: join(root, `${state}.tfstate`) });
    const { engine = APPLY_STEP, step = {}, movedFrom } = wish;
    new MaasProvider(stack, "maas", { apiUrl: region.urls[0] ?? "", engine });
    const applyStep = new ApplyStep(stack, "apply", { timeoutSeconds: 20, ...step });
    if (movedFrom !== undefined) applyStep.moveFrom(movedFrom);
    network(stack, rack, wish);
    for (const [id, reason] of Object.entries(SUPPRESSED)) Suppressions.of(stack).add({ id, reason });
    app.synth();
    const cwd = join(folder, "stacks", "lab");
    const env = { ...quietEnvironment(home), HOME: home, MAAS_API_KEY: region.apiKey };
    const init = await run(TERRAFORM, ["init", "-no-color"], { cwd, env });
    if (init.code !== 0) throw new Error(init.output);
    const start = (reattach: NodeJS.ProcessEnv = {}): Promise<Result> =>
      run(TERRAFORM, [...args, "-no-color"], { cwd, env: { ...env, ...reattach } });
    const providers = { ...ourProvider(env, cwd), "hashicorp/null": () => nullHandlers };
    const result = await (inProcesses ? start() : withReattached(providers, start));
    rmSync(folder, { recursive: true });
    return result;
  }

  const lent = async (): Promise<ObjectJson | undefined> => {
    const owner = (await list("rackcontrollers/")).find(({ hostname }) => hostname === rack);
    return (owner?.interface_set as ObjectJson[] | undefined)?.find(({ name }) => name === NIC?.name);
  };

  /** The region as it was, but for a rack interface: where that was before it was moved is in no state of Terraform. */
  async function expectAllTakenAway(): Promise<void> {
    if (NIC !== undefined) {
      const { id, system_id: system, vlan } = (await lent()) ?? {};
      expect(vlan).toBeNull();
      await region.api.put(`nodes/${String(system)}/interfaces/${String(id)}/`, [["vlan", String(formerVlan)]]);
    }
    await expectAsBefore(region, before, NAMES.prefix);
  }

  const deploy = (state: string, wish: Wish = {}): Promise<Result> =>
    terraform(["apply", "-auto-approve"], state, wish);

  async function succeed(result: Promise<Result>): Promise<string> {
    const { code, output } = await result;
    if (code !== 0) throw new Error(`Terraform ended with ${code}:\n${output}`);
    return output;
  }

  const destroy = (state: string, wish: Wish = {}): Promise<string> =>
    succeed(terraform(["destroy", "-auto-approve"], state, wish));

  beforeAll(async () => {
    placeNullProvider(home);
    region = await startRegion();
    before = await inventory(region.api);
    rack = await rackOf(region, NIC);
    formerVlan = ((await lent())?.vlan as ObjectJson | undefined)?.id;
  });
  afterEach(() => region.faults.clear());
  afterAll(async () => {
    rmSync(root, { recursive: true, force: true });
    await region.stop();
  });

  test("is a plan of three resources, that Terraform finds nothing wrong with", async () => {
    expect(await succeed(terraform(["validate"], "validate"))).toContain("Success!");
    expect(await succeed(terraform(["plan"], "validate"))).toContain("Plan: 3 to add, 0 to change, 0 to destroy.");
    expect(await succeed(terraform(["validate"], "validate", { engine: PROVIDER }))).toContain("Success!");
  });

  test("makes a network, changes and prunes it from another carrier, leaves others' alone, and takes it away", async () => {
    await succeed(deploy("life"));
    expect(await cidrs()).toEqual(expect.arrayContaining([LAB_V4, LAB_V6, STORAGE_V4]));
    const v6 = (await list("subnets/")).find(({ cidr }) => cidr === LAB_V6);
    expect(v6?.vlan).toMatchObject({ dhcp_on: NIC !== undefined });
    expect(await succeed(terraform(["plan"], "life"))).toContain("No changes.");

    const foreign = (await region.api.post("subnets/", [["cidr", FOREIGN_V4]])) as ObjectJson;
    const moved = {
      ...{ storage: false, routers: false, guests: true },
      ...{ step: { carrier: TERRAFORM_DATA }, movedFrom: NULL_RESOURCE },
    };
    const output = await succeed(deploy("life", moved));
    expect(output).toMatch(/null_resource\.apply_claim_\w+ has moved to terraform_data\.apply_claim_/);
    expect(output).toContain("Resources: 2 added, 0 changed, 2 destroyed.");
    expect(await cidrs()).toEqual(expect.arrayContaining([GUESTS_V4, FOREIGN_V4, LAB_V4]));
    expect(await cidrs()).not.toContain(STORAGE_V4);
    expect((await list("spaces/")).map(({ name }) => name)).not.toContain(`${NAMES.prefix}-storage`);
    expect((await list("ipranges/")).map(({ start_ip }) => start_ip)).not.toContain(`${V4}.1`);

    await destroy("life", moved);
    expect(await cidrs()).toContain(FOREIGN_V4);
    await region.api.delete(`subnets/${foreign.id as number}/`);
    await expectAllTakenAway();
  });

  test("that fails is finished by the next deploy, from another machine", async () => {
    region.faults.set({ faults: [{ fault: "500", methods: ["POST"], path: "ipranges" }] });
    const failed = await deploy("failing");
    expect(failed.code).toBe(1);
    expect(await cidrs()).toContain(LAB_V4);

    region.faults.clear();
    await succeed(deploy("failing"));
    expect((await list("ipranges/")).map(({ start_ip }) => start_ip)).toContain(`${V4}.100`);
    expect(await succeed(terraform(["plan"], "failing"))).toContain("No changes.");
  });

  test("that fails to delete what the document dropped does not forget it", async () => {
    region.faults.set({ faults: [{ fault: "500", methods: ["DELETE"] }] });
    const failed = await deploy("failing", { storage: false });
    expect(failed.code).toBe(1);
    expect(await cidrs()).toContain(STORAGE_V4);

    region.faults.clear();
    await succeed(deploy("failing", { storage: false }));
    expect(await cidrs()).not.toContain(STORAGE_V4);
    await destroy("failing", { storage: false });
    await expectAllTakenAway();
  });

  test("refuses to take over what is there, at first and later, and writes nothing", async () => {
    const { id } = (await region.api.post("fabrics/", [["name", NAMES.prefix]])) as ObjectJson;
    const refused = await deploy("foreign");
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("[lab/fabric]");
    expect(refused.output).toContain("adoptExisting: true");
    expect(await cidrs()).not.toContain(LAB_V4);
    await region.api.delete(`fabrics/${id as number}/`);
    await succeed(deploy("foreign"));

    const subnet = (await region.api.post("subnets/", [["cidr", GUESTS_V4]])) as ObjectJson;
    const later = await deploy("foreign", { guests: true });
    expect(later.code).toBe(1);
    expect(later.output).toContain(`${GUESTS_V4} [lab/guests-v4]`);
    await region.api.delete(`subnets/${subnet.id as number}/`);
    await succeed(deploy("foreign", { guests: true }));
    await destroy("foreign", { guests: true });
    await expectAllTakenAway();
  });

  test("mends on every run what was changed by hand, if that is asked for, with no provider at all", async () => {
    const wish = { step: { everyRun: true, carrier: TERRAFORM_DATA } };
    await succeed(deploy("every-run", wish));
    const pool = (await list("ipranges/")).find(({ start_ip }) => start_ip === `${V4}.1`);
    await region.api.delete(`ipranges/${pool?.id as number}/`);
    await succeed(deploy("every-run", wish));
    expect((await list("ipranges/")).map(({ start_ip }) => start_ip)).toContain(`${V4}.1`);
    await destroy("every-run", wish);
    await expectAllTakenAway();
  });

  test("with the provider as the engine comes last, waits, and leaves nothing to do", async () => {
    const wish = { engine: PROVIDER };
    const output = await succeed(deploy("provider", wish));
    expect(output.lastIndexOf("maas_vlan_dhcp")).toBeLessThan(output.indexOf("null_resource.apply: Creation complete"));
    expect(await succeed(terraform(["plan"], "provider", wish))).toContain("No changes.");

    region.forget();
    await succeed(deploy("provider", { ...wish, step: { everyRun: true } }));
    expect(region.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    await destroy("provider", wish);
    await expectAsBefore(region, before, NAMES.prefix);
  });

  for (const engine of [PROVIDER, APPLY_STEP])
    test(`follows count, forEach, ignored changes and overrides, with the engine ${engine}`, async () => {
      const more = (stack: TerraformStack, v4: Ipv4Subnet): void => {
        new Space(stack, "none", { name: `${NAMES.prefix}-none`, count: 0 });
        const each = TerraformIterator.fromList([`${NAMES.prefix}-a`, `${NAMES.prefix}-b`]);
        new Space(stack, "each", { name: Token.asString(each.value), forEach: each });
        v4.lifecycle = { ignoreChanges: ["description", "dns_servers"] };
        new Space(stack, "all", {
          name: `${NAMES.prefix}-all`,
          description: "first",
          lifecycle: { ignoreChanges: "all" },
        });
        Aspects.of(stack).add({
          visit: (node) => {
            if (node instanceof Ipv6Subnet) node.addOverride("description", "overridden");
          },
        });
      };
      const wish = { engine, step: { everyRun: true }, more };
      const find = async (path: string, key: string, value: string): Promise<ObjectJson> =>
        (await list(path)).find((object) => object[key] === value) ?? {};
      const v4 = () => find("subnets/", "cidr", LAB_V4);
      await succeed(deploy(`meta-${engine}`, wish));
      const spaces = (await list("spaces/")).map(({ name }) => name);
      expect(spaces).toEqual(expect.arrayContaining([`${NAMES.prefix}-a`, `${NAMES.prefix}-b`, `${NAMES.prefix}-all`]));
      expect(spaces).not.toContain(`${NAMES.prefix}-none`);
      expect(await find("subnets/", "cidr", LAB_V6)).toMatchObject({ description: "overridden" });
      expect(await find("spaces/", "name", `${NAMES.prefix}-all`)).toMatchObject({ description: "first" });

      const byHand = [
        ["description", "by hand"],
        ["dns_servers", `${V4}.54`],
      ] as const;
      await region.api.put(`subnets/${String((await v4()).id)}/`, byHand);
      const { id } = await find("spaces/", "name", `${NAMES.prefix}-all`);
      await region.api.put(`spaces/${String(id)}/`, [["description", "by hand"]]);
      region.forget();
      await succeed(deploy(`meta-${engine}`, wish));
      expect(region.requests().filter(({ method }) => method !== "GET")).toEqual([]);
      expect(await v4()).toMatchObject({ description: "by hand", dns_servers: [`${V4}.54`] });
      expect(await find("spaces/", "name", `${NAMES.prefix}-all`)).toMatchObject({ description: "by hand" });

      await destroy(`meta-${engine}`, wish);
      if (engine === PROVIDER) expect(await inventory(region.api)).toEqual(before);
      else await expectAllTakenAway();
    });

  test("takes over what the provider has made", async () => {
    await succeed(deploy("moved", { engine: PROVIDER }));
    const listed = await succeed(terraform(["state", "list"], "moved", { engine: PROVIDER }));
    const addresses = listed.split("\n").filter((address) => /^(data\.)?maas_/.test(address));
    await succeed(terraform(["state", "rm", ...addresses], "moved", { engine: PROVIDER }));

    expect((await deploy("moved")).code).toBe(1);
    region.forget();
    await succeed(deploy("moved", { step: { force: [ApplyGuard.EXISTING] } }));
    expect(region.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    await destroy("moved");
    await expectAllTakenAway();
  });

  test("is what the example deploys with the cdktf command line", async () => {
    const main = join(ROOT, "dist/examples/apply-step/main.js");
    if (!existsSync(main)) throw new Error(`${main} is missing: run \`npm run build\` before these tests`);
    const simulator = await MaasSimulator.start({ seed: join(ROOT, "examples/apply-step/region.json") });
    const project = new CdktfProject(main, { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
    const subnets = (): unknown[] => simulator.state.subnets.map(({ cidr }) => cidr);
    try {
      // The first command of all, with no registry, no mirror and no init before it.
      await project.succeed(["deploy", "applied-network", "--auto-approve"]);
      expect(await project.succeed(["diff", "applied-network"])).toContain("No changes.");
      expect(subnets()).toEqual(["10.40.0.0/24", "fd5a:7c01:9b3e:40::/64", "10.40.20.0/24"]);
      expect(simulator.state.vlans).toContainEqual(expect.objectContaining({ fabric: "site", vid: 0, dhcpOn: true }));
      const state = readFileSync(join(project.folder, "terraform.applied-network.tfstate"), "utf8");
      expect(state).not.toContain(simulator.apiKey.split(":")[2]);

      await project.succeed(["destroy", "applied-network", "--auto-approve"]);
      expect(subnets()).toEqual(["10.40.0.0/24", "fd5a:7c01:9b3e:40::/64"]);
      expect(simulator.state.ranges).toEqual([]);
    } finally {
      project.remove();
      await simulator.stop();
    }
  });
});
