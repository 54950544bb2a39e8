// One file of several parts, for a program that is one file and needs little of itself at first. esbuild splits it where modules are
// imported with `import()`; the parts stay text until one is needed, since Node reads all of a file's code before it runs any of it.
import { Buffer } from "node:buffer";
import { basename, dirname } from "node:path";
import { build, transform } from "esbuild";

/** Runs a part the first time it is required. A part has the file's name, and its own after it. */
const LOADER = `"use strict";
const loaded = new Map();
function part(name) {
  if (!Object.hasOwn(parts, name)) return require(name);
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const parameters = ["exports", "require", "module", "__filename", "__dirname"];
  const run = require("node:vm").compileFunction(parts[name], parameters, { filename: __filename + name.slice(1) });
  try {
    run(module.exports, part, module, __filename, __dirname);
  } catch (error) {
    loaded.delete(name);
    throw error;
  }
  return module.exports;
}
`;

/** What a string in code may not have as it is. */
const ESCAPES = { "\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029" };

/** In single quotes: minified code is full of double ones. */
const literal = (text) => `'${text.replace(/[\\'\n\r\u2028\u2029]/g, (character) => ESCAPES[character])}'`;

/** An ES module of the bundle as CommonJS, which needs no loader of its own. Strict as before: `transform` reads no tsconfig.json. */
async function commonJs({ text }, { target, minifyWhitespace, minifySyntax }) {
  const { code } = await transform(text, {
    ...{ format: "cjs", platform: "node", target, minifyWhitespace, minifySyntax },
    tsconfigRaw: { compilerOptions: { alwaysStrict: true } },
  });
  return code;
}

/**
 * Builds as esbuild's `build` does, to one CommonJS file.
 *
 * @param options of esbuild, for one entry point and one `outfile`
 * @returns the same as `build`, with that one file
 */
export async function buildOfParts({ outfile, banner, footer, ...options }) {
  const { metafile, outputFiles } = await build({
    ...options,
    ...{ format: "esm", splitting: true, write: false, metafile: true, outdir: dirname(outfile) },
  });
  const isEntry = ({ path }) => basename(path, ".js") === basename(options.entryPoints[0], ".ts");
  const codes = await Promise.all(outputFiles.map(async (file) => [file, await commonJs(file, options)]));
  const parts = codes
    .filter(([file]) => !isEntry(file))
    .map(([{ path }, code]) => `'./${basename(path)}':${literal(code)}`);
  const [, entry] = codes.find(([file]) => isEntry(file));
  const { code: loader } = await transform(LOADER, { minifyWhitespace: options.minifyWhitespace });
  const table = `${loader.trimEnd()}const parts={${parts.join(",\n")}};`;
  const main = `((require,exports)=>{${entry.trimEnd()}})(part,{});`;
  const text = [banner?.js, table, main, footer?.js, ""].join("\n");
  return { metafile, outputFiles: [{ path: outfile, contents: Buffer.from(text) }] };
}
