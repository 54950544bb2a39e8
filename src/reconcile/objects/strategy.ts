import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import type { Problem } from "../../../lib/model/problem";
import type { ObjectJson } from "../../maas/codec";
import type { MaasValidationError } from "../../maas/errors";
import type { Exchange } from "../ops/exchanges";
import type { When } from "../planning/planned-changes";
import type { PlannedObjects } from "../planning/planned-objects";
import type { Checked } from "../planning/side-effects";
import type { Region } from "../region/region";
import type { ObjectError } from "./failure";

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

/** With `when`, a key of an object that this run changes is the one before the run, or the one after it. */
export type Lookup = (region: Region, key: string, when?: When) => Promise<string | undefined>;

/** The object with the natural key of `desired`, whose references are ids. */
export type Find = (region: Region, desired: Attributes) => Promise<ObjectJson | undefined>;

/** Objects that MAAS makes along with their parent: adopted as they are new without being asked, and deleted only with that parent. */
export interface WithParent {
  /** Whether a live object, by its row, is one of them. */
  readonly is: (region: Region, row: ObjectJson) => Promise<boolean>;
  /** The one of the parent with that id, by its row. */
  readonly of: (region: Region, parent: string) => Promise<ObjectJson | undefined>;
  /** Whether such an object, by its row, is as MAAS has made it. */
  readonly isUntouched: (row: ObjectJson) => boolean;
}

/**
 * What is special about the objects of a kind in MAAS's API, beyond what its record says. What is absent is done as for any
 * kind, by the record alone.
 */
export interface Strategy {
  /** How objects are read, made, changed and removed. Default: POST, GET, PUT and DELETE in the kind's collection. */
  readonly ops?: (region: Region, kind: Kind) => ObjectOps;
  /** The id of the object that an id or a natural key names. */
  readonly lookUp?: Lookup;
  /** What an object is to have, with what of it the region tells: before it is looked for, made or changed. References are ids. */
  readonly complete?: (region: Region, desired: Attributes) => Promise<Attributes>;
  /** Asked for now. */
  readonly find?: Find;
  /** The same, as far as this run has read it already, or within the budget of its reads. */
  readonly known?: Find;
  readonly withParent?: WithParent;
  /** Refusals of a POST that another change of the same run may end. */
  readonly passing?: RegExp;
  /** Values of which no two objects have the same, and which objects may exchange. */
  readonly exchange?: Exchange;
  /** What such a refusal is about, where it can be told after nobody has ended it. `own` is the id, once there is one. */
  readonly explain?: (
    region: Region,
    refusal: MaasValidationError,
    desired: Attributes,
    own: string | undefined,
  ) => Promise<ObjectError | undefined>;
  /** What is checked of an object before it is planned or applied, beyond its own attributes. Default: with what it refers to. */
  readonly check?: (checked: Checked, planned: Attributes) => Promise<Problem[]>;
  /** What a program of this machine finds wrong with an object that is to be made or changed, before MAAS has it. */
  readonly checkWithProgram?: (
    region: Region,
    prior: Attributes | undefined,
    planned: Attributes,
  ) => Promise<Problem<string>[]>;
  /** What the user should know before an adopted object is restored to what it was. */
  readonly checkRelease?: (
    region: Region,
    run: PlannedObjects,
    prior: Attributes,
    original: Attributes,
  ) => Promise<Problem[]>;
  /** What there is instead of an object that a key does not find. */
  readonly alternatives?: (region: Region, key: string) => Promise<string[]>;
  /** What else may be the matter where a key names nothing, with what to do. */
  readonly likelyCause?: (region: Region, key: string) => Promise<string | undefined>;
}
