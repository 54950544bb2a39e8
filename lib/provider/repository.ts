import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** The folder and those that it is in, from the inside out. */
function* upwards(folder: string): Generator<string> {
  yield folder;
  const parent = dirname(folder);
  if (parent !== folder) yield* upwards(parent);
}

/**
 * Where a folder is in its Git repository: `infra/network`, or empty for the repository's root and outside of any. A
 * worktree and a submodule have a file `.git` in place of the folder.
 */
export function folderInRepository(folder: string): string {
  const start = resolve(folder);
  for (const root of upwards(start))
    if (existsSync(join(root, ".git"))) return relative(root, start).split(sep).join("/");
  return "";
}
