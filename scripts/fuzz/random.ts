import { randomNumbers } from "../../src/simulator/text/random";

/** Choices that repeat for the same seed. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomNumbers(seed);
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  /** One of some. @throws RangeError of none */
  of<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (choices.length === 0) throw new RangeError("there is nothing to choose from");
    return chosen as T;
  }

  /** Whether something happens that does so once in `turns`. */
  once(turns: number): boolean {
    return this.below(turns) === 0;
  }
}

/** The choices for one input: those of input 7 do not depend on how many came before it. */
export const randomFor = (seed: number, index: number): Random =>
  new Random((Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0);
