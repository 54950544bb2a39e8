/** A seed that cannot be read or loaded: what is wrong, and where. */
export class SeedError extends Error {
  override readonly name = "SeedError";
}
