import type { IConstruct, ITerraformDependable } from "../cdk";
import { type Region, regionOf } from "./region";

const STEPS = new WeakMap<Region, IConstruct & ITerraformDependable>();

/** Records the apply step of a region. */
export function declareApplyStep(region: Region, step: IConstruct & ITerraformDependable): void {
  STEPS.set(region, step);
}

export function applyStepOf(region: Region): (IConstruct & ITerraformDependable) | undefined {
  return STEPS.get(region);
}

/** Terraform's address of the step that makes a MAAS construct, where an apply step is the engine. */
export function applyStepAddress(construct: IConstruct): string | undefined {
  const region = regionOf(construct);
  return region && applyStepOf(region)?.fqn;
}
