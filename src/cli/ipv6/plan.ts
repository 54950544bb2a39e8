import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { pictureOf } from "../../graph/picture-of";
import { html } from "../../graph/html";
import { svg } from "../../graph/svg";
import type { Rollout } from "../../rollout/rollout";
import { rolloutJson } from "../../rollout/rollout-json";
import { rolloutMarkdown } from "../output/rollout-markdown";
import { rolloutText } from "../output/rollout-text";
import { type Styled, writeOutput } from "../output/terminal";
import type { RolloutFormat, RolloutPlanOptions } from "./plan-command";
import { rolloutOf } from "./rollout-input";

/** Exit code when something stands in the way of a network; 1 is for a command that failed. */
const BLOCKED = 2;

const FORMATS: Readonly<Record<RolloutFormat, (rollout: Rollout) => Styled>> = {
  text: rolloutText,
  json: rolloutJson,
  markdown: rolloutMarkdown,
};

const PICTURES = { svg, html } as const;

/** Writes the picture of the region before the rollout and after it, in two forms. */
function writePictures(folder: string, { before, after }: Rollout, url = "MAAS"): void {
  mkdirSync(folder, { recursive: true });
  for (const [moment, { network, report }] of Object.entries({ before, after }))
    for (const [form, draw] of Object.entries(PICTURES))
      writeOutput(join(folder, `${moment}.${form}`), draw(pictureOf(network, report, `${url}, ${moment} the rollout`)));
}

/** Does what `cdktf-maas ipv6 plan` is for. */
export async function planIpv6(document: string | undefined, options: RolloutPlanOptions): Promise<void> {
  const { format, output, pictures } = options;
  const { rollout, url } = await rolloutOf(document, options);
  if (pictures !== undefined) writePictures(pictures, rollout, url);
  writeOutput(output, FORMATS[format](rollout));
  if (rollout.networks.some(({ state }) => state === "blocked")) process.exitCode = BLOCKED;
}
