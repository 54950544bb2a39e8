// Zip files whose bytes follow from what is in them alone.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** The files below a folder, in the order of their names. */
export const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort(compare);

/** The date of all that is in an archive. Zip files have local time, and none before 1980. */
export function archiveDate(epoch) {
  const date = new Date(Math.max(epoch, 315532800) * 1000);
  return new Date(date.getTime() + date.getTimezoneOffset() * 60_000);
}

/** A zip file. @param entries content and mode of each file, by its path */
export function zip(entries, epoch, level = 9) {
  const mtime = archiveDate(epoch);
  const sorted = [...entries].sort(([a], [b]) => compare(a, b));
  const options = (mode) => ({ mtime, level, os: 3, attrs: ((0o100000 | mode) << 16) >>> 0 });
  return zipSync(Object.fromEntries(sorted.map(([path, { content, mode }]) => [path, [content, options(mode)]])));
}

/** A zip file of all that is below a folder. */
export function zipOf(folder, epoch) {
  const modeOf = (file) => ((statSync(join(folder, file)).mode & 0o111) === 0 ? 0o644 : 0o755);
  const entry = (file) => [file, { content: readFileSync(join(folder, file)), mode: modeOf(file) }];
  return zip(new Map(filesBelow(folder).map(entry)), epoch);
}
