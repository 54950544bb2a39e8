// The provider as single executables, for machines without Node and for Windows: Node's own single-executable applications.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NODE_PLATFORMS, NODE_VERSION, nodeBinary, nodeLicence, ownPlatform } from "./node-binaries.mjs";
import { run } from "./run.mjs";
import { withAdHocSignature, withoutWindowsSignature } from "./signatures.mjs";

export const EXECUTABLE_PLATFORMS = NODE_PLATFORMS;

const NAME = "terraform-provider-maas";
const INJECT = fileURLToPath(new URL("../../node_modules/postject/dist/cli.js", import.meta.url));

/** What Node looks for in itself. @see Node's manual, "Single executable applications" */
const RESOURCE = "NODE_SEA_BLOB";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** The script in the form that Node carries in itself. Neither a code cache nor a snapshot: those are for one platform alone. */
function blob(plugin, work) {
  mkdirSync(work, { recursive: true });
  copyFileSync(plugin, join(work, NAME));
  // The path is in the blob: without a folder, so that the same script gives the same bytes.
  const config = { main: NAME, output: "blob", disableExperimentalSEAWarning: true };
  writeFileSync(join(work, "sea.json"), JSON.stringify(config));
  const node = join(work, "node");
  copyFileSync(nodeBinary(ownPlatform()), node);
  chmodSync(node, 0o755);
  run(node, ["--experimental-sea-config", "sea.json"], { cwd: work, env: { NODE_OPTIONS: "" } });
  return join(work, "blob");
}

function executable(platform, script, work) {
  const file = join(work, platform);
  const node = readFileSync(nodeBinary(platform));
  writeFileSync(file, platform.startsWith("windows_") ? withoutWindowsSignature(node) : node);
  const segment = platform.startsWith("darwin_") ? ["--macho-segment-name", "NODE_SEA"] : [];
  run(process.execPath, [INJECT, file, RESOURCE, script, "--sentinel-fuse", FUSE, ...segment]);
  const content = readFileSync(file);
  return platform.startsWith("darwin_") ? withAdHocSignature(content, NAME) : content;
}

/** The plugin as one executable for each platform: OS_ARCH and content, one after the other. */
export function* singleExecutables(plugin, platforms, work) {
  const script = blob(plugin, work);
  for (const platform of platforms) yield [platform, executable(platform, script, work)];
}

/** The licences of what is in the executables. @param notices those of the script */
export const executableNotices = (notices) =>
  `Each executable holds Node.js ${NODE_VERSION}, and the provider as a script.\n\n` +
  `=== Node.js ${NODE_VERSION}\n\n${nodeLicence()}\n=== The provider\n\n${notices}`;
