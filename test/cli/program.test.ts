import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cdktfMaas, programFile, startCommand } from "../support/command-line";

jest.setTimeout(60_000);

describe("the programs", () => {
  test("suggest the command that was meant, and exit with 1", async () => {
    const { code, stderr } = await cdktfMaas(["plna"]);
    expect([code, stderr]).toEqual([1, "error: unknown command 'plna'\n(Did you mean plan?) [MAAS-RUN-11]\n"]);
  });

  test.each([
    "plan",
    "apply",
    "verify",
    "destroy",
    "audit",
    "graph",
    "export",
    "ipv6",
    "ipv6 plan",
    "ipv6 write",
    "ipv6 probe",
    "migrate",
    "install-plugin",
    "simulate",
    "completion",
  ])("have help with an example and the options of all commands: %s", async (command) => {
    const { code, stdout } = await cdktfMaas([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  \\$ .*cdktf-maas ${command}`));
    expect(stdout).toContain("--error-format");
  });

  test("are two: the small one has the engine's commands only", async () => {
    const { stdout } = await startCommand(["--help"], { program: "cdktf-maas-apply" }).result;
    const [, list = ""] = stdout.split("Commands:");
    const commands = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(commands).toEqual(["plan", "apply", "verify", "destroy", "help"]);
  });

  test("stay small where only the engine travels: no graph, no simulator", () => {
    expect(statSync(programFile("cdktf-maas-apply")).size).toBeLessThan(1_250_000);
  });
});

describe("completion command", () => {
  jest.setTimeout(60_000);

  /** A line up to the cursor, and some of what is offered there. */
  const OFFERED: readonly (readonly [line: readonly string[], offers: readonly string[], never: readonly string[]])[] =
    [
      [["cdktf-maas", ""], ["plan", "apply", "destroy", "audit", "simulate", "completion"], ["--format"]],
      [["cdktf-maas", "pl"], ["plan"], ["apply"]],
      [["cdktf-maas", "--error-format", ""], ["text", "json"], ["plan"]],
      [
        ["cdktf-maas", "plan", "--"],
        ["--format", "--record", "--error-format", "--no-color", "--help"],
        ["--yes", "plan"],
      ],
      [
        ["cdktf-maas", "plan", "--format", ""],
        ["text", "json", "markdown"],
        ["sarif", "some.json"],
      ],
      [["cdktf-maas", "audit", "--format", "sa"], ["sarif"], ["text"]],
      [["cdktf-maas", "--error-format", "json", "apply", "--force", "s"], ["stale"], ["region"]],
      [["cdktf-maas", "plan", "so"], ["some.json", "some file.json"], ["text"]],
      [["cdktf-maas", "plan", "--output", "so"], ["some.json", "some file.json"], []],
      [["cdktf-maas", "audit", "so"], [], ["some.json"]],
      [["cdktf-maas", "completion", ""], ["bash", "zsh", "fish"], []],
      [["cdktf-maas", "ipv6", ""], ["plan"], ["apply", "some.json"]],
      [["cdktf-maas", "ipv6", "plan", "--pre"], ["--prefix"], ["--record"]],
      [["cdktf-maas", "ipv6", "plan", "--format", ""], ["text", "json", "markdown"], ["sarif"]],
      [["cdktf-maas", "ipv6", "plan", "so"], ["some.json"], ["plan"]],
    ];

  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-completion-"));

  beforeAll(() => {
    for (const file of ["some.json", "some file.json"]) writeFileSync(join(folder, file), "");
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** Bash does with each line what it does when the tab key is pressed. */
  const BASH_DRIVER = `
complete_line() {
  COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
  \${function}
  printf '%s\\n' "\${COMPREPLY[@]}" END
}
function=$(complete -p cdktf-maas | sed 's/.*-F \\([^ ]*\\).*/\\1/')
`;

  function offersOfBash(script: string, lines: readonly (readonly string[])[]): string[][] {
    const quoted = (word: string): string => `'${word.replace(/'/g, `'\\''`)}'`;
    const calls = lines.map((line) => `complete_line ${line.map(quoted).join(" ")}`).join("\n");
    const output = execFileSync("bash", ["--norc", "-c", `${script}\n${BASH_DRIVER}\n${calls}`], {
      cwd: folder,
      encoding: "utf8",
    });
    return output
      .split("END\n")
      .slice(0, -1)
      .map((text) => text.split("\n").filter((word) => word !== ""));
  }

  /** A test that needs a shell, which is skipped loudly where that isn't. */
  function testIn(shell: string, title: string, body: () => Promise<void>): void {
    if (spawnSync(shell, ["--version"]).status === 0) return test(title, body);
    process.stderr.write(`\n*** SKIPPED, for there is no ${shell}: ${title}\n`);
    test.skip(title, body);
  }

  const scriptFor = async (shell: string): Promise<string> => {
    const { code, stdout, stderr } = await cdktfMaas(["completion", shell]);
    expect([code, stderr]).toEqual([0, ""]);
    return stdout;
  };

  function expectOffered(offers: readonly (readonly string[])[]): void {
    for (const [index, [line, wanted, never]] of OFFERED.entries()) {
      const found = offers[index] ?? [];
      expect([line, found]).toEqual([line, expect.arrayContaining([...wanted])]);
      for (const word of never) expect([line, found]).not.toEqual([line, expect.arrayContaining([word])]);
    }
  }

  describe("cdktf-maas completion", () => {
    testIn("bash", "lets bash complete commands, options, choices and files", async () => {
      const script = await scriptFor("bash");
      const options = OFFERED.map(([line]) => line);
      // Bash offers options beside the commands.
      const offers = offersOfBash(script, options).map((found, index) =>
        index === 0 ? found.filter((word) => !word.startsWith("-")) : found,
      );
      expectOffered(offers);
      expect(offersOfBash(script, [["cdktf-maas", "plan", "--format", "=", "j"]])).toEqual([["json"]]);
      expect(offersOfBash(script, [["cdktf-maas", "plan", "--format", "="]])).toEqual([["text", "json", "markdown"]]);
    });

    testIn("fish", "lets fish complete commands, options, choices and files", async () => {
      writeFileSync(join(folder, "cdktf-maas.fish"), await scriptFor("fish"));
      const offers = OFFERED.map(([line]) => {
        const command = `source cdktf-maas.fish; complete -C '${line.join(" ")}'`;
        const output = execFileSync("fish", ["--no-config", "-c", command], { cwd: folder, encoding: "utf8" });
        return output.split("\n").map((text) => text.split("\t")[0]?.replace(/\\ /g, " ") ?? "");
      });
      expectOffered(offers);
    });

    testIn("zsh", "writes what zsh can read", async () => {
      writeFileSync(join(folder, "_cdktf-maas"), await scriptFor("zsh"));
      execFileSync("zsh", ["-n", "_cdktf-maas"], { cwd: folder });
    });

    test("names every command and option of the program for zsh", async () => {
      const script = await scriptFor("zsh");
      const { stdout } = await cdktfMaas(["apply", "--help"]);
      const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option ?? "");
      expect(options).toEqual(expect.arrayContaining(["--yes", "--force", "--record", "--error-format"]));
      const [apply] = script.split("\n").filter((line) => line.includes("apply) _arguments"));
      for (const option of options.filter((name) => name !== "--version")) expect(apply).toContain(`*${option}[`);
    });

    test("refuses a shell that it doesn't know, with those that it does", async () => {
      const { code, stderr } = await cdktfMaas(["completion", "tcsh"]);
      expect([code, stderr]).toEqual([1, expect.stringContaining("bash, zsh, fish")]);
    });
  });
});
