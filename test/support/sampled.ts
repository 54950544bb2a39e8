const isWhole = process.env.EVERY_CELL === "1";

/**
 * Of a product of many cells `npm test` plays each so manieth one: this number, or 1 with EVERY_CELL=1. What is left out is said.
 * @param every 1 in so many
 */
export function strideOf(what: string, every: number): number {
  if (isWhole) return 1;
  process.stderr.write(`\n*** SAMPLED: ${what}: 1 in ${every}; EVERY_CELL=1 plays all of them\n`);
  return every;
}
