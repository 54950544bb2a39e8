/** What an {@link ApplyStep} refuses unless it is told otherwise, because it may not be what was meant. */
export enum ApplyGuard {
  /**
   * Taking over objects that are there before the first run although the stack says to make them. Forced, they are the
   * stack's own from then on; `adoptExisting` of a construct takes over that one, and a destroy leaves it in place.
   */
  EXISTING = "existing",
  /** Deleting what others use: subnets on which nodes have addresses, fabrics in which there is more than this stack has made. */
  FOREIGN = "foreign",
  /** Going on at another URL than that of the last run. */
  REGION = "region",
}
