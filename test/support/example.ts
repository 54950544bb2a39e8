import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CdktfProject } from "./cdktf";
import { isSharedRegion, lentInterface, type TestRegion } from "./region";

const ROOT = join(__dirname, "..", "..");

/** Texts of an example and what stands for them on a shared region; the first one that fits is taken. */
export type Replacements = readonly (readonly [text: string, own: string])[];

const MODULES: Replacements = [
  [`require("cdktf-maas")`, `require(${JSON.stringify(join(ROOT, "dist/lib"))})`],
  [`require("cdktf")`, `require(${JSON.stringify(join(ROOT, "node_modules/cdktf"))})`],
];

/**
 * An example: on a simulator exactly as it is published; on a shared region with names and networks of the run's own,
 * and with the rack interface that the region lends.
 */
export class Example {
  private readonly replacements: Replacements;

  constructor(
    readonly name: string,
    own: Replacements,
  ) {
    const nic = isSharedRegion ? lentInterface() : undefined;
    const lent: Replacements =
      nic === undefined
        ? []
        : [
            [`"rack1"`, `"${nic.rack}"`],
            [`"eth1"`, `"${nic.name}"`],
          ];
    this.replacements = isSharedRegion ? [...own, ...lent] : [];
  }

  /** The text as it stands in the example that is deployed. */
  own(text: string): string {
    return replaced(text, this.replacements);
  }

  project({ urls, apiKey }: TestRegion): CdktfProject {
    const published = join(ROOT, "dist/examples", this.name, "main.js");
    if (!existsSync(published)) throw new Error(`${published} is missing: run \`npm run build\` before these tests`);
    return new CdktfProject(isSharedRegion ? this.rewritten(published) : published, {
      ...{ MAAS_API_URL: urls[0], MAAS_API_KEY: apiKey },
    });
  }

  private rewritten(published: string): string {
    const source = readFileSync(published, "utf8");
    const unknown = this.replacements.find(([text]) => !source.includes(text));
    if (unknown !== undefined) throw new Error(`the example ${this.name} has no ${unknown[0]} to be replaced`);
    const file = join(mkdtempSync(join(tmpdir(), "cdktf-maas-example-")), "main.js");
    writeFileSync(file, replaced(source, [...MODULES, ...this.replacements]));
    return file;
  }
}

function replaced(text: string, replacements: Replacements): string {
  return replacements.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}
