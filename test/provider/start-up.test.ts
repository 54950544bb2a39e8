import { join } from "node:path";
import { buildSync } from "esbuild";
import { loadedWith } from "../support/loaded-with";

const ROOT = join(__dirname, "..", "..");

test("Terraform, which starts the plugin three times per plan, waits for no schema checks and no HTTP client", () => {
  const loaded = loadedWith("src/provider/provider.ts");
  expect(loaded).toContain("src/provider/resource.ts");
  const heavy = /node_modules\/(zod|undici|lossless-json)\//;
  expect(loaded.filter((file) => heavy.test(file))).toEqual([]);
});

test("the plugin holds no descriptors of messages, which each start would read", () => {
  const { metafile } = buildSync({
    ...{ absWorkingDir: ROOT, entryPoints: ["src/provider/main.ts"], bundle: true, write: false, metafile: true },
    ...{ platform: "node", format: "cjs", logLevel: "error", outfile: "plugin.js" },
  });
  const held = Object.keys(metafile.outputs["plugin.js"]?.inputs ?? {});
  expect(held).toContain("node_modules/@bufbuild/protobuf/dist/esm/wire/binary-encoding.js");
  expect(held.filter((file) => /protobuf\/dist\/esm\/(codegenv2|wkt|reflect|registry)/.test(file))).toEqual([]);
});
