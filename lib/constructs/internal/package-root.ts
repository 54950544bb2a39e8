import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folder of this package: the nearest one with a package.json, from the sources as from dist/. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
