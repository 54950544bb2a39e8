import { readFileSync } from "node:fs";
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

test("until the handshake, for which Terraform waits, the plugin needs neither HTTP/2 nor what its calls do", () => {
  const loaded = loadedWith("src/provider/main.ts");
  expect(loaded).toContain("src/provider/rpc/handshake.ts");
  const later = /^src\/provider\/(protocol\/|rpc\/(http2|dispatch))|^src\/(maas|reconcile)\/|^node:http2$/;
  expect(loaded.filter((file) => later.test(file))).toEqual([]);
});

test("what is built keeps those parts as text, which Node does not read as code, and each of them is strict", () => {
  const text = readFileSync(join(ROOT, "dist/bin/terraform-provider-maas"), "utf8");
  const part = /^(?:.*parts=\{)?'\.\/([\w-]+\.js)':'((?:[^'\\]|\\.)*)'(?:,|\};)$/gm;
  const parts = [...text.matchAll(part)].map(([, name, code = ""]) => [name, code.startsWith('"use strict";')]);
  expect(parts.length).toBeGreaterThan(10);
  expect(parts.filter(([, isStrict]) => isStrict !== true)).toEqual([]);
  const code = text.replace(part, "");
  expect(code).toContain("handshakeLine");
  expect(code.length).toBeLessThan(20_000);
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
