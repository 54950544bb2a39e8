import { spawnSync } from "node:child_process";
import { packageRoot } from "../../lib/constructs/internal/facts";

jest.setTimeout(120_000);

const run = (args: readonly string[]): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, args, { cwd: packageRoot(), encoding: "utf8", timeout: 60_000 });

const FAULTS = ["scripts/run.mjs", "scripts/faults.ts"];

test.each([
  ["a program that is not there", [...FAULTS, "restarts", "--program", "nosuch"], "nosuch is not on the PATH."],
  ["an unknown option", ["scripts/run.mjs", "scripts/fuzz.ts", "--nosuch"], "Unknown option '--nosuch'"],
  ["an unknown option of the benchmarks", ["scripts/bench.mjs", "--nosuch"], "Unknown option '--nosuch'"],
])("%s ends a script at once, with a line that says why", (_, args, why) => {
  const { status, stderr } = run(args);
  expect([status, String(stderr)]).toEqual([1, expect.stringContaining(why)]);
  expect(String(stderr).trim()).not.toContain("\n");
});

test("npm run bench -- --help says what there is to measure", () => {
  expect(run(["scripts/bench.mjs", "--help"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("--peer PATH") as string,
  });
});
