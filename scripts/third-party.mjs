// What the bundles hold of others: each package with its licence text, and the same as an SBOM. Read from esbuild's record of
// what went into each bundle, so that neither can be stale. The same packages give the same bytes.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The package that a file is of, by its folder; undefined for our own. */
const folderOf = (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const isLicence = (file) => /^(licen[cs]e|copying|notice)/i.test(file);

/** The comment that a source begins with, if it states a copyright. */
function headOf(source) {
  const [, head = ""] = /^(?:"use strict";\s*)?((?:\/\/[^\n]*\n)+|\/\*[\s\S]*?\*\/)/.exec(source) ?? [];
  const text = head.replaceAll(/^[ \t]*(?:\/\/|\/\*+|\*(?!\/))?[ \t]?(.*?)(?:\*\/)?[ \t]*$/gm, "$1").trim();
  return /copyright/i.test(text) ? [text] : [];
}

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** The texts of licences that a package names without having them. Those that its sources state come on top. */
const TEXTS = {
  MIT: ({ author, name }) => `Copyright (c) ${author?.name ?? author ?? `the authors of ${name}`}\n\n${MIT}`,
  "Apache-2.0": (_, root) => readFileSync(join(root, "LICENSE"), "utf8"),
};

/** The licence texts of a package. @throws Error when one is missing: the package can't be shipped then. */
function textsOf(folder, manifest, sources, root) {
  const own = readdirSync(folder).filter(isLicence).sort(compare);
  if (own.length > 0) return own.map((file) => readFileSync(join(folder, file), "utf8").trim());
  const stated = [...new Set(sources.flatMap((file) => headOf(readFileSync(file, "utf8"))))].sort(compare);
  const ids = manifest.license.match(/[\w.-]+/g).filter((id) => !/^(AND|OR|WITH)$/.test(id));
  const unknown = ids.filter((id) => TEXTS[id] === undefined);
  const isStated = (id) => id === "BSD-3-Clause" && stated.some((text) => /Redistributions in binary form/.test(text));
  if (unknown.some((id) => !isStated(id)))
    throw new Error(
      `${manifest.name} is bundled, and has no text of its licence ${manifest.license}: add it to scripts/third-party.mjs`,
    );
  const known = ids.flatMap((id) => (TEXTS[id] === undefined ? [] : [TEXTS[id](manifest, root).trim()]));
  return [...known, ...stated];
}

/**
 * The packages in some bundles, by name and version, each with its licence texts and the bundles that it is in.
 *
 * @param bundles esbuild's metafile of each bundle, by the bundle's file.
 * @param shipped folders of packages that are in the tarball as they are.
 */
export function packagesIn(root, bundles, shipped) {
  const folders = new Map();
  const add = (folder, file, source) => {
    const known = folders.get(folder) ?? { files: new Set(), sources: new Set() };
    folders.set(folder, known);
    known.files.add(file);
    if (source !== undefined) known.sources.add(source);
  };
  for (const [file, { outputs }] of Object.entries(bundles))
    for (const { inputs } of Object.values(outputs))
      for (const [source, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = folderOf(source);
        if (folder !== undefined && bytesInOutput > 0) add(folder, file, source);
      }
  for (const folder of shipped) add(folder, folder);
  const packages = new Map();
  for (const [folder, { files, sources }] of folders) {
    const path = join(root, folder);
    if (!existsSync(join(path, "package.json"))) throw new Error(`${folder} is bundled, and has no package.json`);
    const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const { name, version, license } = manifest;
    if (typeof license !== "string") throw new Error(`${name} is bundled, and names no licence in its package.json`);
    const id = `${name}@${version}`;
    const texts = textsOf(
      path,
      manifest,
      [...sources].map((source) => join(root, source)),
      root,
    );
    const known = packages.get(id) ?? {
      name,
      version,
      license: license.replace(/^\((.*)\)$/, "$1"),
      texts,
      files: new Set(),
    };
    packages.set(id, known);
    for (const file of files) known.files.add(file);
  }
  return [...packages.values()]
    .map((one) => ({ ...one, files: [...one.files].sort(compare) }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

const RULE = "=".repeat(80);

/** The notices, as text. */
export function noticesText(name, packages) {
  const sections = packages.map(({ name: other, version, license, files, texts }) =>
    [
      RULE,
      `${other} ${version}`,
      `Licence: ${license}`,
      `In: ${files.join(", ")}`,
      "",
      texts.join(`\n\n${"-".repeat(80)}\n\n`),
    ].join("\n"),
  );
  const head = `${name} carries the following ${packages.length} packages of others, as part of its programs or beside them.`;
  return `${[head, ...sections].join("\n\n")}\n`;
}

const purlOf = (name, version) => `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;

const licencesOf = (license) =>
  /^[\w.-]+$/.test(license) ? [{ license: { id: license } }] : [{ expression: license }];

/** The software bill of materials: CycloneDX 1.6 as JSON. */
export function sbomJson({ name, version, license }, packages) {
  const component = (one, type) => ({
    type,
    "bom-ref": purlOf(one.name, one.version),
    name: one.name,
    version: one.version,
    licenses: licencesOf(one.license),
    purl: purlOf(one.name, one.version),
  });
  const own = { name, version, license };
  const sbom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: component(own, "library") },
    components: packages.map((one) => ({
      ...component(one, "library"),
      properties: one.files.map((file) => ({ name: "cdktf-maas:file", value: file })),
    })),
    dependencies: [
      { ref: purlOf(name, version), dependsOn: packages.map((one) => purlOf(one.name, one.version)) },
      ...packages.map((one) => ({ ref: purlOf(one.name, one.version) })),
    ],
  };
  return `${JSON.stringify(sbom, null, 2)}\n`;
}
