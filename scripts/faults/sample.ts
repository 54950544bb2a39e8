import { randomNumbers } from "../../src/simulator/text/random";

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** Each item of the one with each of the other; the first N of these pairs have as many of each item as of the others, give or take one. */
export function pairs<A, B>(these: readonly A[], those: readonly B[]): (readonly [A, B])[] {
  const [a, b] = [these.length, those.length];
  // After so many pairs both would begin again with the same ones.
  const round = (a * b) / greatestCommonDivisor(a, b);
  return Array.from(
    { length: a * b },
    (_, n) => [these[n % a] as A, those[(n + Math.floor(n / round)) % b] as B] as const,
  );
}

/**
 * That many items, the same for the same seed: of each group as many as of the others, as far as it has them. Where there are
 * fewer than groups, they are of the first ones.
 */
export function sampled<T>(groups: readonly (readonly T[])[], size: number, seed: number): T[] {
  const random = randomNumbers(seed);
  return groups
    .flatMap((group) =>
      group
        .map((item) => ({ item, rank: random() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }, turn) => ({ item, turn })),
    )
    .sort((a, b) => a.turn - b.turn)
    .slice(0, size)
    .map(({ item }) => item);
}
