import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { App, TerraformStack } from "cdktf";
import { Fabric, Ipv4Subnet, MaasProvider, StaticRange } from "cdktf-maas";
import { temporaryFolder } from "../../support/synth";
import { TERRAFORM } from "../../support/terraform";

test("CDKTF's HCL output holds the same as its JSON, and Terraform finds it valid", async () => {
  const app = new App({ outdir: join(temporaryFolder(), "cdktf.out"), hclOutput: true, stackTraces: false });
  process.env.SYNTH_HCL_OUTPUT = "true";
  const stack = new TerraformStack(app, "lab");
  delete process.env.SYNTH_HCL_OUTPUT;
  new MaasProvider(stack, "maas", { apiUrl: "http://region.example/MAAS", tlsInsecureSkipVerify: true });
  const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
  const subnet = new Ipv4Subnet(stack, "v4", {
    vlan,
    cidr: "10.0.0.0/24",
    dnsServers: ["10.0.0.53", "10.0.0.54"],
    rdnsMode: 1,
    managed: true,
    adoptExisting: true,
  });
  new StaticRange(stack, "nodes", { subnet, startIp: "10.0.0.10", endIp: "10.0.0.199" });
  Fabric.fromName(stack, "other", "other");
  const existing = Ipv4Subnet.fromCidr(stack, "existing", "10.0.1.0/24");
  new StaticRange(stack, "more", { subnet: existing, startIp: "10.0.1.1", endIp: "10.0.1.199" });
  app.synth();

  const cwd = join(app.outdir, "stacks", "lab");
  const env = { PATH: process.env.PATH, HOME: temporaryFolder(), CHECKPOINT_DISABLE: "1" };
  await promisify(execFile)(TERRAFORM, ["init", "-input=false"], { cwd, env });
  const { stdout } = await promisify(execFile)(TERRAFORM, ["validate", "-json"], { cwd, env });
  expect(JSON.parse(stdout)).toMatchObject({ valid: true });

  const hcl = readFileSync(join(cwd, "cdk.tf"), "utf8").replace(/\s+/g, " ");
  for (const text of [
    'api_url = "http://region.example/MAAS"',
    "tls_insecure_skip_verify = true",
    'resource "maas_fabric" "lab" { name = "lab"',
    'cidr = "10.0.0.0/24"',
    "rdns_mode = 1",
    "managed = true",
    "adopt_existing = true",
    'end_ip = "10.0.0.9"',
    'start_ip = "10.0.0.200"',
    'subnet = "${maas_subnet.v4.id}"',
    'data "maas_fabric" "other" { name = "other"',
    'precondition { condition = "${data.maas_subnet.existing.managed}"',
  ]) {
    expect(hcl).toContain(text);
  }
  expect(hcl).toMatch(/dns_servers = \[\s*"10\.0\.0\.53",\s*"10\.0\.0\.54",?\s*\]/);
}, 30_000);
