import { readdirSync, readFileSync } from "node:fs";

/** A process that has not ended. */
export interface Process {
  readonly pid: number;
  /** The process that has started it. */
  readonly parent: number;
  /** Its group, which is called after the first process of it. */
  readonly group: number;
}

/** The processes of this machine, as Linux tells of them (proc_pid_stat(5)). */
export function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Process[] => {
      try {
        // The fields after the name of the program, which may hold blanks.
        const [state, parent, group] = readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ");
        return state === "Z" ? [] : [{ pid: Number(name), parent: Number(parent), group: Number(group) }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}
