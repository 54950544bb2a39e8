// Compiles lib/ with jsii: the JavaScript and the types that ship, and the assembly that the bindings of other languages are made from.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inEdition, manifestOf } from "./editions.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const jsii = dirname(createRequire(import.meta.url).resolve("jsii/package.json"));
const { version: jsiiVersion } = JSON.parse(readFileSync(join(jsii, "package.json"), "utf8"));

/** Compilations, each in a folder that is named after all that it was made from. */
const CACHE = join(root, "node_modules", ".cache", "cdktf-maas", "library");
const KEPT = 6;

/** As jsii's own configuration, but for a release of JavaScript that has private members, and without source maps. */
const TSCONFIG = {
  compilerOptions: {
    ...{ target: "es2022", lib: ["es2022"], module: "commonjs", moduleResolution: "node" },
    ...{ rootDir: ".", outDir: "dist", declaration: true, composite: false, stripInternal: false },
    ...{ strict: true, noEmitOnError: true, skipLibCheck: true, resolveJsonModule: true, types: ["node"] },
  },
  include: ["lib/**/*.ts"],
};

/** The sources of an edition, by their paths. */
function sourcesOf(cdk) {
  const files = readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  const texts = files.sort().map((file) => {
    const text = readFileSync(join(root, "lib", file), "utf8");
    return [`lib/${file}`, file === "cdk.ts" ? text.replaceAll('"cdktf"', JSON.stringify(cdk)) : text];
  });
  const readme = inEdition(cdk, "README.md", readFileSync(join(root, "README.md"), "utf8"));
  const manifest = `${JSON.stringify(manifestOf(cdk, { forJsii: true }), null, 2)}\n`;
  return new Map([
    ...texts,
    ["README.md", readme],
    ["package.json", manifest],
    ["tsconfig.jsii.json", JSON.stringify(TSCONFIG)],
  ]);
}

function write(folder, sources) {
  for (const [file, text] of sources) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

function compile(folder, sources) {
  write(folder, sources);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const options = ["--silence-warnings", "reserved-word", "--tsconfig", "tsconfig.jsii.json"];
  const { status, error, stdout, stderr } = spawnSync(
    process.execPath,
    [join(jsii, "bin", "jsii"), ...options, "--validate-tsconfig", "minimal"],
    { cwd: folder, encoding: "utf8", env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1" } },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`lib/ does not compile with jsii:\n${stdout}${stderr}`);
  rmSync(join(folder, "node_modules"));
}

/** Keeps the compilations that were asked for last. */
function prune() {
  const folders = readdirSync(CACHE).map((name) => join(CACHE, name));
  const byAge = folders.map((folder) => ({ folder, time: statSync(folder).mtimeMs })).sort((a, b) => b.time - a.time);
  for (const { folder } of byAge.slice(KEPT)) rmSync(folder, { recursive: true, force: true });
}

/**
 * The folder with an edition of the library, compiled: `dist/lib`, `.jsii`, and the sources that they were made from.
 *
 * @param cdk `cdktf` or `cdktn`
 * @throws Error with jsii's own words when lib/ has what jsii can't carry to other languages.
 */
export function compiledLibrary(cdk = "cdktf") {
  const sources = sourcesOf(cdk);
  const hash = createHash("sha256").update(`3 ${jsiiVersion}`);
  for (const [file, text] of sources) hash.update(`\0${file}\0${text}`);
  const folder = join(CACHE, `${cdk}-${hash.digest("hex").slice(0, 20)}`);
  if (existsSync(folder)) {
    utimesSync(folder, new Date(), new Date());
    return folder;
  }
  mkdirSync(CACHE, { recursive: true });
  // Not within node_modules: types would name their modules by that path.
  const folderOfSources = mkdtempSync(join(tmpdir(), "cdktf-maas-jsii-"));
  const made = mkdtempSync(join(CACHE, "new-"));
  try {
    compile(folderOfSources, sources);
    nameNoFolder(join(folderOfSources, ".jsii"));
    cpSync(folderOfSources, made, { recursive: true });
    // Another process may have been faster.
    if (!existsSync(folder)) renameSync(made, folder);
  } finally {
    for (const left of [made, folderOfSources]) rmSync(left, { recursive: true, force: true });
  }
  prune();
  return folder;
}

/** Takes the folder that jsii was run in out of its assembly: it is one of this machine, another one each time. */
function nameNoFolder(file) {
  const assembly = JSON.parse(readFileSync(file, "utf8"));
  delete assembly.metadata.tscRootDir;
  writeFileSync(file, `${JSON.stringify(assembly, null, 2)}\n`);
}

/** The public API as data: jsii's assembly of the library. */
export const jsiiAssembly = () => JSON.parse(readFileSync(join(compiledLibrary(), ".jsii"), "utf8"));

/** Copies a compiled library to a folder. What is the same already is left alone: it may be in use. */
export function copyLibrary(cdk, folder) {
  const from = join(compiledLibrary(cdk), "dist", "lib");
  for (const file of readdirSync(from, { recursive: true, encoding: "utf8" })) {
    const [source, target] = [join(from, file), join(folder, file)];
    if (statSync(source).isDirectory()) mkdirSync(target, { recursive: true });
    else if (!existsSync(target) || !readFileSync(target).equals(readFileSync(source))) cpSync(source, target);
  }
}
