import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** As many symbolic links as Linux follows. */
const MOST_LINKS = 40;

/** The file that a name stands for: what symbolic links lead to, whether or not it exists yet. @throws Error for a circle of links */
export function fileBehind(name: string): string {
  let file = name;
  for (let links = 0; lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true; links += 1) {
    if (links === MOST_LINKS) throw new Error("its symbolic link leads in a circle");
    // A relative link starts at the folder that holds it, which may be behind a link itself.
    file = resolve(realpathSync(dirname(file)), readlinkSync(file));
  }
  return file;
}
