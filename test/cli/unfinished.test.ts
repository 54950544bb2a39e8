import { Command } from "commander";
import { programOf, run } from "../../src/cli/program";

test("a command that waits for what never comes fails, and says so", () => {
  const { argv, exitCode } = process;
  const written = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    process.argv = ["node", "cdktf-maas", "wait"];
    void run(programOf("cdktf-maas", "", [new Command("wait").action(() => new Promise(() => undefined))]));
    process.emit("beforeExit", 0);
    expect(process.exitCode).toBe(1);
    expect(written.mock.calls.join("")).toMatch(/^error: the command has ended before its work was done\. .*\[MAAS-/);
  } finally {
    process.argv = argv;
    process.exitCode = exitCode;
    written.mockRestore();
  }
});
