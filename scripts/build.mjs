// Builds dist/: the library as jsii compiles it (CommonJS, what Node resolves `cdktf-maas` to), and with esbuild the examples file by file and
// each program as one self-contained file, so that a deploy needs Node and no node_modules; the work of cdktf-maas is in a second one.
// Beside them: the notices of what the programs hold of others, and an SBOM. `node scripts/build.mjs FOLDER` builds there.
import { Buffer } from "node:buffer";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { copyLibrary } from "./library.mjs";
import { PLUGIN_HEAD, PROGRAM_HEAD } from "./node-check.mjs";
import { buildOfParts } from "./parts.mjs";
import { noticesText, packagesIn, sbomJson } from "./third-party.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = resolve(root, process.argv[2] ?? "dist");
for (const file of existsSync(join(dist, "bin")) ? readdirSync(join(dist, "bin")) : [])
  if (file.endsWith(".LEGAL.txt")) rmSync(join(dist, "bin", file));
const NOTICES = "THIRD-PARTY-NOTICES.txt";
const common = { absWorkingDir: root, platform: "node", target: "node20", format: "cjs", logLevel: "warning" };

/** Syntax that a Node which is too old still reads, so that it comes to the check of its version. */
const READABLE = "node14.6";

/** Programs: entry point -> file in dist/bin. */
const programs = {
  "terraform-provider-maas": "src/provider/main.ts",
  "cdktf-maas": "src/cli/main.ts",
  "cdktf-maas-apply": "src/cli/apply-main.ts",
  simulator: "src/simulator/index.ts",
  testing: "src/testing/index.ts",
};

/** Programs that users load, readable. */
const LIBRARIES = ["simulator", "testing"];

/** Programs that are started; others load the rest. */
const isStarted = (name) => name in programs && !LIBRARIES.includes(name);

/** For programs that load the simulator where they need it: it is large, and the package has it already. */
const simulatorBeside = {
  name: "simulator-beside",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/index\.js$/ }, ({ importer }) =>
      importer.endsWith(join("simulator", "command.ts")) ? { path: "./simulator.js", external: true } : undefined,
    );
  },
};

/** What `testing` shares with those who load it: the library of the edition, and the simulator. */
const sharedParts = {
  name: "shared-parts",
  setup({ onResolve }) {
    onResolve({ filter: /^(\.\.\/)+lib\// }, ({ path }) => ({
      path: path.replace(/^(\.\.\/)+/, "../"),
      external: true,
    }));
    onResolve({ filter: /^\.\.\/simulator$/ }, () => ({ path: "./simulator.js", external: true }));
  },
};

/** Only parts of undici, see scripts/undici-parts.js. */
const partsOfUndici = {
  name: "parts-of-undici",
  setup({ onResolve }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: join(root, "scripts/undici-parts.js") }));
  },
};

/** Where the work of a program's commands is built to, beside it. */
const commandsOf = (name) => `${name}-commands`;

/**
 * Leaves what a program imports when a command runs to a file of its own: Node reads all of a file before it runs any of it, and
 * help, completion and usage errors need none of that work. `work` gets the modules.
 */
const commandsBeside = (name, work) => ({
  name: "commands-beside",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      const module = resolve(resolveDir, path).replace(/\.js$/, ".ts");
      work.add(module);
      return { path: module, namespace: "work" };
    });
    onLoad({ filter: /^/, namespace: "work" }, ({ path }) => ({
      contents: `module.exports = require("./${commandsOf(name)}.js")[${JSON.stringify(keyOf(path))}]()`,
    }));
    onResolve({ filter: /^/, namespace: "work" }, ({ path }) => ({ path, external: true }));
  },
});

/** How a module is called in the file of the commands' work. */
const keyOf = (module) => relative(root, module).split(sep).join("/");

const sources = (folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
        .map((file) => join(folder, file))
    : [];

/** Removes what was built from a source that is gone. The rest stays where it is: it may be in use. */
for (const folder of ["lib", "examples"]) {
  const built = join(dist, folder);
  const isStale = (file) => !existsSync(join(root, folder, file.replace(/\.(js|d\.ts)$/, ".ts")));
  const files = existsSync(built) ? readdirSync(built, { recursive: true, encoding: "utf8" }) : [];
  for (const file of files) if (/\.(js|d\.ts)$/.test(file) && isStale(file)) rmSync(join(built, file));
}

/** Writes what is not there already: CI builds while another of its steps runs the programs. */
function put(file, content) {
  const bytes = Buffer.from(content);
  if (existsSync(file) && readFileSync(file).equals(bytes)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

/** esbuild's record of what is in each program. */
const bundles = {};

async function buildProgram(name, input, plugins = []) {
  const isLibrary = LIBRARIES.includes(name);
  const isPlugin = name === "terraform-provider-maas";
  const file = `bin/${name}${isPlugin ? "" : ".js"}`;
  const { metafile, outputFiles } = await (isPlugin ? buildOfParts : build)({
    ...common,
    ...input,
    bundle: true,
    metafile: true,
    write: false,
    minifyWhitespace: !isLibrary,
    minifySyntax: !isLibrary,
    minifyIdentifiers: !isLibrary && !isPlugin,
    keepNames: !isPlugin,
    plugins: [partsOfUndici, simulatorBeside, ...plugins],
    // What is beside a program is required like the rest of it.
    supported: { "dynamic-import": false },
    // All licences are in one file, with those whose packages state none in their sources.
    legalComments: "none",
    outfile: join(dist, file),
    ...(isStarted(name) && { banner: { js: isPlugin ? PLUGIN_HEAD : PROGRAM_HEAD } }),
    ...(isStarted(name) && !isPlugin && { target: READABLE }),
    footer: { js: `// Licences of what this file holds of others: ${NOTICES} of the package ${manifest.name}` },
  });
  bundles[`dist/${file}`] = metafile;
  for (const { path, contents } of outputFiles) put(path, contents);
  if (isStarted(name)) chmodSync(join(dist, file), 0o755);
}

/** Builds what the commands of a program do, beside it. @param work the modules of that */
async function buildCommands(name, work) {
  const modules = [...work].map(keyOf).sort();
  const contents = modules.map((module) => `exports["${module}"] = () => require("./${module}");`).join("\n");
  await buildProgram(commandsOf(name), { stdin: { contents, resolveDir: root } });
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
mkdirSync(dist, { recursive: true });
copyLibrary("cdktf", join(dist, "lib"));
const examples = { entryPoints: sources("examples"), outdir: dist, outbase: root, write: false };
await Promise.all([
  build({ ...common, ...examples }).then(({ outputFiles }) =>
    outputFiles.forEach((file) => put(file.path, file.contents)),
  ),
  ...Object.entries(programs).map(async ([name, entry]) => {
    const work = new Set();
    const plugin = { testing: sharedParts, "cdktf-maas": commandsBeside(name, work) }[name];
    await buildProgram(name, { entryPoints: [entry] }, plugin === undefined ? [] : [plugin]);
    if (work.size > 0) await buildCommands(name, work);
  }),
]);
const shipped = manifest.bundledDependencies.map((name) => `node_modules/${name}`);
const packages = packagesIn(root, bundles, shipped);
put(join(dist, NOTICES), noticesText(manifest.name, packages));
put(join(dist, "sbom.cdx.json"), sbomJson(manifest, packages));
