/** One part of what the programs do, with all that it needs. */
export type Part = () => unknown;
