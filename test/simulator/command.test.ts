import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { simulateCommand } from "../../src/simulator/command";

const KEYS = ["--admin-key", "a:b:secret-of-admin", "--user-key", "u:v:secret-of-user"];

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "simulate-"));
  program = join(folder, "simulate.js");
  const entry = join(folder, "entry.ts");
  writeFileSync(
    entry,
    `import { simulateCommand } from ${JSON.stringify(join(process.cwd(), "src/simulator/command"))}; void simulateCommand((text) => process.stdout.write(text)).parseAsync();`,
  );
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: program,
    logLevel: "error",
  });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The first lines of the program's output, up to the user key. */
async function started(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes("User key:")) return text;
  }
  throw new Error(`the program ended early:\n${text}`);
}

test("simulate prints its URLs and keys, serves, and ends cleanly when it is told to", async () => {
  const child = spawn(process.execPath, [program, "--port", "0", "--maas-version", "3.4", ...KEYS]);
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const text = await started(child);
  expect(text).toContain("API key:  a:b:secret-of-admin");
  const url = /URL: +(\S+)/.exec(text)?.[1] ?? "";
  expect(await (await fetch(`${url}/api/2.0/version/`)).json()).toMatchObject({ version: "3.4.10" });
  child.kill("SIGTERM");
  expect(await exit).toBe(0);
});

test.each([
  [["--fault", "418"], '"418" is not a fault; give one of 409'],
  [["--latency", "soon"], '"soon" is not a latency; give one such as 20ms'],
])("%p is refused before anything is served, with a value that would do", (args, message) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "--port", "0", ...args], {
    encoding: "utf8",
  });
  expect([status, stdout, stderr]).toEqual([1, "", expect.stringContaining(message)]);
});

test.each([[["--port", "x"], /"x" is not a TCP port; give a number from 0 to 65535/]])(
  "%p is refused with a value that would do",
  async (args, message) => {
    const command = simulateCommand(() => undefined)
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    await expect(command.parseAsync(args, { from: "user" })).rejects.toThrow(message);
  },
);
