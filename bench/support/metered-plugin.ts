import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownPlatform, pluginFileName } from "../../lib/provider/plugin/plugin-files";
import { cpuMsIn, timedProgram } from "./times";

/** What Terraform calls the provider under measurement, whoever made it. */
export const SOURCE = "bench.example/bench/maas";
export const VERSION = "1.0.0";

/** What the processes of a plugin took. Undefined where the machine can't tell (no bash, no /proc). */
export interface PluginCost {
  readonly cpuMs: number | undefined;
  readonly peakMb: number | undefined;
}

/**
 * A plugin in a `filesystem_mirror` of its own, started through a shell that writes down what it took: its CPU time when it has
 * ended, of all processes that Terraform starts of it, and the most memory that one of them had.
 */
export class MeteredPlugin {
  readonly #times: string;
  readonly #pids: string;
  #peakKb = 0;
  readonly #watch: NodeJS.Timeout;

  constructor(
    program: string,
    readonly folder: string,
  ) {
    this.#times = join(folder, "times");
    this.#pids = join(folder, "pids");
    const mirror = join(folder, "mirror", SOURCE, VERSION, ownPlatform());
    mkdirSync(mirror, { recursive: true });
    const wrapper = join(mirror, pluginFileName(VERSION));
    timedProgram(wrapper, program, { times: this.#times, pids: this.#pids });
    writeFileSync(
      this.cliConfig,
      `provider_installation {\n  filesystem_mirror {\n    path = "${join(folder, "mirror")}"\n  }\n}\n`,
    );
    this.#watch = setInterval(() => this.#look(), 50);
    this.clear();
  }

  /** Terraform's CLI configuration that installs it. */
  get cliConfig(): string {
    return join(this.folder, "terraform.rc");
  }

  clear(): void {
    writeFileSync(this.#times, "");
    writeFileSync(this.#pids, "");
    this.#peakKb = 0;
  }

  get cost(): PluginCost {
    const peakMb = this.#peakKb === 0 ? undefined : this.#peakKb / 1024;
    return { cpuMs: cpuMsIn(this.#times), peakMb };
  }

  stop(): void {
    clearInterval(this.#watch);
  }

  #look(): void {
    for (const pid of readFileSync(this.#pids, "utf8")
      .split("\n")
      .filter((line) => line !== "")) {
      const status = `/proc/${pid}/status`;
      try {
        if (!existsSync(status)) continue;
        const [, kb = "0"] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(status, "utf8")) ?? [];
        this.#peakKb = Math.max(this.#peakKb, Number(kb));
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}
