// Builds dist/: the library and the examples file by file (CommonJS, what Node resolves `cdktf-maas` to), and each
// program as one self-contained file, so that a deploy needs Node and no node_modules. No type checking: `npm run typecheck`.
import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { PLUGIN_HEAD, PROGRAM_HEAD } from "./node-check.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const common = { absWorkingDir: root, platform: "node", target: "node20", format: "cjs", logLevel: "warning" };

/** Syntax that a Node which is too old still reads, so that it comes to the check of its version. */
const READABLE = "node14.6";

/** Programs: entry point -> file in dist/bin. */
const programs = {
  "terraform-provider-maas": "src/provider/main.ts",
  "cdktf-maas": "src/cli/main.ts",
  "cdktf-maas-apply": "src/cli/apply-main.ts",
  simulator: "src/simulator/index.ts",
};

const sources = (folder) =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
        .map((file) => join(folder, file))
    : [];

/** Removes what was built from a source that is gone. The rest stays where it is: it may be in use. */
for (const folder of ["lib", "examples"]) {
  const built = join(root, "dist", folder);
  const isStale = (file) => !existsSync(join(root, folder, file.replace(/\.(js|d\.ts)$/, ".ts")));
  const files = existsSync(built) ? readdirSync(built, { recursive: true, encoding: "utf8" }) : [];
  for (const file of files) if (/\.(js|d\.ts)$/.test(file) && isStale(file)) rmSync(join(built, file));
}
await Promise.all([
  build({ ...common, entryPoints: [...sources("lib"), ...sources("examples")], outdir: "dist", outbase: "." }),
  ...Object.entries(programs).map(async ([name, entry]) => {
    if (!existsSync(join(root, entry))) return;
    const isLibrary = name === "simulator";
    const isPlugin = name === "terraform-provider-maas";
    const outfile = `dist/bin/${name}${isPlugin ? "" : ".js"}`;
    await build({
      ...common,
      entryPoints: [entry],
      bundle: true,
      minify: !isLibrary,
      keepNames: true,
      legalComments: "linked",
      outfile,
      ...(!isLibrary && { banner: { js: isPlugin ? PLUGIN_HEAD : PROGRAM_HEAD } }),
      ...(!isLibrary && !isPlugin && { target: READABLE }),
    });
    if (!isLibrary) chmodSync(join(root, outfile), 0o755);
  }),
]);
