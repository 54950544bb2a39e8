import type { Attributes } from "../../lib/model/known";
import type { KindName } from "../../lib/model/field";
import type { Configuration, ObjectBlock } from "./configuration";
import type { Outcome, Report } from "./report";
import type { State } from "./state";

/** An object of a live region: see `LiveObject` of the run-time side. References in its attributes are natural keys. */
export interface RegionObject {
  readonly kind: KindName;
  readonly key: string;
  readonly id: string;
  readonly attributes: Attributes;
}

/** The provider that a configuration moves to. */
export interface OurProvider {
  readonly source: string;
  readonly version: string;
}

/** What a migration goes by, beside the files. */
export interface Facts {
  readonly provider: OurProvider;
  /** Absent = nobody has found one. */
  readonly state?: State;
  /** Absent = no region was named. */
  readonly region?: readonly RegionObject[];
}

/** One configuration that is being rewritten. */
export interface Context extends Facts {
  readonly configuration: Configuration;
  readonly report: Report;
  /** The blocks that are this provider's after the migration. */
  readonly moving: readonly ObjectBlock[];
}

/** Tells what was done about an object. */
export function told(
  { report }: Context,
  object: ObjectBlock,
  outcome: Exclude<Outcome, "stays">,
  ...sentences: string[]
): void {
  report.add(object.file, object.block.start, object.address, outcome, ...sentences);
}

/** The object of the region with that natural key. */
export const liveObjectOf = (
  { region = [] }: Facts,
  kind: KindName,
  key: string | undefined,
): RegionObject | undefined => region.find((object) => object.kind === kind && object.key === key);
