const isWhole = process.env.EVERY_CELL === "1";

/**
 * `npm test` plays one cell in so many of a large product, and says so; with EVERY_CELL=1 it plays all.
 *
 * @returns by how much the number of a cell grows to the next one that is played: `every`, or 1
 */
export function strideOf(what: string, every: number): number {
  if (isWhole) return 1;
  process.stderr.write(`\n*** SAMPLED: ${what}: 1 in ${every}; EVERY_CELL=1 plays all of them\n`);
  return every;
}
