import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectNoSecrets } from "./secrets";
import { quietEnvironment, type Result, run } from "./terraform";

const ROOT = join(__dirname, "..", "..");

/** A folder with a CDKTF project in it, driven by the real cdktf command line. */
export class CdktfProject {
  readonly folder = mkdtempSync(join(tmpdir(), "cdktf-maas-project-"));
  private readonly environment: NodeJS.ProcessEnv;

  /** @param app JavaScript file, run with Node. */
  constructor(app: string, env: NodeJS.ProcessEnv) {
    const config = { language: "typescript", app: `"${process.execPath}" "${app}"`, sendCrashReports: "false" };
    writeFileSync(join(this.folder, "cdktf.json"), JSON.stringify(config));
    // The command line's own plugin cache is part of what is tested, but not the one of this machine's user.
    const home = { HOME: this.folder, CDKTF_HOME: join(this.folder, ".cdktf") };
    this.environment = { ...quietEnvironment(this.folder), ...home, CI: "1", ...env };
  }

  cdktf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
    const program = join(ROOT, "node_modules", ".bin", "cdktf");
    return run(program, args, { cwd: this.folder, env: { ...this.environment, ...env } });
  }

  /** Like {@link cdktf}. @throws Error with all output when it fails. */
  async succeed(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, output } = await this.cdktf(args, env);
    if (code !== 0) throw new Error(`cdktf ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  /** @throws Error where a run has left a secret in a file */
  remove(): void {
    expectNoSecrets(this.folder, this.environment);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes an app that reads the built library, as a user's own would. */
export function writeApp(folder: string, body: string): string {
  const file = join(folder, "main.js");
  const imports = `const cdktf = require(${JSON.stringify(join(ROOT, "node_modules/cdktf"))});\nconst maas = require(${JSON.stringify(join(ROOT, "dist/lib"))});\n`;
  writeFileSync(file, imports + body);
  return file;
}
