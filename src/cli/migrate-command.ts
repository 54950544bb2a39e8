import { Command } from "commander";
import { PROVIDER_SOURCE } from "../../lib/model/kind";
import { version } from "../../package.json";
import { readRegion } from "../export/selection";
import { withEnvironment } from "../maas/connection";
import type { Facts, RegionObject } from "../migrate/context";
import { type Migration, migrate, wantsRegion } from "../migrate/migrate";
import { type ConnectionOptions, withConnectionOptions, withRegion } from "./live-region";
import { readState, readUnits, type Unit, writeAll } from "./migrate-files";
import { diffText, nextText, reportText } from "./output/migration-text";
import { stdout } from "./output/terminal";

/** Exit code when something is left to the user. */
const LEFT = 2;

const provider = { source: PROVIDER_SOURCE, version };

interface MigrateOptions extends ConnectionOptions {
  readonly write?: true;
  readonly state?: string;
}

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

async function migrateAll(paths: readonly string[], options: MigrateOptions): Promise<Migrated[]> {
  const known = readUnits(paths).map((unit) => {
    const state = readState(unit.folder, options.state);
    const facts: Facts = { provider, ...(state !== undefined && { state }) };
    return { unit, facts };
  });
  const isWanted = known.some(({ unit, facts }) => wantsRegion(unit.files, facts));
  const region = isWanted ? await regionOf(options) : undefined;
  return known.map(({ unit, facts }) => {
    const all = { ...facts, ...(region !== undefined && { region }) };
    return { unit, facts: all, migration: migrate(unit.files, all) };
  });
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
    by.set(folder, [...new Set([...(by.get(folder) ?? []), ...replaced(one)])]);
  }
  return [...by].map(([folder, from]) => ({ folder, from }));
}

const isChanged = ({ migration: { files } }: Migrated): boolean =>
  files.some(({ file, text }) => file.edits.text !== text);

async function run(paths: readonly string[], options: MigrateOptions): Promise<void> {
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
    nextText({ ...(options.write !== true && { write: paths }), folders: folders(all), to: PROVIDER_SOURCE }),
  );
}

/** `cdktf-maas migrate`: a configuration of canonical/maas, rewritten for this package's provider. */
export function migrateCommand(): Command {
  const command = new Command("migrate")
    .description("Rewrite Terraform files of canonical/maas for the provider of this package")
    .argument("[file...]", "Terraform files, or folders of them", ["."]);
  return withConnectionOptions(command)
    .option("--write", "write the files; without it, the changes are shown as a diff")
    .option("--state <file>", "the state of the configuration (default: terraform.tfstate beside it)")
    .addHelpText(
      "after",
      "\nThe region of MAAS_API_URL (or --url) and MAAS_API_KEY is asked for what neither the files nor the state say." +
        "\nExit code: 0 = done, 2 = something is left to you, 1 = it failed, and nothing was written." +
        "\n\nExamples:\n  $ cdktf-maas migrate .\n  $ terraform state pull > state.json && cdktf-maas migrate --write --state state.json .",
    )
    .action(run);
}
