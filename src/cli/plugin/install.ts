import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  isPlaced,
  isPlugin,
  type PluginFile,
  versionsIn,
  writePlugin,
} from "../../../lib/provider/plugin/plugin-files";
import { InputFileError } from "../../reconcile/engine/input-error";

/** What is to be installed, and where. */
export interface Installation {
  /** The plugin for each platform. */
  readonly plugins: readonly PluginFile[];
  readonly version: string;
  /** Folder with Terraform's layout of mirrors. */
  readonly mirror: string;
}

/** What became of one platform's plugin. */
export interface Installed {
  readonly file: string;
  /** `kept`: it was there already, the same bytes. */
  readonly outcome: "placed" | "replaced" | "kept";
}

const AWAY = "Move it away, or name another folder with --mirror.";

/** @throws InputFileError for what is there and no plugin of this package, or would change the hash of the plugin's folder */
function refuseForeign(file: string, { version, mirror }: Installation): void {
  const folder = dirname(file);
  const zip = join(versionsIn(mirror), `terraform-provider-maas_${version}_${basename(folder)}.zip`);
  if (existsSync(zip))
    throw new InputFileError(
      zip,
      `the mirror already has this version as a zip file, and Terraform uses only one of the two. ${AWAY}`,
    );
  if (!existsSync(folder)) return;
  const other = readdirSync(folder).find((name) => name !== basename(file));
  if (other !== undefined) {
    const why = "the lock file's hash is one of all that is in the plugin's folder, and this is not the plugin";
    throw new InputFileError(join(folder, other), `${why}. ${AWAY}`);
  }
  const present = lstatSync(file, { throwIfNoEntry: false });
  if (present === undefined || (present.isFile() && isPlugin(readFileSync(file)))) return;
  throw new InputFileError(file, `this is in the plugin's place, and no plugin of cdktf-maas. ${AWAY}`);
}

/**
 * Puts the plugin into a mirror directory for each platform, each in one step. Looks at all of them before it writes
 * the first. A second call changes nothing; other versions are left alone.
 *
 * @throws InputFileError for what is in the way, and where nothing can be written
 */
export function installPlugin(installation: Installation): Installed[] {
  const { plugins, version, mirror } = installation;
  return inMirror(mirror, () => {
    const placed = plugins.map((plugin) => {
      const file = join(versionsIn(mirror), version, plugin.platform, plugin.name);
      return { plugin, file, isThere: isPlaced(file, plugin) };
    });
    for (const { file } of placed) refuseForeign(file, installation);
    return placed.map(({ plugin, file, isThere }) => {
      if (isThere) return { file, outcome: "kept" };
      const outcome = existsSync(file) ? "replaced" : "placed";
      // Not beside the plugin: what a killed run leaves there would count in the hash of the folder.
      mkdirSync(mirror, { recursive: true });
      writePlugin(file, plugin, mirror);
      return { file, outcome };
    });
  });
}

/** Does work on files, and says which folder it is about when that fails. */
function inMirror<T>(mirror: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof InputFileError) throw cause;
    const fix = "Name a folder that can be written to with --mirror.";
    throw new InputFileError(mirror, `no plugin can be placed in it (${(cause as Error).message}). ${fix}`, [], {
      cause,
    });
  }
}
