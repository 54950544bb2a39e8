import { InvalidArgumentError } from "commander";

/** Reads a number of seconds. */
export function seconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a number of seconds, such as 90.");
}
