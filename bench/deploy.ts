// The ways to deploy one estate: Terraform with a local state and with one behind an HTTP backend, and the engine, which is what
// ApplyStep runs. `--size N` is the number of objects.
import { parseArgs } from "node:util";
import { runScript, wholeNumber } from "../scripts/options";
import { documentText } from "../lib/model/document";
import { readDocument } from "../lib/model/document/read";
import { ApiKey } from "../src/maas/api-key";
import { ApiUrl } from "../src/maas/api-url";
import { MaasClient } from "../src/maas/client";
import { MemoryRecordStore } from "../src/reconcile/engine/record/record-store";
import { MaasSimulator } from "../src/simulator";
import { asDocument, asResources, type Estate, estateOf } from "./support/estate";
import { runEngine } from "./support/engine-run";
import { ratio, seconds, table, timed } from "./support/table";
import { OWN, playTerraform } from "./support/terraform-run";

const {
  values: { size },
} = parseArgs({ options: { size: { type: "string" } } });

interface Times {
  readonly apply: number;
  readonly destroy: number;
}

async function withTerraform(estate: Estate, local: boolean): Promise<Times> {
  const { costs } = await playTerraform(OWN, asResources(estate), { local, steps: ["apply", "destroy"] });
  return { apply: costs.apply?.ms ?? NaN, destroy: costs.destroy?.ms ?? NaN };
}

async function withEngine(estate: Estate): Promise<Times> {
  const document = readDocument(documentText(asDocument(estate)));
  const simulator = await MaasSimulator.start();
  const { url } = simulator;
  const client = new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: ApiKey.parse(simulator.apiKey) });
  const store = new MemoryRecordStore();
  const apply = await timed(() => runEngine(client, store, { goal: "apply", document, url }));
  const destroy = await timed(() => runEngine(client, store, { goal: "destroy", document, url }));
  await client.close();
  await simulator.stop();
  return { apply, destroy };
}

async function main(): Promise<void> {
  const estate = estateOf(wholeNumber("--size", size, 700));
  const ways: readonly (readonly [string, () => Promise<Times>])[] = [
    ["Terraform, local state", () => withTerraform(estate, true)],
    ["Terraform, HTTP backend", () => withTerraform(estate, false)],
    ["ApplyStep (the engine)", () => withEngine(estate)],
  ];
  const measured: (readonly [string, Times])[] = [];
  for (const [name, measure] of ways) measured.push([name, await measure()]);
  const [[, base] = ["", { apply: NaN, destroy: NaN }]] = measured;
  process.stdout.write(`${estate.count} objects\n\n`);
  process.stdout.write(
    table(
      ["", "apply", "to the first", "destroy", "to the first"],
      measured.map(([name, { apply, destroy }]) => [
        ...[name, seconds(apply), ratio(apply, base.apply), seconds(destroy), ratio(destroy, base.destroy)],
      ]),
    ),
  );
}

runScript(main);
