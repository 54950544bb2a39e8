import { exchangeParts } from "./support/growth/exchanges";
import { instanceParts } from "./support/growth/instances";
import { OperationCounter } from "./support/growth/operations";
import type { Part } from "./support/growth/part";
import { planningParts } from "./support/growth/planning";
import { PLAN_SHAPES } from "./support/growth/plans";
import { readingParts } from "./support/growth/reading";
import { REGION_SHAPES } from "./support/growth/regions";

jest.setTimeout(60_000);

const SIZE = 48;

/**
 * Operations for each pair of objects that are not worth a word. A step that looks at all objects for each object costs
 * more than that; what is left over of sorting, and of numbers that get longer, costs less.
 */
const FEW = 0.4;

let counter: OperationCounter;

beforeAll(() => {
  counter = new OperationCounter();
});

afterAll(() => counter.stop());

type PartsOf = (size: number) => Promise<Readonly<Record<string, Part>>> | Readonly<Record<string, Part>>;

/**
 * How many operations each part does for a pair of objects: what is left of its costs for 1, 2 and 4 times as many objects
 * when all is taken out that grows with their number, or with n log n.
 */
async function perPair(
  partsOf: PartsOf,
  size: number,
  isAsked: (name: string) => boolean,
): Promise<[string, number][]> {
  const all = [await partsOf(size), await partsOf(2 * size), await partsOf(4 * size)] as const;
  const found: [string, number][] = [];
  // What is worked out once and kept for all, such as the forms of natural keys, is not counted.
  for (const part of Object.values(await partsOf(size))) await part();
  for (const name of Object.keys(all[0]).filter(isAsked)) {
    const [one = 0, two = 0, four = 0] = await counted(all.map((parts) => parts[name]));
    found.push([name, (four - 4 * two + 4 * one) / (4 * size * size)]);
  }
  return found;
}

async function counted(parts: readonly (Part | undefined)[]): Promise<number[]> {
  const costs: number[] = [];
  for (const part of parts) costs.push(await counter.of(() => part?.()));
  return costs;
}

/** The parts that look at all objects for each object. What may be by chance is looked at once more, with three times as many. */
async function tooSteep(partsOf: PartsOf): Promise<Readonly<Record<string, number>>> {
  const suspects = new Map((await perPair(partsOf, SIZE, () => true)).filter(([, cost]) => cost > FEW));
  if (suspects.size === 0) return {};
  const again = await perPair(partsOf, 3 * SIZE, (name) => suspects.has(name));
  return Object.fromEntries(again.filter(([, cost]) => cost > FEW));
}

test.each(Object.entries(REGION_SHAPES))(
  "reading, judging and exporting %s does nothing for each pair of objects",
  async (_, rowsOf) => {
    expect(await tooSteep((size) => readingParts(rowsOf(size)))).toEqual({});
  },
);

test.each(PLAN_SHAPES)("planning $title does nothing for each pair of objects", async (shape) => {
  expect(await tooSteep((size) => planningParts(shape, size))).toEqual({});
});

test("planning a ring of objects that exchange their keys does nothing for each pair of them", async () => {
  expect(await tooSteep(exchangeParts)).toEqual({});
});

test("the plugin does nothing for each pair of instances of a state", async () => {
  expect(await tooSteep(instanceParts)).toEqual({});
});

test("the count finds a step that looks at all objects for each object, whoever walks", async () => {
  const listOf = (size: number): number[] => Array.from({ length: size }, (_, n) => n);
  const walks = (size: number): Readonly<Record<string, Part>> => ({
    once: () => [...listOf(size)].reverse(),
    includes: () => listOf(size).filter((n) => listOf(size).includes(n)),
    copies: () => listOf(size).reduce<number[]>((list, n) => [...list, n], []),
  });
  expect(Object.keys(await tooSteep(walks))).toEqual(["includes", "copies"]);
});
