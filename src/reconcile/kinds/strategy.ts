import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import type { Problem } from "../../../lib/model/problem";
import type { Checked } from "../checks/checked";
import type { ObjectOps } from "../objects/object-ops";
import type { CollectionStrategy } from "../ops/collection-strategy";
import type { PlannedObjects } from "../planned/planned-objects";
import type { KeyStrategy, Region } from "../region/region";

/**
 * What is special about the objects of a kind in MAAS's API, beyond what its record says. What is absent is done as for any
 * kind, by the record alone.
 */
export interface Strategy extends KeyStrategy, CollectionStrategy {
  /** How objects are read, made, changed and removed. Default: POST, GET, PUT and DELETE in the kind's collection. */
  readonly ops?: (region: Region, kind: Kind) => ObjectOps;
  /** What an object is to have, with what of it the region tells: before it is looked for, made or changed. References are ids. */
  readonly complete?: (region: Region, desired: Attributes) => Promise<Attributes>;
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
}
