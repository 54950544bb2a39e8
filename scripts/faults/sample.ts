import { randomNumbers } from "../../src/simulator/text/random";

/** Each item of the one with each of the other, so that the first few of these pairs have as many of each as is possible. */
export function pairs<A, B>(these: readonly A[], those: readonly B[]): (readonly [A, B])[] {
  return those.flatMap((_, shift) =>
    these.flatMap((one, at) => {
      const other = those[(at + shift) % those.length];
      return other === undefined ? [] : [[one, other] as const];
    }),
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
