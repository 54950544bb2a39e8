import { spawn } from "node:child_process";
import { once } from "node:events";

/** Where the commands of a page run. */
export interface Console {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What `npx cdktf-maas` stands for. */
  readonly program: string;
}

async function outputOf(command: string, { cwd, env, program }: Console): Promise<string> {
  const script = `npx() { shift; '${process.execPath}' '${program}' "$@"; }\n${command}`;
  const child = spawn("bash", ["-c", `exec 2>&1\n${script}`], { cwd, env: { PATH: process.env.PATH, ...env } });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await once(child, "close");
  return output;
}

/** Does all commands of one block, and writes what each says below it. */
async function asRun(block: string, console: Console): Promise<string> {
  const commands = block.split("\n").filter((line) => line.startsWith("$ "));
  const parts: string[] = [];
  for (const line of commands) parts.push(`${line}\n${await outputOf(line.slice(2), console)}`);
  return parts.join("");
}

/** The page with each `console` block as it comes out when its commands (`$ ...`) are run, one after the other. */
export async function runConsoleBlocks(page: string, console: Console): Promise<string> {
  const parts: string[] = [];
  for (const part of page.split(/^(`{3,4}console\n[\s\S]*?^`{3,4}\n)/m)) {
    const [, fence, block = ""] = /^(`{3,4})console\n([\s\S]*)^`{3,4}\n$/m.exec(part) ?? [];
    if (fence === undefined) {
      parts.push(part);
      continue;
    }
    const text = (await asRun(block, console)).replace(/\n*$/, "\n");
    parts.push(`${fence}console\n${text}${fence}\n`);
  }
  return parts.join("");
}
