import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import type { PlannedObject, PlannedObjects } from "../planned/planned-objects";
import type { Region } from "../region/region";
import type { PlannedNetwork } from "./planned-network";

/** An object with what this run plans around it. */
export interface Surroundings {
  readonly planned: PlannedObjects;
  readonly around: PlannedNetwork;
}

/** When the check is made. What others change in the same run is in place only at apply. */
export type Moment = "plan" | "apply";

/** An object of a run, and what it is checked with. */
export interface Checked extends Surroundings {
  readonly region: Region;
  readonly kind: Kind;
  readonly prior: Attributes | undefined;
  readonly own: PlannedObject;
  readonly moment: Moment;
}
