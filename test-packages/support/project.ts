import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";

export const ROOT = join(__dirname, "..", "..");

/** The file of a part of what `npm run package` made, such as the one of `npm` that starts with `cdktn-maas-`. */
export function artefact(part: string, start: string, end = ""): string {
  const folder = join(process.env.PACKAGES_FOLDER ?? "", part);
  const found = readdirSync(folder).find((file) => file.startsWith(start) && file.endsWith(end));
  if (found === undefined) throw new Error(`${folder} has no ${start}…${end}: ${readdirSync(folder).join(", ")}`);
  return join(folder, found);
}

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A user's project in a folder of its own. */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "cdktf-maas-project-"));

  write(file: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), content);
  }

  /** Unpacks a zip file. @returns the folder */
  unzip(zip: string, folder: string): string {
    for (const [file, content] of Object.entries(unzipSync(readFileSync(zip)))) this.write(join(folder, file), content);
    return join(this.folder, folder);
  }

  /** Installs npm packages. @param packages names with versions, and tarballs */
  install(packages: readonly string[]): void {
    this.write("package.json", JSON.stringify({ name: "project", private: true }));
    const options = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    execFileSync("npm", ["install", ...options, ...packages], {
      cwd: this.folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
  }

  /** Runs a program to its end. */
  run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
    const { status, error, stdout, stderr } = spawnSync(program, args, {
      ...{ cwd: this.folder, encoding: "utf8", maxBuffer: 2 ** 26 },
      env: { ...process.env, ...env },
    });
    if (error !== undefined) throw error;
    return { code: status ?? -1, output: `${stdout}${stderr}` };
  }

  /** The same. @throws Error with all output when it fails. */
  succeed(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
    const { code, output } = this.run(program, args, env);
    if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  node(script: string, ...args: string[]): Ended {
    return this.run(process.execPath, [script, ...args]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
