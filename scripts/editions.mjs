// The package in its two editions: cdktf-maas for CDKTF, and cdktn-maas for CDK Terrain, its successor. One source: they differ in
// what lib/cdk.ts imports, and in what their manifests and texts call it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** What an edition needs beside it. `@cdktf/provider-null` is made for CDKTF alone. */
const PEERS = {
  cdktf: { peers: source.peerDependencies, optional: source.peerDependenciesMeta },
  cdktn: { peers: { cdktn: "^0.24.0", constructs: ">=10.6.0 <10.8.0" }, optional: {} },
};

export const EDITIONS = Object.keys(PEERS);

export const packageName = (cdk) => `${cdk}-maas`;

/** Names of the package in other languages: `cdktf_maas`, `cdktfmaas`, `CdktfMaas`. */
const renamed = (cdk, value) =>
  JSON.parse(
    JSON.stringify(value).replaceAll(
      /cdktf/gi,
      (name) => (name === "cdktf" ? cdk : name === "Cdktf" ? `${cdk[0].toUpperCase()}${cdk.slice(1)}` : name), //
    ),
  );

/** Members of package.json that are for work on the repository, and those that an edition has of its own. */
const LEFT_OUT = ["scripts", "devDependencies", "overrides", "peerDependencies", "peerDependenciesMeta"];

/**
 * The package.json of an edition, without what is for work on the repository alone: nothing runs when it is installed or packed.
 *
 * @param forJsii without optional peers: jsii makes each peer a dependency of the bindings in every language
 */
export function manifestOf(cdk, { forJsii = false } = {}) {
  const { peers, optional } = PEERS[cdk];
  const needed = Object.entries(peers).filter(([name]) => !forJsii || optional[name] === undefined);
  const rest = Object.fromEntries(Object.entries(source).filter(([member]) => !LEFT_OUT.includes(member)));
  const name = packageName(cdk);
  return {
    ...rest,
    name,
    description: inEdition(cdk, "package.json", rest.description),
    // Messages and guides name the command cdktf-maas: both editions have it.
    bin: Object.fromEntries([...new Set([name, "cdktf-maas"])].map((command) => [command, source.bin["cdktf-maas"]])),
    keywords: [...new Set([cdk, ...rest.keywords])],
    jsii: renamed(cdk, rest.jsii),
    peerDependencies: Object.fromEntries(needed),
    ...(!forJsii && Object.keys(optional).length > 0 && { peerDependenciesMeta: optional }),
    // What jsii compiles with: the very versions that are installed.
    ...(forJsii && { devDependencies: Object.fromEntries(needed) }),
  };
}

/** What a text calls the packages and the command line, for CDK Terrain. The guide to the move names both, and is left alone. */
const WORDS = [
  [/(["'])cdktf\1/g, "$1cdktn$1"],
  [/(["'])cdktf-maas(?=["'/])/g, "$1cdktn-maas"],
  [/^# cdktf-maas$/m, "# cdktn-maas"],
  [/(?<=\bnpm install )cdktf-maas\b/g, "cdktn-maas"],
  [/\[CDKTF\]\([^)]*\)/g, "[CDK Terrain](https://github.com/open-constructs/cdk-terrain)"],
  [/\bCDKTF\b/g, "CDK Terrain"],
  [/\bcdktf (?=(?:synth|deploy|plan|diff|destroy|init|get|output)\b)/g, "cdktn "],
];
const REWRITTEN = /^(?:README|API)\.md$|^package\.json$|^(?:docs|examples)\/.*\.(?:md|ts)$/;
const LEFT_ALONE = new Set(["docs/cdk-terrain.md"]);

/** A file's text in the words of an edition. @param file its path in the package */
export function inEdition(cdk, file, text) {
  if (cdk === "cdktf" || !REWRITTEN.test(file) || LEFT_ALONE.has(file)) return text;
  return WORDS.reduce(
    (words, [pattern, replacement]) =>
      words.replaceAll(pattern.global ? pattern : new RegExp(pattern, "gm"), replacement),
    text,
  );
}

/** A program in Go or Java as it is with an edition: modules and packages have other names. */
export function codeInEdition(cdk, code) {
  const targetsOf = (name) =>
    JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).jsii.targets;
  const namesOf = ({ go, java }) => [`${go.moduleName}/${go.packageName}`, java.package];
  const names = namesOf(targetsOf(cdk));
  return namesOf(targetsOf("cdktf"))
    .reduce((text, name, index) => text.replaceAll(name, `\0${index}`), code)
    .replaceAll("cdktf", cdk)
    .replaceAll(/\0(\d)/g, (_, index) => names[index]);
}
