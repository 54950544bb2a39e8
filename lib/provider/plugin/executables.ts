import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { pluginHash } from "./lock-file";
import { type PluginFile, pluginFileName } from "./plugin-files";

/** Executables that can't be placed. The message is for the user, without the name of the file. */
export class ExecutablesError extends Error {
  override readonly name = "ExecutablesError";
  constructor(
    /** The folder, or a file in it. */
    readonly file: string,
    readonly what: string,
    readonly fix: string,
    options?: ErrorOptions,
  ) {
    super(`${what}. ${fix}`, options);
  }
}

const REBUILD =
  "Use the executables of the very package that is installed, or make them with `npm run package -- --executables`.";

/** As APPNOTE.TXT of PKWARE calls them: "end of central directory record", and "central file header". */
const END = { signature: 0x06054b50, size: 22 };
const ENTRY_SIGNATURE = 0x02014b50;
const DEFLATE = 8;

/** The one file in a zip file. @throws Error for what is none, or has other files */
function onlyFileIn(zip: Buffer, name: string): Buffer {
  const end = zip.length - END.size;
  if (zip.readUInt32LE(end) !== END.signature || zip.readUInt16LE(end + 10) !== 1)
    throw new Error("it is no zip file with one file in it");
  const entry = zip.readUInt32LE(end + 16);
  const [nameLength, start] = [zip.readUInt16LE(entry + 28), zip.readUInt32LE(entry + 42)];
  const found = zip.toString("utf8", entry + 46, entry + 46 + nameLength);
  if (zip.readUInt32LE(entry) !== ENTRY_SIGNATURE || found !== name || zip.readUInt16LE(entry + 10) !== DEFLATE)
    throw new Error(`its file is not ${name}`);
  const data = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
  return inflateRawSync(zip.subarray(data, data + zip.readUInt32LE(entry + 20)), {
    maxOutputLength: zip.readUInt32LE(entry + 24),
  });
}

/** What was found out about a zip file, so that an app with many stacks unpacks it once. */
const KNOWN = new Map<string, Pick<PluginFile, "hash" | "size">>();

/** The executable in one zip file. @param script the plugin, which it must hold */
function executableIn(file: string, platform: string, version: string, script: Buffer): PluginFile {
  const name = pluginFileName(version, platform);
  const content = (): Buffer => {
    try {
      return onlyFileIn(readFileSync(file), name);
    } catch (cause) {
      throw new ExecutablesError(file, `the plugin can't be taken out of it (${(cause as Error).message})`, REBUILD, {
        cause,
      });
    }
  };
  const { mtimeMs, size } = statSync(file);
  const key = JSON.stringify([file, mtimeMs, size, pluginHash(name, script)]);
  let known = KNOWN.get(key);
  if (known === undefined) {
    const unpacked = content();
    if (!unpacked.includes(script))
      throw new ExecutablesError(file, "it holds another build of the plugin than this package", REBUILD);
    known = { hash: pluginHash(name, unpacked), size: unpacked.length };
    KNOWN.set(key, known);
  }
  return { ...known, platform, name, content };
}

/**
 * The plugin's single executables for this version, of the zip files in a folder: what `npm run package -- --executables`
 * has made, or some of it.
 *
 * @param script the plugin as a script, which each of them must hold
 * @throws ExecutablesError when the folder has none, or one that is no executable of this plugin
 */
export function executablesIn(folder: string, version: string, script: Buffer): PluginFile[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new ExecutablesError(
      folder,
      "there is no such folder",
      "Name the one with the zip files of the executables.",
    );
  const zipName = new RegExp(`^terraform-provider-maas_${version.replaceAll(".", "\\.")}_([a-z0-9]+_[a-z0-9]+)\\.zip$`);
  const found = readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const platform = zipName.exec(name)?.[1];
      return platform === undefined ? [] : [executableIn(join(folder, name), platform, version, script)];
    });
  if (found.length > 0) return found;
  const wanted = `terraform-provider-maas_${version}_OS_ARCH.zip`;
  throw new ExecutablesError(folder, `it has no ${wanted}`, REBUILD);
}
