import { resolve } from "node:path";
import { PROVIDER_SOURCE } from "../../lib/model/kind";
import { version } from "../../package.json";
import { readRegion } from "../export/selection";
import { withEnvironment } from "../maas/connection";
import type { Facts, ModuleCall, RegionObject } from "../migrate/context";
import { importedBy, type Migration, migrate, wantsRegion } from "../migrate/migrate";
import type { ConnectionOptions } from "./connection-options";
import { withRegion } from "./live-region";
import type { MigrateOptions } from "./migrate-command";
import { readState, readUnits, type Unit, writeAll } from "./migrate-files";
import { diffText, nextText, reportText } from "./output/migration-text";
import { stdout } from "./output/terminal";

/** Exit code when something is left to the user. */
const LEFT = 2;

const provider = { source: PROVIDER_SOURCE, version };

/** The objects of the region that the options or the environment name; undefined where they name none. */
async function regionOf(options: ConnectionOptions): Promise<readonly RegionObject[] | undefined> {
  const { api_url: url, api_key: key } = withEnvironment({ api_url: options.url ?? "" }, process.env);
  if (options.url === undefined && (url === undefined || key === undefined)) return undefined;
  const { objects } = await withRegion(options, (client) => readRegion(client, { machines: true }));
  return objects;
}

interface Migrated {
  readonly unit: Unit;
  readonly facts: Facts;
  readonly migration: Migration;
}

/** What calls each module of a tree, by its folder: from the root modules on. */
function callsOf(units: readonly Unit[]): ReadonlyMap<string, readonly ModuleCall[]> {
  const calls = new Map<string, ModuleCall[]>();
  const walk = (unit: Unit, address: string, isWithin: boolean, above: readonly string[]): void => {
    for (const { name, isRepeated, folder } of unit.modules) {
      const called = units.find((other) => resolve(other.folder) === folder);
      // Terraform refuses a module that calls itself.
      if (called === undefined || above.includes(folder)) continue;
      const call = { address: `${address}module.${name}`, isRepeated: isWithin || isRepeated };
      calls.set(folder, [...(calls.get(folder) ?? []), call]);
      walk(called, `${call.address}.`, call.isRepeated, [...above, folder]);
    }
  };
  const inner = new Set(units.flatMap(({ modules }) => modules.map(({ folder }) => folder)));
  for (const unit of units) if (!inner.has(resolve(unit.folder))) walk(unit, "", false, [resolve(unit.folder)]);
  return calls;
}

/** The folder whose state has the resources of a module: that of a root module that calls it. */
function rootOf(units: readonly Unit[], unit: Unit): Unit {
  const caller = units.find(({ modules }) => modules.some(({ folder }) => folder === resolve(unit.folder)));
  const rest = units.filter((other) => other !== unit);
  return caller === undefined || caller === unit || !units.includes(unit) ? unit : rootOf(rest, caller);
}

/** Modules before what calls them. */
function inOrder(units: readonly Unit[]): Unit[] {
  const done: Unit[] = [];
  const visit = (unit: Unit, above: readonly Unit[]): void => {
    if (done.includes(unit) || above.includes(unit)) return;
    for (const { folder } of unit.modules)
      for (const other of units) if (resolve(other.folder) === folder) visit(other, [...above, unit]);
    done.push(unit);
  };
  for (const unit of units) visit(unit, []);
  return done;
}

async function migrateAll(paths: readonly string[], options: MigrateOptions): Promise<Migrated[]> {
  const units = readUnits(paths);
  const calls = callsOf(units);
  const known = inOrder(units).map((unit) => {
    const own = calls.get(resolve(unit.folder));
    const all = readState(rootOf(units, unit).folder, options.state);
    const state = all?.within(own?.map(({ address }) => address) ?? [""]);
    return { unit, facts: { provider, ...(state && { state }), ...(own && { calls: own }) } satisfies Facts };
  });
  const isWanted = known.some(({ unit, facts }) => wantsRegion(unit.files, facts));
  const region = isWanted ? await regionOf(options) : undefined;
  const imported = units.flatMap(({ files }) => importedBy(files));
  const done = new Map<string, Migration>();
  const migrated = known.map(({ unit, facts }) => {
    const called = unit.modules.flatMap(({ name, folder }) => {
      const of = done.get(folder);
      return of === undefined ? [] : [{ name, stays: of.stays, imports: of.imports }];
    });
    const own = facts.calls === undefined ? {} : { imported };
    const all = {
      ...facts,
      ...own,
      ...(region && { region }),
      called,
      imports: called.flatMap(({ imports }) => imports),
    };
    const migration = migrate(unit.files, all);
    done.set(resolve(unit.folder), migration);
    return { unit, facts: all, migration };
  });
  return migrated.sort((a, b) => units.indexOf(a.unit) - units.indexOf(b.unit));
}

/** The addresses of canonical/maas that the state has resources of, as `terraform state replace-provider` takes them. */
function replaced({ facts: { state }, migration }: Migrated): string[] {
  if (state === undefined) return migration.changesProvider ? ["canonical/maas"] : [];
  return [...state.providers].filter(
    (address) => /\/(canonical|maas)\/maas$/.test(address) && address !== PROVIDER_SOURCE,
  );
}

/** The folders whose state is to follow their configuration, each once. */
function folders(all: readonly Migrated[]): { folder: string; from: string[] }[] {
  const by = new Map<string, string[]>();
  for (const one of all) {
    if (!one.migration.changesProvider && !isChanged(one)) continue;
    const { folder } = one.unit;
    // A module's resources are in the state of what calls it.
    if (one.facts.calls !== undefined) continue;
    by.set(folder, [...new Set([...(by.get(folder) ?? []), ...replaced(one)])]);
  }
  return [...by].map(([folder, from]) => ({ folder, from }));
}

const isChanged = ({ migration: { files } }: Migrated): boolean =>
  files.some(({ file, text }) => file.edits.text !== text);

/** Does what `cdktf-maas migrate` is for. */
export async function migrateFiles(paths: readonly string[], options: MigrateOptions): Promise<void> {
  const all = await migrateAll(paths, options);
  const changed = all.flatMap(({ migration: { files } }) => files).filter(({ file, text }) => file.edits.text !== text);
  if (options.write === true) writeAll(changed.map(({ file: { name }, text }) => ({ name, text })));
  else for (const { migration } of all) stdout.write(diffText(migration));
  const notes = all.flatMap(({ migration }) => migration.notes);
  if (notes.some(({ outcome }) => outcome === "by hand")) process.exitCode = LEFT;
  if (notes.length > 0) stdout.write(reportText(notes));
  if (changed.length === 0) {
    stdout.write("Nothing to rewrite: no file has anything that only canonical/maas takes.\n");
    return;
  }
  if (options.write === true) for (const { file } of changed) stdout.write(`Written: ${file.name}\n`);
  stdout.write(
    nextText({
      ...(options.write !== true && { write: paths }),
      ...{ folders: folders(all), to: PROVIDER_SOURCE, program: process.env.TERRAFORM_BINARY_NAME ?? "terraform" },
    }),
  );
}
