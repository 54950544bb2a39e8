import { Aspects, App, TerraformStack } from "cdktf";
import {
  DynamicRange,
  Fabric,
  Ipv4Subnet,
  Ipv6Subnet,
  MaasProvider,
  RackController,
  RackInterface,
  StaticRange,
  Suppressions,
  VlanDhcp,
} from "cdktf-maas";
import { MaasSimulator } from "cdktf-maas/simulator";
import { caveatMatchers, deployed, DeploymentError } from "cdktf-maas/testing";
import { messageOf, temporaryFolder } from "../support/synth";
import { terraformIsMissing } from "../support/terraform";

jest.setTimeout(60_000);

const ELSEWHERE = "http://region.invalid:5240/MAAS";

interface Lab {
  readonly app: App;
  readonly stack: TerraformStack;
  readonly v6: Ipv6Subnet;
}

/** A stack with both families; without DHCP where `hasDhcp` is false, which breaks MAAS6-DUA-02. */
function lab({ hasDhcp = true, alias }: { readonly hasDhcp?: boolean; readonly alias?: string } = {}): Lab {
  const app = new App({ outdir: temporaryFolder(), stackTraces: false });
  const stack = new TerraformStack(app, "lab-network");
  new MaasProvider(stack, "maas", { apiUrl: ELSEWHERE, ...(alias !== undefined && { alias }) });
  const { untagged } = new Fabric(stack, "lab", { name: "lab" });
  const v4 = new Ipv4Subnet(stack, "v4", { vlan: untagged, cidr: "10.20.0.0/24", gatewayIp: "10.20.0.1" });
  const v6 = new Ipv6Subnet(stack, "v6", { vlan: untagged, cidr: "2001:db8:20::/64", gatewayIp: "2001:db8:20::1" });
  if (hasDhcp) {
    const pool = new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.20.0.100", endIp: "10.20.0.199" });
    new StaticRange(stack, "nodes", {
      subnet: v6,
      startIp: "2001:db8:20:0:1::",
      endIp: "2001:db8:20:0:1:ffff:ffff:ffff",
    });
    const rack = new RackController(stack, "rack", { hostname: "rack1" });
    const nic = new RackInterface(stack, "nic", { rack, name: "eth1", vlan: untagged });
    new VlanDhcp(stack, "dhcp", { vlan: untagged, primary: nic, ranges: [pool] });
  }
  return { app, stack, v6 };
}

describe("toBreakRule", () => {
  it("is about a stack, an app, or a construct, and about a place in it", () => {
    const { app, stack, v6 } = lab({ hasDhcp: false });
    for (const construct of [app, stack, v6]) expect(construct).toBreakRule("MAAS6-DUA-02");
    expect(stack).toBreakRule("MAAS6-DUA-02", v6);
    expect(stack).toBreakRule("MAAS6-DUA-02", "lab-network/v6");
    expect(stack).not.toBreakRule("MAAS6-DUA-02", "lab-network/v");
    expect(stack).not.toBreakRule("MAAS6-NET-01");
    expect(lab().stack).not.toBreakRule("MAAS6-DUA-02");
  });

  it("takes what is suppressed as not broken, and what an aspect does as done", () => {
    const suppressed = lab({ hasDhcp: false });
    Suppressions.of(suppressed.v6).add({ id: "MAAS6-DUA-02", reason: "the ISC server in the rack serves it" });
    expect(suppressed.stack).not.toBreakRule("MAAS6-DUA-02");
    const { stack, v6 } = lab();
    Aspects.of(stack).add({ visit: (node) => node === v6 && v6.addOverride("gateway_ip", "2001:db8:99::1") });
    expect(stack).toBreakRule("MAAS6-NET-02", v6);
  });

  it("says what is broken instead, with the reason and the fix", () => {
    const { stack } = lab({ hasDhcp: false });
    const text = messageOf(() => expect(stack).toBreakRule("MAAS6-NET-01"));
    expect(text).toMatch(
      /^expected lab-network to break MAAS6-NET-01\.\nIt breaks:\n {2}MAAS6-DUA-02\[lab-network\/v6\]: .* Fix: /,
    );
    expect(messageOf(() => expect(stack).not.toBreakRule("MAAS6-DUA-02", "lab-network/v6"))).toMatch(
      /^expected lab-network not to break MAAS6-DUA-02 at lab-network\/v6\.\nIt breaks:\n/,
    );
  });

  it.each([
    ["MAAS6-DUA-99", "Write one of MAAS6-DUA-01, MAAS6-DUA-02"],
    ["DUA-02", "RULES.md has them all"],
  ])("is an error for %s, which is no rule, in either sense", (id, fix) => {
    const { stack } = lab();
    expect(messageOf(() => expect(stack).toBreakRule(id))).toContain(fix);
    expect(messageOf(() => expect(stack).not.toBreakRule(id))).toContain(fix);
  });

  it.each([[undefined], [null], ["lab"], [{}]])("is an error for %j, which is no construct", (received) => {
    expect(messageOf(() => expect(received).toBreakRule("MAAS6-DUA-02"))).toContain("is wanted");
  });
});

test("toPassIpv6Caveats is about errors, and about warnings where these are asked for", () => {
  expect(lab().stack).toPassIpv6Caveats();
  const { stack } = lab({ hasDhcp: false });
  expect(stack).not.toPassIpv6Caveats();
  expect(messageOf(() => expect(stack).toPassIpv6Caveats())).toContain("MAAS6-DUA-02[lab-network/v6]");
  const small = lab().stack;
  const fabric = new Fabric(small, "tunnel", { name: "tunnel" });
  new Ipv4Subnet(small, "unmanaged", { vlan: fabric.untagged, cidr: "10.30.0.0/24", managed: false });
  expect(small).toPassIpv6Caveats();
  const { message, pass } = caveatMatchers.toPassIpv6Caveats(small, { warnings: false });
  expect([pass, message()]).toEqual([false, expect.stringContaining("MAAS6-RNG-06[lab-network/unmanaged]")]);
});

describe("deployed", () => {
  it("has the engine make the stack on a region of its own, whatever region the stack names", async () => {
    const { state, requests, output } = await deployed(lab().stack);
    expect(state.subnets.map(({ cidr }) => cidr)).toEqual(expect.arrayContaining(["10.20.0.0/24", "2001:db8:20::/64"]));
    expect(state.vlans).toContainEqual(expect.objectContaining({ fabric: "lab", dhcpOn: true, primaryRack: "rack1" }));
    expect(requests.filter(({ method }) => method === "POST").length).toBeGreaterThan(3);
    expect(output).toContain("Done: ");
  });

  it("deploys all stacks of an app, those that others depend on first, to a simulator that goes on", async () => {
    const simulator = await MaasSimulator.start({ port: 0 });
    try {
      const app = new App({ outdir: temporaryFolder(), stackTraces: false });
      const [later, first] = ["later", "first"].map((name) => {
        const stack = new TerraformStack(app, name);
        new MaasProvider(stack, "maas", { apiUrl: ELSEWHERE });
        return stack;
      }) as [TerraformStack, TerraformStack];
      const fabric = new Fabric(first, "lab", { name: "lab" });
      new Ipv4Subnet(later, "v4", { vlan: fabric.untagged, cidr: "10.20.0.0/24" });
      later.addDependency(first);
      const { state } = await deployed(app, { simulator });
      expect(state).toEqual(simulator.state);
      expect(state.subnets).toContainEqual(expect.objectContaining({ cidr: "10.20.0.0/24" }));
    } finally {
      await simulator.stop();
    }
  });

  it("fails as synth does for a broken rule, and with what the region said for what it refuses", async () => {
    await expect(deployed(lab({ hasDhcp: false }).stack)).rejects.toThrow("MAAS6-DUA-02[lab-network/v6]");
    const refused = deployed(lab().stack, { region: { seed: { fabrics: [{ name: "lab" }] } } });
    await expect(refused).rejects.toThrow(DeploymentError);
    await expect(deployed(lab().stack, { region: { seed: "empty" } })).rejects.toThrow(/rack1/);
  });

  (terraformIsMissing() ? it.skip : it)("has Terraform make it where that is asked for, also by an alias", async () => {
    const { state, output } = await deployed(lab({ alias: "west" }).stack, { with: "terraform" });
    expect(state.subnets.map(({ cidr }) => cidr)).toEqual(expect.arrayContaining(["10.20.0.0/24", "2001:db8:20::/64"]));
    expect(output).toContain("No changes.");
  });
});
