import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Option } from "commander";
import type { Cdk } from "../export/typescript-source";

/** Name of the package that this program is in: cdktf-maas or cdktn-maas; undefined for a program on its own. */
function ownPackage(): string | undefined {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) {
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly name?: string }).name;
}

function isInstalled(name: Cdk): boolean {
  try {
    createRequire(join(process.cwd(), "package.json")).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The package that a written source imports: cdktn where that is installed and cdktf is not, and with cdktn-maas. */
export function cdkOf({ cdk }: { readonly cdk?: Cdk }): Cdk {
  if (cdk !== undefined) return cdk;
  if (ownPackage() === "cdktn-maas") return "cdktn";
  return isInstalled("cdktn") && !isInstalled("cdktf") ? "cdktn" : "cdktf";
}

/** `--cdk`, of commands that write TypeScript. */
export const cdkOption = (): Option =>
  new Option("--cdk <package>", "what TypeScript imports: CDKTF or CDK Terrain (default: the one that is installed)") //
    .choices(["cdktf", "cdktn"]);
