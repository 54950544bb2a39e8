import { readFileSync } from "node:fs";
import { join } from "node:path";

const textOf = (file: string): string => readFileSync(join(__dirname, "..", file), "utf8");

type Versions = Readonly<Record<string, string>>;

const manifest = JSON.parse(textOf("package.json")) as {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly peerDependencies: Versions;
};

test("CONTRIBUTING.md gives a reason for each dependency, and for none that is gone", () => {
  const { dependencies, devDependencies, peerDependencies } = manifest;
  const names = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }).sort();
  const [, section = ""] = textOf("CONTRIBUTING.md").split(/^## Dependencies$/m);
  const rows = [...(section.split(/^## /m)[0] ?? "").matchAll(/^\| `([^`]+)` *\| ([^|]+) \| ([^|]+) \|$/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual(names);
  expect(rows.filter(([, , , reason = ""]) => reason.trim().length < 5)).toEqual([]);
});

test("what is installed along with the package is that one library, and runs no script", () => {
  expect(Object.keys(manifest.dependencies)).toEqual(["ip-address"]);
  const { packages } = JSON.parse(textOf("package-lock.json")) as {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: true; readonly dependencies?: Versions }>>;
  };
  const { hasInstallScript, dependencies = {} } = packages["node_modules/ip-address"] ?? {};
  expect([hasInstallScript, dependencies]).toEqual([undefined, {}]);
});

test("each locked package has an integrity hash and comes over HTTPS", () => {
  const { packages } = JSON.parse(textOf("package-lock.json")) as {
    readonly packages: Readonly<
      Record<string, { readonly resolved?: string; readonly integrity?: string; readonly inBundle?: true }>
    >;
  };
  const installed = Object.entries(packages).filter(([name, { inBundle }]) => name !== "" && inBundle !== true);
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity }]) => integrity === undefined).map(([name]) => name)).toEqual([]);
  expect(
    installed.filter(([, { resolved = "https:" }]) => !resolved.startsWith("https:")).map(([name]) => name),
  ).toEqual([]);
});
