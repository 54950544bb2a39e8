import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER } from "../../lib/constructs/provider-address";
import type { ObjectJson } from "../../src/maas/codec";
import { ownNames, startRegion, type TestRegion } from "../support/region";
import { describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(60_000);

const suite = describeWithTerraform();

/** Where the other provider came from; the host plays no part. */
const OTHER = "example.com/canonical/maas";

suite("a state of canonical/maas", () => {
  const names = ownNames();
  let region: TestRegion;
  let workspace: Workspace;

  beforeAll(async () => {
    region = await startRegion();
    workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
  });
  afterAll(async () => {
    await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    workspace.remove();
    await region.stop();
  });

  test("goes on under this provider after `terraform state replace-provider`, with an empty plan", async () => {
    const post = async (path: string, form: Record<string, string>): Promise<ObjectJson> =>
      (await region.api.post(path, Object.entries(form))) as ObjectJson;
    const fabric = await post("fabrics/", { name: names.prefix });
    const [vlan] = fabric.vlans as ObjectJson[];
    const cidr = `${names.v4(1)}.0/24`;
    const subnet = await post("subnets/", { cidr, vlan: String(vlan?.id), gateway_ip: `${names.v4(1)}.1` });

    // As version 2 of that provider writes them: VLANs by VID, numbers for text, attributes that are not known here.
    const resources = [
      { type: "maas_fabric", attributes: { id: String(fabric.id as number), name: names.prefix } },
      {
        type: "maas_subnet",
        attributes: {
          id: String(subnet.id as number),
          cidr,
          fabric: names.prefix,
          vlan: 0,
          name: cidr,
          ip_ranges: [{ type: "reserved" }],
        },
      },
    ].map(({ type, attributes }) => ({
      mode: "managed",
      type,
      name: "lab",
      provider: `provider["${OTHER}"]`,
      instances: [{ schema_version: 0, attributes }],
    }));
    const state = { version: 4, terraform_version: "1.5.0", serial: 1, lineage: names.prefix, outputs: {}, resources };
    writeFileSync(join(workspace.folder, "terraform.tfstate"), JSON.stringify(state));
    await workspace.succeed(["state", "replace-provider", "-auto-approve", OTHER, PROVIDER.source]);
    workspace.write({
      resource: {
        maas_fabric: { lab: { name: names.prefix } },
        maas_subnet: { lab: { cidr, vlan: "${maas_fabric.lab.untagged_vlan}", gateway_ip: `${names.v4(1)}.1` } },
      },
    });
    await workspace.init();
    expect(await workspace.plan()).toEqual([]);
  });
});
