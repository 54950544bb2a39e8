import type { Attributes } from "../../../lib/model/known";
import type { Form } from "../../maas/client";
import type { Problem } from "../../../lib/model/problem";
import type { ObjectJson } from "../../maas/codec";
import type { MaasValidationError } from "../../maas/errors";
import type { ObjectError } from "../objects/failure";
import type { Find } from "../references/lookups";
import type { Region } from "../region/region";
import type { Exchange } from "./exchanges";

/** Objects that MAAS makes along with their parent: adopted as they are new without being asked, and deleted only with that parent. */
export interface WithParent {
  /** Whether a live object, by its row, is one of them. */
  readonly is: (region: Region, row: ObjectJson) => Promise<boolean>;
  /** The one of the parent with that id, by its row. */
  readonly of: (region: Region, parent: string) => Promise<ObjectJson | undefined>;
  /** Whether such an object, by its row, is as MAAS has made it. */
  readonly isUntouched: (row: ObjectJson) => boolean;
}

/** A change of the object with that id that MAAS has refused. */
export interface RefusedPut {
  readonly id: string;
  readonly form: Form;
  readonly refusal: MaasValidationError;
  /** Sends the form with these fields added. */
  readonly put: (extra: Form) => Promise<ObjectJson>;
}

/** What is special about the objects of a kind in their collection. What is absent is done by the kind's record alone. */
export interface CollectionStrategy {
  /** Asked for now. */
  readonly find?: Find;
  /** The same, as far as this run has read it already, or within the budget of its reads. */
  readonly known?: Find;
  readonly withParent?: WithParent;
  /** Refusals of a POST that another change of the same run may end. */
  readonly passing?: RegExp;
  /** Makes a PUT that MAAS has refused in another way. @throws the refusal where there is none */
  readonly putOtherwise?: (region: Region, refused: RefusedPut) => Promise<ObjectJson>;
  /** What the user should know once the object with that id has been changed. */
  readonly warnings?: (region: Region, id: string) => readonly Problem[];
  /** What is to be done once an object is made (without `before`), changed or removed (without `after`). */
  readonly afterwards?: (region: Region, before?: Attributes, after?: Attributes) => Promise<void>;
  /** Values of which no two objects have the same, and which objects may exchange. */
  readonly exchange?: Exchange;
  /** What such a refusal is about, where it can be told after nobody has ended it. `own` is the id, once there is one. */
  readonly explain?: (
    region: Region,
    refusal: MaasValidationError,
    desired: Attributes,
    own: string | undefined,
  ) => Promise<ObjectError | undefined>;
}
