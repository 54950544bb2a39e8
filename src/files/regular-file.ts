import { type Stats, statSync } from "node:fs";

const KINDS: readonly (readonly [words: string, is: (stats: Stats) => boolean])[] = [
  ["a named pipe (FIFO)", (stats) => stats.isFIFO()],
  ["a socket", (stats) => stats.isSocket()],
  ["a device", (stats) => stats.isCharacterDevice() || stats.isBlockDevice()],
];

/** Pipes that a shell has opened for the program, as `<(command)` does: they end with what writes to them. */
const OPEN_PIPE = /^\/(?:dev\/stdin$|dev\/fd\/|proc\/[^/]+\/fd\/)/;

/**
 * What a name stands for in place of a file, in words: to read it, or to write to it, may take for ever. Undefined = a file, a
 * folder, nothing, or a pipe that is open.
 */
export function specialFile(name: string): string | undefined {
  let stats: Stats | undefined;
  try {
    stats = statSync(name, { throwIfNoEntry: false });
  } catch {
    // Whoever reads it is told why that can't be done.
    return undefined;
  }
  if (stats === undefined || (stats.isFIFO() && OPEN_PIPE.test(name))) return undefined;
  const found = stats;
  return KINDS.find(([, is]) => is(found))?.[0];
}

/** @throws Error for what is no file, see {@link specialFile} */
export function refuseSpecialFile(name: string): void {
  const words = specialFile(name);
  if (words !== undefined) throw new Error(`it is ${words}, and a file is wanted`);
}
