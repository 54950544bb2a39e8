import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, normalize, relative, resolve } from "node:path";
import { ProblemError } from "../../lib/model/problem";
import { refuseSpecialFile } from "../files/regular-file";
import { Configuration, type SourceFile, sourceFile } from "../migrate/configuration";
import { attributeOf } from "../migrate/hcl/ast";
import { hasRequiredProviders } from "../migrate/providers";
import { State, StateError } from "../migrate/state";
import { constantOf } from "../migrate/values";

/** Files that can't be migrated as they are. Nothing is written then. */
export class MigrationInputError extends ProblemError {
  override readonly name = "MigrationInputError";
  constructor(file: string, problem: string, options?: { readonly cause?: unknown }) {
    super("MAAS-MIG-02", `${file}: ${problem}. Nothing was written.`, [], options);
  }
}

/** A configuration that is to be migrated. */
export interface Unit {
  /** As the user named it. */
  readonly folder: string;
  readonly files: readonly SourceFile[];
  /** The modules that it calls, where their files are in the tree too. */
  readonly modules: readonly CalledUnit[];
}

/** A module that is called by another one's files. */
export interface CalledUnit {
  /** Name of the `module` block. */
  readonly name: string;
  readonly isRepeated: boolean;
  /** The folder of its files, as an absolute path. */
  readonly folder: string;
}

const isNative = (file: string): boolean => /\.(tf|tofu)$/.test(file);
const isJson = (file: string): boolean => /\.(tf|tofu)\.json$/.test(file);
/** What Terraform does not read in a folder, whatever its ending: hidden files, and those that editors leave. */
const isIgnored = (file: string): boolean => /^\.|~$|^#.*#$/.test(file);

const messageOf = (cause: unknown): string => (cause as Error).message;

/** Reads a file as UTF-8. @throws MigrationInputError with line and column of the first byte that is not */
function readText(file: string): string {
  let bytes: Buffer;
  try {
    refuseSpecialFile(file);
    bytes = readFileSync(file);
  } catch (cause) {
    throw new MigrationInputError(file, `it can't be read (${messageOf(cause)})`, { cause });
  }
  const text = bytes.toString("utf8");
  if (Buffer.from(text, "utf8").equals(bytes)) return text;
  const at = text.indexOf("\uFFFD");
  const before = text.slice(0, at).split("\n");
  const place = `${before.length}:${[...(before.at(-1) ?? "")].length + 1}`;
  throw new MigrationInputError(
    `${file}:${place}`,
    "a byte here is not UTF-8, which Terraform reads: save the file as UTF-8",
  );
}

const JSON_FIX =
  "files in JSON syntax are not rewritten: change what generates them, or write them in HCL. The changes to make are in docs/migrating-from-canonical-maas.md";

/** Refuses a file in JSON syntax that has something of MAAS, at the place where it says so. */
function refuseJson(file: string, isNamed: boolean): void {
  const text = readText(file);
  const at = text.search(/"maas_\w+"|(canonical|maas)\/maas"/);
  if (at < 0 && !isNamed) return;
  const before = text.slice(0, Math.max(0, at)).split("\n");
  throw new MigrationInputError(`${file}:${before.length}:${[...(before.at(-1) ?? "")].length + 1}`, JSON_FIX);
}

/** The files of a folder, and those of them that the user has named. */
interface Named {
  readonly folder: string;
  readonly own: Set<string>;
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && !isIgnored(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    throw new MigrationInputError(folder, `it can't be listed (${messageOf(cause)})`, { cause });
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new MigrationInputError(
      path,
      isMissing ? "there is no such file or folder" : `it can't be read (${messageOf(cause)})`,
      { cause },
    );
  }
}

function named(paths: readonly string[]): Named[] {
  const folders = new Map<string, Named>();
  const of = (folder: string): Named => {
    const id = resolve(folder);
    const known = folders.get(id) ?? { folder: normalize(folder), own: new Set<string>() };
    folders.set(id, known);
    return known;
  };
  for (const path of paths) {
    if (isFolder(path)) {
      const files = listing(path);
      for (const file of files.filter(isJson)) refuseJson(join(path, file), false);
      const native = files.filter(isNative);
      if (native.length === 0) throw new MigrationInputError(path, "the folder has no .tf files");
      for (const file of native) of(path).own.add(file);
    } else if (isNative(path)) of(dirname(path)).own.add(basename(path));
    else if (isJson(path)) refuseJson(path, true);
    else
      throw new MigrationInputError(path, "it is not a Terraform file: its name ends neither with .tf nor with .tofu");
  }
  return [...folders.values()];
}

/** The modules that files call by a path. Those of registries and repositories are not in the tree. */
function modulesOf(folder: string, files: readonly SourceFile[]): CalledUnit[] {
  return new Configuration(files).blocks("module").flatMap(({ file, block }) => {
    const [name, source] = [block.labels[0]?.text, attributeOf(block.body, "source")];
    const path = source && constantOf(source.value, file.edits.text);
    if (name === undefined || typeof path !== "string" || !/^\.\.?\//.test(path)) return [];
    const isRepeated = ["count", "for_each"].some((word) => attributeOf(block.body, word) !== undefined);
    return [{ name, isRepeated, folder: resolve(folder, path) }];
  });
}

function unitsOf({ folder, own }: Named): Unit[] {
  const names = new Set([...listing(folder).filter(isNative), ...own]);
  const files = [...names].sort().map((name) => {
    const path = join(folder, name);
    return sourceFile(path, readText(path), own.has(name));
  });
  const roots = files.filter(({ body }) => hasRequiredProviders(body));
  const units =
    roots.length < 2 ? [files] : [...roots.map((root) => [root]), files.filter((file) => !roots.includes(file))];
  return units
    .filter((unit) => unit.some(({ isOwn }) => isOwn))
    .map((unit) => ({ folder, files: unit, modules: modulesOf(folder, unit) }));
}

/**
 * The configurations that some files and folders are of, and with a folder the modules that it calls by a path. The files of a
 * folder are one configuration, of which those that are not named are read too; where several say what providers they require,
 * each of them is one by itself.
 *
 * @throws MigrationInputError, HclError
 */
export function readUnits(paths: readonly string[]): Unit[] {
  const found = named(paths);
  const whole = new Set(paths.filter(isFolder).map((path) => resolve(path)));
  const known = new Set(found.map(({ folder }) => resolve(folder)));
  const units: Unit[] = [];
  // Grows while it is gone through: a module calls others.
  for (const one of found) {
    const own = unitsOf(one);
    units.push(...own);
    if (!whole.has(resolve(one.folder))) continue;
    for (const { folder } of own.flatMap(({ modules }) => modules)) {
      if (known.has(folder)) continue;
      known.add(folder);
      const shownAs = relative(".", folder);
      const [module] = existsSync(folder) ? named([shownAs === "" ? "." : shownAs]) : [];
      if (module === undefined) continue;
      whole.add(folder);
      found.push(module);
    }
  }
  return units;
}

/** The state that is named, else the one beside the configuration; undefined where there is none. @throws StateError */
export function readState(folder: string, file: string | undefined): State | undefined {
  const path = file ?? join(folder, "terraform.tfstate");
  try {
    refuseSpecialFile(path);
    return State.parse(path, readFileSync(path, "utf8"));
  } catch (cause) {
    if (cause instanceof StateError) throw cause;
    if (file === undefined && (cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StateError(path, `it can't be read (${messageOf(cause)})`, { cause });
  }
}

/**
 * Writes all files or none: each first beside its place, then all are put there. Links and modes stay.
 *
 * @throws MigrationInputError
 */
export function writeAll(files: readonly { readonly name: string; readonly text: string }[]): void {
  const places = files.map(({ name, text }) => {
    const path = realpathSync(name);
    return { name, path, text, aside: `${path}.${randomBytes(4).toString("hex")}.tmp`, before: readFileSync(path) };
  });
  const done: typeof places = [];
  try {
    for (const { path, text, aside } of places) {
      writeFileSync(aside, text, { flag: "wx" });
      chmodSync(aside, statSync(path).mode);
    }
    for (const place of places) {
      renameSync(place.aside, place.path);
      done.push(place);
    }
  } catch (cause) {
    for (const { path, before } of done) writeFileSync(path, before);
    for (const { aside } of places) rmSync(aside, { force: true });
    const { name = "" } = places.find((place) => !done.includes(place)) ?? {};
    throw new MigrationInputError(name, `the files can't be written (${messageOf(cause)})`, { cause });
  }
}
