import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MaasProvider, Space } from "cdktf-maas";
import { readDocument } from "../../../lib/model/document/read";
import { UNKNOWN } from "../../../lib/model/known";
import { synth } from "../../support/synth";

test.each([
  ["costs $${x}, %%{if}", "costs ${x}, %{if}"],
  ["lab ${var.name}", UNKNOWN],
])(
  "the description %j goes to Terraform as it is, and into the document as what Terraform makes of it",
  (given, said) => {
    const { folder, resource } = synth((scope) => {
      new MaasProvider(scope, "maas");
      new Space(scope, "lab", { name: "lab", description: given });
    });
    expect(resource.maas_space?.lab?.description).toBe(given);
    const { objects } = readDocument(readFileSync(join(folder, "maas-network.json"), "utf8"));
    expect(objects.space?.[0]?.attributes.description).toBe(said);
  },
);
