import { statSync } from "node:fs";
import { cdktfMaas, programFile, startCommand } from "../support/command-line";

jest.setTimeout(60_000);

describe("the programs", () => {
  test("suggest the command that was meant, and exit with 1", async () => {
    const { code, stderr } = await cdktfMaas(["plna"]);
    expect([code, stderr]).toEqual([1, "error: unknown command 'plna'\n(Did you mean plan?) [MAAS-RUN-11]\n"]);
  });

  test.each(["plan", "apply", "verify", "destroy", "audit", "graph", "export", "simulate", "completion"])(
    "have help with an example and the options of all commands: %s",
    async (command) => {
      const { code, stdout } = await cdktfMaas([command, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`Examples?:\\n  \\$ .*cdktf-maas ${command}`));
      expect(stdout).toContain("--error-format");
    },
  );

  test("are two: the small one has the engine's commands only", async () => {
    const { stdout } = await startCommand(["--help"], { program: "cdktf-maas-apply" }).result;
    const [, list = ""] = stdout.split("Commands:");
    const commands = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(commands).toEqual(["plan", "apply", "verify", "destroy", "help"]);
  });

  test("stay small where only the engine travels: no graph, no simulator", () => {
    expect(statSync(programFile("cdktf-maas-apply")).size).toBeLessThan(1_000_000);
  });
});
