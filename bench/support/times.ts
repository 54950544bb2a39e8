import { chmodSync, readFileSync, writeFileSync } from "node:fs";

/**
 * A shell script that runs a program, and adds what bash's `times` says to a file when the program has ended.
 *
 * @param pids a file that the program's process id is added to
 */
export function timedProgram(script: string, program: string, { times, pids }: { times: string; pids?: string }): void {
  const note = pids === undefined ? "" : `echo $! >> '${pids}'\n`;
  const lines = `'${program}' "$@" &\n${note}wait $!\ncode=$?\ntimes >> '${times}'\nexit $code\n`;
  writeFileSync(script, `#!/bin/bash\n${lines}`);
  chmodSync(script, 0o755);
}

/** Milliseconds of CPU, user and system, of all programs that have added theirs to the file; undefined = none has. */
export function cpuMsIn(times: string): number | undefined {
  // The second line of each `times`: minutes and seconds of children, user and system.
  const lines = readFileSync(times, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const children = lines.filter((_, at) => at % 2 === 1);
  const spent = children.flatMap((line) => [...line.matchAll(/(\d+)m([\d.]+)s/g)]);
  if (lines.length === 0) return undefined;
  return spent.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60_000 + Number(rest) * 1000, 0);
}
