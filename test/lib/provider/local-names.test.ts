import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformElement, TerraformHclModule, TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { DynamicRange, Fabric, Ipv4Subnet, MaasProvider, RackController, ReservedRange, StaticRange } from "cdktf-maas";
import { messageOf, synth } from "../../support/synth";

/** The bindings that `cdktf get` makes of another provider called `maas`. */
class TheirProvider extends TerraformProvider {
  #alias: string | undefined;

  constructor(scope: Construct, id: string, source: string, alias?: string) {
    super(scope, id, {
      terraformResourceType: "maas",
      terraformGeneratorMetadata: { providerName: "maas", providerVersion: "2.4.0" },
      terraformProviderSource: source,
    });
    this.#alias = alias;
  }

  override get alias(): string | undefined {
    return this.#alias;
  }

  override set alias(alias: string | undefined) {
    this.#alias = alias;
  }
}

/** Something else that requires a provider. */
class Requirement extends TerraformElement {
  override toTerraform(): object {
    return { terraform: { required_providers: { maas: { source: "canonical/maas", version: "2.4.0" } } } };
  }
}

const CANONICAL = "canonical/maas";

test("a local name of one's own stands in the requirement, the configuration, and every resource and look-up", () => {
  const { terraform, provider, resource, data } = synth((stack) => {
    new TheirProvider(stack, "theirs", CANONICAL);
    const ours = new MaasProvider(stack, "ours", { localName: "networks" });
    const fabric = new Fabric(stack, "fabric", { name: "lab" });
    const v4 = new Ipv4Subnet(stack, "v4", { vlan: fabric.untagged, cidr: "10.0.0.0/24" });
    new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.0.0.200", endIp: "10.0.0.250" });
    new StaticRange(stack, "nodes", { subnet: v4, startIp: "10.0.0.10", endIp: "10.0.0.99" });
    new ReservedRange(stack, "kept", { subnet: v4, startIp: "10.0.0.1", endIp: "10.0.0.9", provider: ours });
    new RackController(stack, "rack", { hostname: "rack1" });
  });
  expect(terraform.required_providers).toEqual({
    maas: { source: CANONICAL, version: "2.4.0" },
    networks: { source: "cdktf-maas.invalid/cdktf-maas/maas", version: expect.any(String) as string },
  });
  expect(Object.keys(provider).sort()).toEqual(["maas", "networks"]);
  const blocks = [resource, data].flatMap((types) => Object.values(types).flatMap((named) => Object.values(named)));
  expect(blocks.length).toBeGreaterThan(6);
  for (const each of blocks) expect(each.provider).toBe("networks");
});

test("aliases and modules have it too", () => {
  const { provider, resource, folder } = synth((stack) => {
    const ours = new MaasProvider(stack, "ours", { localName: "networks" });
    const west = new MaasProvider(stack, "west", { localName: "networks", alias: "west" });
    new Fabric(stack, "f", { name: "f", provider: west });
    new TerraformHclModule(stack, "module", {
      source: "git::https://example.com/module.git",
      providers: [ours, { provider: west, moduleAlias: "w" }],
    });
  });
  expect(provider.networks).toMatchObject([{}, { alias: "west" }]);
  expect(resource.maas_fabric?.f).toMatchObject({ provider: "networks.west" });
  const text = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as { module: { module: unknown } };
  expect(text.module.module).toMatchObject({ providers: { networks: "networks", "networks.w": "networks.west" } });
});

test("without one, nothing is said of it in the stack", () => {
  const { terraform, provider, resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    new Fabric(stack, "f", { name: "f" });
  });
  expect(Object.keys(terraform.required_providers)).toEqual(["maas"]);
  expect(Object.keys(provider)).toEqual(["maas"]);
  expect(resource.maas_fabric?.f).not.toHaveProperty("provider");
});

type Build = (stack: TerraformStack) => unknown;

const ours: Build = (stack) => new MaasProvider(stack, "ours");

const THEIRS: readonly (readonly [string, Build])[] = [
  ["their provider", (stack) => new TheirProvider(stack, "theirs", CANONICAL)],
  ["their provider with an alias", (stack) => new TheirProvider(stack, "theirs", CANONICAL, "theirs")],
  ["their provider in another spelling", (stack) => new TheirProvider(stack, "theirs", "Canonical/MAAS")],
  ["another element", (stack) => new Requirement(stack, "theirs")],
  [
    "an override of the stack",
    (stack) => stack.addOverride("terraform.required_providers.maas", { source: CANONICAL }),
  ],
];

test.each(
  THEIRS.flatMap(([name, theirs]) => [
    [`${name}, before ours`, [theirs, ours]] as const,
    [`${name}, after ours`, [ours, theirs]] as const,
  ]),
)("two sources under one local name are refused: %s", (_, builds) => {
  const message = messageOf(() =>
    synth((stack) => {
      for (const build of builds) build(stack);
      new Fabric(stack, "f", { name: "f" });
    }),
  );
  expect(message).toMatch(/lab(\/theirs)? requires canonical\/maas under the local name "maas", and so does lab\/ours/);
  expect(message).toContain('Fix: give lab/ours localName: "networks".');
});

test("a name that is taken is not proposed", () => {
  const message = messageOf(() =>
    synth((stack) => {
      new TheirProvider(stack, "theirs", CANONICAL);
      stack.addOverride("terraform.required_providers.networks", { source: "example/networks" });
      new MaasProvider(stack, "ours");
    }),
  );
  expect(message).toContain('localName: "maas-networks"');
});

test("our own source under the same name is no clash, wherever it is required", () => {
  expect(() =>
    synth((stack) => {
      ours(stack);
      stack.addOverride("terraform.required_providers.maas.source", "cdktf-maas.invalid/cdktf-maas/maas");
      stack.addOverride("terraform.required_version", ">= 1.5");
    }),
  ).not.toThrow();
});

test("two local names for our provider in one stack are refused", () => {
  const message = messageOf(() =>
    synth((stack) => {
      new MaasProvider(stack, "a", { localName: "networks" });
      new MaasProvider(stack, "b", { alias: "b" });
    }),
  );
  expect(message).toContain('lab/a has the local name "networks", and lab/b "maas".');
  expect(message).toContain('Fix: give both localName: "networks".');
});

test("their provider does not do for our objects", () => {
  const message = messageOf(() =>
    synth((stack) => {
      new TheirProvider(stack, "theirs", CANONICAL);
      new Fabric(stack, "f", { name: "f" });
    }),
  );
  expect(message).toContain("Found resources without a matching provider construct");
});

test.each(["My-Networks", "9s", "a_b", "a--b", "a-", ""])("%j is no local name", (localName) => {
  const message = messageOf(() => new MaasProvider(new TerraformStack(new App(), "lab"), "maas", { localName }));
  expect(message).toContain(`localName: "${localName}" is not a local name that Terraform takes`);
});
