import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownPlatform, pluginFileName } from "../../lib/provider/plugin/plugin-files";

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
    writeFileSync(
      wrapper,
      `#!/bin/bash\n'${program}' "$@" &\necho $! >> '${this.#pids}'\nwait $!\ncode=$?\ntimes >> '${this.#times}'\nexit $code\n`,
    );
    chmodSync(wrapper, 0o755);
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
    // The second line of each `times`: minutes and seconds of children, user and system.
    const lines = readFileSync(this.#times, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const children = lines.filter((_, at) => at % 2 === 1);
    const spent = children.flatMap((line) => [...line.matchAll(/(\d+)m([\d.]+)s/g)]);
    const cpuMs = spent.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60_000 + Number(rest) * 1000, 0);
    return {
      cpuMs: lines.length === 0 ? undefined : cpuMs,
      peakMb: this.#peakKb === 0 ? undefined : this.#peakKb / 1024,
    };
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
