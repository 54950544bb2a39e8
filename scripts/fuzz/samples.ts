import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { documentText } from "../../lib/model/document";
import { packageRoot } from "../../lib/constructs/internal/facts";
import { expressible } from "../../src/export/expressible";
import { adoptingDocument, readRegion, select } from "../../src/export/selection";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { MaasSimulator } from "../../src/simulator";
import { LAB } from "../../test/export/lab/seed";
import { API_KEY } from "./judge";
import type { Json } from "./odd";

/** A region with an object of every kind. */
export const startLab = (): Promise<MaasSimulator> =>
  MaasSimulator.start({ seed: LAB, maasVersion: "3.7.3", adminKey: API_KEY });

export const clientOf = ({ url, apiKey }: Pick<MaasSimulator, "url" | "apiKey">, front = url): MaasClient =>
  new MaasClient({ apiUrl: ApiUrl.parse(front), apiKey: ApiKey.parse(apiKey), retry: { deadlineMs: 0 } });

/** The document of everything that such a region has. */
export async function labDocument(): Promise<Json> {
  const simulator = await startLab();
  const client = clientOf(simulator);
  try {
    const found = expressible(select((await readRegion(client, { machines: true })).objects));
    return JSON.parse(documentText(adoptingDocument(found, simulator.url))) as Json;
  } finally {
    await client.close();
    await simulator.stop();
  }
}

const STATES = join(packageRoot(), "test/e2e/moved-states");

export interface Estate {
  readonly main: string;
  readonly state: Json | undefined;
}

/** Configurations of canonical/maas, and what it left in their states. */
export function estates(): Estate[] {
  const folders = readdirSync(STATES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => {
    const files = readdirSync(join(STATES, name));
    const state = files.find((file) => file.endsWith(".tfstate"));
    const main = files
      .filter((file) => file.endsWith(".tf"))
      .map((file) => readFileSync(join(STATES, name, file), "utf8"));
    return {
      main: main.join("\n"),
      state: state === undefined ? undefined : (JSON.parse(readFileSync(join(STATES, name, state), "utf8")) as Json),
    };
  });
}

interface StoredResource {
  readonly type: string;
  readonly instances: readonly { readonly attributes: Json }[];
}

/** The attributes of all instances that canonical/maas left in those states, by type. */
export function storedInstances(): ReadonlyMap<string, readonly Json[]> {
  const found = new Map<string, Json[]>();
  for (const { state } of estates()) {
    const { resources = [] } = (state ?? {}) as { readonly resources?: readonly StoredResource[] };
    for (const { type, instances } of resources)
      found.set(type, [...(found.get(type) ?? []), ...instances.map(({ attributes }) => attributes)]);
  }
  return found;
}
