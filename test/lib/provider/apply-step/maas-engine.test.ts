import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { ApplyStep, Fabric, Ipv4Subnet, Ipv6Subnet, MaasEngine, Vlan } from "cdktf-maas";
import { messageOf, readStack, synth, temporaryApp } from "../../../support/synth";
import { network, regionOf } from "./lab";

const { APPLY_STEP, PROVIDER } = MaasEngine;

test("with the apply step as the engine nothing of MAAS is in Terraform's file, and no plugin beside it", () => {
  const { folder, terraform, provider, resource, data } = synth((stack) => {
    regionOf(stack, APPLY_STEP, { tlsInsecureSkipVerify: true });
    network(stack);
    new ApplyStep(stack, "apply");
  });
  expect(Object.keys(resource)).toEqual(["null_resource"]);
  expect(data).toBeUndefined();
  expect(Object.keys(provider)).toEqual(["null"]);
  expect(Object.keys(terraform.required_providers)).toEqual(["null"]);
  expect(readFileSync(join(folder, "cdk.tf.json"), "utf8")).not.toContain("maas_");
  for (const file of ["terraform.d", ".terraform", ".terraform.lock.hcl"])
    expect([file, existsSync(join(folder, file))]).toEqual([file, false]);
});

test("the document and the report are the same with either engine", () => {
  const [byStep, byProvider] = [APPLY_STEP, PROVIDER].map((engine) =>
    synth((stack) => {
      regionOf(stack, engine);
      network(stack);
      new ApplyStep(stack, "apply");
    }),
  );
  for (const file of ["maas-network.json", "maas-ipv6-report.json"]) {
    const [one, other] = [byStep, byProvider].map((synthesised) =>
      readFileSync(join(synthesised?.folder ?? "", file), "utf8"),
    );
    expect(one).toEqual(other);
  }
});

test("the IPv6 caveats are enforced as ever", () => {
  const message = messageOf(() =>
    synth((stack) => {
      regionOf(stack, APPLY_STEP);
      new ApplyStep(stack, "apply");
      const { untagged } = new Fabric(stack, "fabric", { name: "lab" });
      new Ipv6Subnet(stack, "v6", { vlan: untagged, cidr: "2001:db8:1::/64" });
    }),
  );
  expect(message).toContain("MAAS6-DUA-01");
});

test("a region with the apply step as its engine must have one", () => {
  const message = messageOf(() =>
    synth((stack) => {
      regionOf(stack, APPLY_STEP);
      network(stack);
    }),
  );
  expect(message).toContain("[lab/maas] with MaasEngine.APPLY_STEP nothing makes the objects");
  expect(message).toContain('new ApplyStep(stack, "apply")');
});

test("a reference to an attribute that Terraform will not know is refused with both paths", () => {
  const message = messageOf(() =>
    synth((stack) => {
      regionOf(stack, APPLY_STEP);
      const { v4 } = network(stack);
      new TerraformOutput(stack, "subnet_id", { value: `id-${v4.id}` });
      new TerraformOutput(stack, "by_name", { value: Fabric.fromName(stack, "other", "other").id });
      new ApplyStep(stack, "apply");
    }),
  );
  expect(message).toContain("lab/subnet_id reads an attribute of lab/v4, which Terraform does not know");
  expect(message).toContain("lab/by_name reads an attribute of lab/other");
  expect(message).toContain("no data.maas_fabric.other");
});

test("what depends on a MAAS object depends on the apply step, and the step on what the objects depend on", () => {
  const { resource } = synth((stack) => {
    regionOf(stack, APPLY_STEP);
    const { v4 } = network(stack);
    const before = new Resource(stack, "before");
    new Vlan(stack, "vlan", { fabric: Fabric.fromName(stack, "other", "other"), vid: 7, dependsOn: [before, v4] });
    new ApplyStep(stack, "apply");
    new Resource(stack, "after", { dependsOn: [v4] });
  });
  const step = resource.null_resource ?? {};
  expect(step.after?.depends_on).toEqual(["null_resource.apply"]);
  const claim = Object.keys(step).find((name) => name.startsWith("apply_claim_"));
  expect(step[claim ?? ""]?.depends_on).toEqual(["null_resource.before"]);
});

test("two regions of one stack may have different engines", () => {
  const { folder, resource, provider } = synth((stack) => {
    regionOf(stack, PROVIDER);
    const second = regionOf(stack, APPLY_STEP, { alias: "second", apiUrl: "http://127.0.0.2:5240/MAAS" });
    new Fabric(stack, "one", { name: "one" });
    const two = new Fabric(stack, "two", { name: "two", provider: second });
    new Ipv4Subnet(stack, "v4", { vlan: two.untagged, cidr: "10.2.0.0/24", provider: second });
    new ApplyStep(stack, "apply", { provider: second });
  });
  expect(Object.keys(resource.maas_fabric ?? {})).toEqual(["one"]);
  expect(resource.maas_subnet).toBeUndefined();
  expect(provider.maas).toEqual([{ api_url: "http://127.0.0.1:5240/MAAS", journal_path: "maas-journal" }]);
  expect(existsSync(join(folder, "terraform.d"))).toBe(true);
  const commands = JSON.stringify(resource.null_resource);
  expect(commands).toContain("maas-network.second.json");
  expect(commands).not.toContain("maas-network.json");
});

test("a stack whose objects refer to another stack's is deployed after that", () => {
  const app = temporaryApp();
  const [one, two] = ["one", "two"].map((name) => new TerraformStack(app, name)) as [TerraformStack, TerraformStack];
  for (const stack of [one, two]) regionOf(stack, APPLY_STEP);
  const fabric = new Fabric(one, "fabric", { name: "lab" });
  new Vlan(two, "vlan", { fabric, vid: 20 });
  for (const stack of [one, two]) new ApplyStep(stack, "apply");
  app.synth();
  const manifest = JSON.parse(readFileSync(join(app.outdir, "manifest.json"), "utf8")) as {
    stacks: Record<string, { dependencies: string[] }>;
  };
  expect(manifest.stacks.two?.dependencies).toEqual(["one"]);
  expect(readStack(app, "one").resource).not.toHaveProperty("maas_fabric");
  expect(readFileSync(join(readStack(app, "two").folder, "maas-network.json"), "utf8")).toContain('"look_up"');
});

test("a literal API key is refused although there is no provider block", () => {
  const message = messageOf(() =>
    synth((stack) => {
      const key = new TerraformVariable(stack, "key", { default: "consumer:token:secret", sensitive: true });
      regionOf(stack, APPLY_STEP, { apiKey: key.stringValue });
      network(stack);
      new ApplyStep(stack, "apply");
    }),
  );
  expect(message).toContain("It would be readable in the synthesised files.");
  expect(message).not.toContain("consumer:token:secret");
});
