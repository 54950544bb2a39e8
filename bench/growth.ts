// `node scripts/run.mjs bench/growth.ts [WORD…] [SIZE…]`: CPU time of what reads documents and live objects, and of what plans
// changes, as a network grows in the shapes that hurt. Eight times the objects are to cost about eight times as much, where a part
// takes more than a few milliseconds at all; test/growth counts operations of the same parts. A word picks the shapes that have it in
// their title: `renamed`, `reading`, `fabrics`.
import type { Part } from "../test/support/growth/part";
import { planningParts } from "../test/support/growth/planning";
import { PLAN_SHAPES } from "../test/support/growth/plans";
import { readingParts } from "../test/support/growth/reading";
import { REGION_SHAPES } from "../test/support/growth/regions";

const SIZES = [1250, 10_000];

type Parts = Readonly<Record<string, Part>>;

/** What is measured, by title. */
const SHAPES: Readonly<Record<string, (size: number) => Promise<Parts>>> = {
  ...Object.fromEntries(
    Object.entries(REGION_SHAPES).map(([title, rowsOf]) => [`reading ${title}`, (size) => readingParts(rowsOf(size))]),
  ),
  ...Object.fromEntries(
    PLAN_SHAPES.map((shape) => [`planning ${shape.title}`, (size) => Promise.resolve(planningParts(shape, size))]),
  ),
};

/** Milliseconds of CPU that the work takes. */
async function timed(work: Part): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function costsOf(parts: Parts): Promise<ReadonlyMap<string, number>> {
  const costs = new Map<string, number>();
  for (const [name, part] of Object.entries(parts)) costs.set(name, await timed(part));
  return costs;
}

async function growth(
  title: string,
  partsOf: (size: number) => Promise<Parts>,
  sizes: readonly number[],
): Promise<void> {
  process.stdout.write(`\n${title}\n`);
  const measured: ReadonlyMap<string, number>[] = [];
  for (const size of sizes) measured.push(await costsOf(await partsOf(size)));
  for (const part of measured[0]?.keys() ?? []) {
    const times = measured.map((each) => each.get(part) ?? NaN);
    const factor = (times.at(-1) ?? NaN) / (times[0] ?? NaN);
    const cells = [...times.map((ms) => ms.toFixed(0)), `${factor.toFixed(1)} x`];
    process.stdout.write(`${part.padEnd(28)}${cells.map((cell) => cell.padStart(10)).join("")}\n`);
  }
}

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  const numbers = given.map(Number).filter((size) => !Number.isNaN(size));
  const words = given.filter((word) => Number.isNaN(Number(word)));
  const sizes = numbers.length > 0 ? numbers : SIZES;
  process.stdout.write(`CPU ms for ${sizes.join(", ")} objects\n`);
  for (const [title, partsOf] of Object.entries(SHAPES))
    if (words.every((word) => title.includes(word))) await growth(title, partsOf, sizes);
}

void main();
