// npm run package: all that is published, in dist/package, and a list of it with sizes and hashes. The same sources give the same bytes.
//   -- --only npm,java:cdktn   these parts alone, of each edition or of one      -- --output FOLDER   there in place of dist/package
//   -- --executables          single executables of the provider too; for some platforms: --executables linux_amd64 windows_amd64
// SOURCE_DATE_EPOCH is the date of files in archives; without it, that of the last commit.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EDITIONS, packageName } from "./editions.mjs";
import { filesBelow } from "./package/archive.mjs";
import { pythonWheel, sourcesZip } from "./package/bindings.mjs";
import { EXECUTABLE_PLATFORMS, executableNotices, singleExecutables } from "./package/executables.mjs";
import { mavenJar } from "./package/maven.mjs";
import { providerZips, scriptExecutables } from "./package/provider-zips.mjs";
import { buildPrograms, forBindings, npmTarball, stage } from "./package/stage.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The date of files in archives, in seconds since 1970. */
function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined && given !== "") {
    if (/^\d+$/.test(given)) return Number(given);
    throw new Error(`SOURCE_DATE_EPOCH is ${JSON.stringify(given)}: give seconds since 1970, such as 1767225600`);
  }
  const { stdout, status } = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  return status === 0 && /^\d+$/.test(stdout.trim()) ? Number(stdout.trim()) : 315532800;
}

/** Makes a part for each edition. @returns why it was not made, where that is so */
function eachEdition({ bindings, work, ...rest }, make) {
  const reasons = [...bindings()].map(([cdk, folder]) => make({ ...rest, cdk, folder, work: join(work, cdk) }));
  return reasons.find((reason) => reason !== undefined);
}

/** The parts, in the order in which they are made. Each gets the folder for its files, and the packages as folders. */
const PARTS = {
  npm: ({ target, stages }) => {
    for (const folder of stages.values()) npmTarball(folder, target);
  },
  terraform: ({ target, programs, epoch }) => {
    const executables = scriptExecutables(join(programs, "bin", "terraform-provider-maas"));
    providerZips(target, { version, executables, epoch });
  },
  executables: ({ target, programs, epoch, platforms, work }) => {
    const plugin = join(programs, "bin", "terraform-provider-maas");
    const executables = singleExecutables(plugin, platforms, work);
    const notices = executableNotices(readFileSync(join(programs, "THIRD-PARTY-NOTICES.txt"), "utf8"));
    providerZips(target, { version, executables, epoch, notices });
  },
  python: (all) => eachEdition(all, pythonWheel),
  java: (all) => eachEdition(all, mavenJar),
  go: (all) => eachEdition(all, (one) => sourcesZip(one, "go")),
  dotnet: (all) => eachEdition(all, (one) => sourcesZip(one, "dotnet")),
};

/** Ends with a message about the options. */
function refuse(message) {
  console.error(`package: ${message}`);
  process.exit(1);
}

/** Each is 100 MB, for which Node is fetched: made when they are asked for. */
function platformsOf(isAsked, names) {
  const unknown = names.filter((name) => !EXECUTABLE_PLATFORMS.includes(name));
  if (names.length > 0 && !isAsked) refuse(`${names.join(" ")}: what is it? Platforms stand after --executables.`);
  if (unknown.length > 0)
    refuse(`no executable can be made for ${unknown.join(", ")}. Give some of ${EXECUTABLE_PLATFORMS.join(", ")}.`);
  return !isAsked || names.length > 0 ? names : EXECUTABLE_PLATFORMS;
}

/** @returns what the command line says; an unknown option ends the program with a message */
function parsed() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return refuse(`${error.message}\nOptions: --only PART,…  --output FOLDER  --executables [PLATFORM …]`);
  }
}

const options = { only: { type: "string" }, output: { type: "string" }, executables: { type: "boolean" } };
const { values, positionals } = parsed();
const executables = values.executables === true ? ["executables"] : [];
const parts = values.only?.split(",") ?? Object.keys(PARTS).filter((name) => name !== "executables");
const asked = [...parts, ...executables].map((part) => part.split(":"));
const isUnknown = ([name, cdk = EDITIONS[0]]) => !(name in PARTS) || !EDITIONS.includes(cdk);
const unknown = asked.filter(isUnknown).map((part) => part.join(":"));
if (unknown.length > 0) {
  const names = Object.keys(PARTS).join(", ");
  refuse(`there is no part ${unknown.join(", ")}. Give some of ${names}; java:${EDITIONS[0]} is one edition's.`);
}
const platforms = platformsOf(
  asked.some(([name]) => name === "executables"),
  positionals,
);

/** What is made, in the order of the parts: what bindings are made from is no npm package any more. */
const only = Object.keys(PARTS)
  .map((name) => ({ name, editions: asked.flatMap(([part, cdk]) => (part !== name ? [] : cdk ? [cdk] : EDITIONS)) }))
  .filter(({ editions }) => editions.length > 0);
/** The entries of these editions. */
const ofEditions = (map, editions) => new Map([...map].filter(([cdk]) => editions.includes(cdk)));

const output = resolve(root, values.output ?? "dist/package");
const work = mkdtempSync(join(tmpdir(), "cdktf-maas-package-"));
const epoch = sourceDate();
/** What could not be made here, and why. */
const missing = [];
try {
  const programs = buildPrograms(join(work, "programs"));
  const stages = new Map(EDITIONS.map((cdk) => [cdk, stage(cdk, join(work, packageName(cdk)), programs)]));
  let prepared;
  const allBindings = () => (prepared ??= new Map([...stages].map(([cdk, folder]) => [cdk, forBindings(cdk, folder)])));
  for (const { name, editions } of only) {
    const target = join(output, name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    const reason = await PARTS[name]({
      ...{ target, programs, epoch, version, platforms, work: join(work, name) },
      stages: ofEditions(stages, editions),
      bindings: () => ofEditions(allBindings(), editions),
    });
    if (reason !== undefined) missing.push(`${name}: ${reason}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

const artefacts = only.flatMap(({ name }) => filesBelow(join(output, name)).map((file) => join(name, file)));
const rows = artefacts.map((file) => {
  const content = readFileSync(join(output, file));
  return { file, size: content.length, hash: createHash("sha256").update(content).digest("hex") };
});
writeFileSync(join(output, "SHA256SUMS"), rows.map(({ file, hash }) => `${hash}  ${file}\n`).join(""));
for (const { file, size, hash } of rows) console.log(`${hash}  ${String(size).padStart(9)}  ${file}`);
console.log(
  `${rows.length} files in ${relative(process.cwd(), output) || "."}, dated ${new Date(epoch * 1000).toISOString()}`,
);
for (const line of missing) console.error(`NOT MADE: ${line}`);
if (missing.length > 0 && process.env.PACKAGE_ALL === "1") process.exitCode = 1;
