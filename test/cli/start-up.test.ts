import { statSync } from "node:fs";
import { programFile } from "../support/command-line";
import { loadedWith } from "../support/loaded-with";

/** What commands work with. Of these folders only names, limits and the class of an error stand in options. */
const WORK = /^(lib\/rules|src\/(maas|reconcile|export|graph|migrate|rollout|simulator))\//;
const NAMED =
  /^src\/(maas\/(seconds|config-error|redactor|retry)|simulator\/command|reconcile\/engine\/(input-error|plan\/refusals|record\/record-name))\.ts$/;
const PACKAGES = /node_modules\/(zod|undici|lossless-json|cli-progress|fastify|ajv)\//;

const heavyIn = (files: readonly string[]): string[] =>
  files.filter((file) => PACKAGES.test(file) || (WORK.test(file) && !NAMED.test(file)));

test.each(["main", "apply-main"])("help and usage errors of %s wait for nothing that a command does", (program) => {
  const loaded = loadedWith(`src/cli/${program}.ts`);
  expect(loaded).toContain("src/cli/plan-command.ts");
  expect(heavyIn(loaded)).toEqual([]);
  expect(heavyIn(loadedWith("src/cli/execute-plan.ts"))).toEqual(
    expect.arrayContaining(["src/maas/client.ts", "src/reconcile/engine/plan/diff.ts"]),
  );
});

test.each([
  ["execute-plan", /^src\/(export|graph|migrate|rollout|simulator)\//],
  ["plan", /^src\/(export|graph|migrate|rollout|simulator)\//],
  ["verify", /^src\/(export|graph|migrate|rollout|simulator)\//],
  ["audit", /^src\/(export|graph|migrate|rollout|simulator|reconcile\/engine\/(plan\/p|run))/],
  ["completion", /^(src\/(?!cli|reconcile\/engine\/input-error|maas\/redactor)|node_modules\/(?!picocolors))/],
])("%s loads nothing of other commands", (module, others) => {
  expect(loadedWith(`src/cli/${module}.ts`).filter((file) => others.test(file))).toEqual([]);
});

test("what Node reads before it can write a help is small: the work of the commands is in a file of its own", () => {
  expect(statSync(programFile("cdktf-maas")).size).toBeLessThan(150_000);
});
