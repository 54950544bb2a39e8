// The packages as folders: what an npm tarball of an edition has, and what the bindings of other languages are made from.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildTypes } from "../build-types.mjs";
import { codeInEdition, inEdition, manifestOf, packageName } from "../editions.mjs";
import { compiledLibrary, copyLibrary } from "../library.mjs";
import { run } from "./run.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rosetta = join(root, "node_modules", "jsii-rosetta", "bin", "jsii-rosetta");

/** Files that name the package as a component of itself. */
const NAMING = ["sbom.cdx.json", "THIRD-PARTY-NOTICES.txt"];

/** What package.json's `files` and npm's own rules put into the package, but for what is built. */
function sourceFiles() {
  const { stdout, status, stderr } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  const [{ files }] = JSON.parse(stdout);
  const isBuilt = (path) => path.startsWith("dist/") || path === "package.json" || path === ".jsii";
  return files.map(({ path }) => path).filter((path) => !isBuilt(path));
}

/** The programs and the types of the simulator, which both editions share. @returns their folder */
export function buildPrograms(folder) {
  rmSync(folder, { recursive: true, force: true });
  run(process.execPath, [join(root, "scripts/build.mjs"), folder], { cwd: root });
  buildTypes(folder);
  for (const part of ["examples", "lib"]) rmSync(join(folder, part), { recursive: true, force: true });
  return folder;
}

/** What jsii-rosetta can't translate to: it leaves packages and imports out. The guide has these programs, and the tests compile them. */
const BY_HAND = ["go", "java"];

/**
 * Writes `.jsii.tabl.json`: the README's example in the other languages, which their documentation shows. It is compiled with what is
 * in `node_modules`.
 */
function translateExamples(cdk, folder) {
  const extract = ["extract", "--fail", "--no-infuse", "--compress-tablet=false", "--directory", folder, folder];
  run(process.execPath, [rosetta, ...extract], { cwd: folder });
  const file = join(folder, ".jsii.tabl.json");
  const tablet = JSON.parse(readFileSync(file, "utf8"));
  const guide = readFileSync(join(root, "docs", "languages.md"), "utf8");
  for (const { location, translations } of Object.values(tablet.snippets)) {
    if (location.api.api !== "moduleReadme") continue;
    for (const language of BY_HAND) {
      const code = new RegExp(`\`\`\`${language}\\n([^]*?)\\n\`\`\``).exec(guide)?.[1];
      if (code === undefined) throw new Error(`docs/languages.md has no program in ${language}`);
      translations[language].source = codeInEdition(cdk, code);
    }
  }
  writeFileSync(file, JSON.stringify(tablet, null, 2));
}

/** Writes the package of an edition to a folder. Its manifest has no scripts: what packs it runs nothing. */
export function stage(cdk, folder, programs) {
  rmSync(folder, { recursive: true, force: true });
  const write = (path, content) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    chmodSync(join(folder, path), 0o644);
  };
  for (const path of sourceFiles()) {
    const content = readFileSync(join(root, path));
    write(path, /\.(md|ts)$/.test(path) ? inEdition(cdk, path, content.toString("utf8")) : content);
  }
  cpSync(programs, join(folder, "dist"), { recursive: true });
  for (const file of NAMING) {
    const text = readFileSync(join(programs, file), "utf8");
    write(`dist/${file}`, text.replaceAll(packageName("cdktf"), packageName(cdk)));
  }
  mkdirSync(join(folder, "dist", "lib"), { recursive: true });
  copyLibrary(cdk, join(folder, "dist", "lib"));
  write(".jsii", readFileSync(join(compiledLibrary(cdk), ".jsii")));
  const modules = join(folder, "node_modules");
  for (const name of [cdk, "constructs"]) symlinkSync(join(root, "node_modules", name), join(modules, name));
  symlinkSync(folder, join(modules, packageName(cdk)));
  translateExamples(cdk, forBindings(cdk, folder));
  write("package.json", `${JSON.stringify(manifestOf(cdk), null, 2)}\n`);
  return folder;
}

/** The package as jsii-pacmak wants it: with what it is a binding to beside it, and no peer that other languages don't have. */
export function forBindings(cdk, folder) {
  const manifest = { ...manifestOf(cdk, { forJsii: true }), devDependencies: {} };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return folder;
}

/** Packs a staged package as npm does: files in order, all with one date. @returns the tarball */
export function npmTarball(folder, target) {
  mkdirSync(target, { recursive: true });
  const packed = run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", target], { cwd: folder });
  return join(target, packed.trim().split("\n").at(-1));
}
