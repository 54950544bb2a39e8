import type { Attributes } from "../../../lib/model/known";

/** An object that is there before it is created. */
export interface Existing {
  readonly live: Attributes;
  /** Whether creating it may change it without `adopt_existing`: MAAS made it, and nobody has set anything of it. */
  readonly isUntouched: boolean;
}

/** An object that is now there. */
export interface Created {
  /** Its attributes as the region has them, `id` included. */
  readonly live: Attributes;
  /** Set when the object was there before: what it is restored to when it is removed from the configuration. */
  readonly original?: Attributes;
  /** Set when an earlier run that was cut off had made or changed it: where that is written. */
  readonly resumed?: string;
}

/** How an object goes. */
export interface Removal {
  /** Set when it was there before: what it is restored to. */
  readonly original?: Attributes | undefined;
  /** Whether MAAS may delete addresses along with it that nodes use. */
  readonly force?: boolean;
}

/**
 * What can be done with the objects of one kind. References are ids; unknown attributes are left as the region has them.
 *
 * Errors: ObjectError where the region's answer can be foreseen or has to be explained, else what the client throws.
 */
export interface ObjectOps {
  /**
   * The live attributes, or undefined when the object is gone.
   *
   * @param isAdopted whether it was there before. What is then only switched off is not gone, so that it can still be
   *   restored. Default: false.
   * @param prior what was known of it, for objects that their id alone does not find.
   */
  read(id: string, isAdopted?: boolean, prior?: Attributes): Promise<Attributes | undefined>;
  /** What an import of the object fills in of attributes that MAAS does not keep. Absent = nothing. */
  readImported?(id: string): Promise<Attributes>;
  /**
   * The object with the natural key of `desired`, or undefined: as it was read at any time of this run, since the question
   * is what was there before it.
   */
  find(desired: Attributes): Promise<Existing | undefined>;
  /** Makes the object so, and is safe to repeat when the outcome of an earlier try is not known. */
  create(desired: Attributes, adoptExisting: boolean): Promise<Created>;
  /** Changes what differs between `prior` and `desired`; sends nothing when nothing does. */
  update(id: string, prior: Attributes, desired: Attributes): Promise<Attributes>;
  /** Says that this run will change the object, where objects of the kind can exchange values. Absent = they can't. */
  announce?(id: string, live: Attributes, desired: Attributes): void;
  /** Deletes the object, or restores an adopted one. Done already counts as done. */
  remove(id: string, prior: Attributes, removal: Removal): Promise<void>;
}
