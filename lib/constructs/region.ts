import {
  type IConstruct,
  TerraformDataSource,
  type TerraformProvider,
  TerraformResource,
  TerraformStack,
} from "../cdk";
import { declaredBy } from "./declared";
import { rememberTrace } from "./made-at";

/** The region that a provider configuration stands for. */
export interface Region {
  readonly provider: TerraformProvider;
  /** The API's URL; undefined when it comes from the environment. */
  readonly apiUrl: string | undefined;
  readonly alias: string | undefined;
}

const REGIONS = new WeakMap<TerraformStack, Region[]>();

/** Records which region a provider configuration stands for. */
export function declareRegion(region: Region): void {
  const stack = TerraformStack.of(region.provider);
  REGIONS.set(stack, [...regionsOf(stack), region]);
  rememberTrace(region.provider);
}

/** The regions that a stack is deployed to, in the order they were configured. */
export function regionsOf(stack: TerraformStack): readonly Region[] {
  return REGIONS.get(stack) ?? [];
}

function providerOf(construct: IConstruct): TerraformProvider | undefined {
  const isObject =
    TerraformResource.isTerraformResource(construct) || TerraformDataSource.isTerraformDataSource(construct);
  if (isObject) return construct.provider;
  // A static range is none of Terraform's objects: it is where its subnet is.
  const [owner] = Object.values(declaredBy(construct)?.references ?? {});
  return owner && providerOf(owner);
}

/** The region that a MAAS construct belongs to: that of its own provider, else the stack's default one. */
export function regionOf(construct: IConstruct): Region | undefined {
  const provider = providerOf(construct);
  const regions = regionsOf(TerraformStack.of(construct));
  if (provider !== undefined) return regions.find((region) => region.provider === provider);
  return regions.find(({ alias }) => alias === undefined) ?? regions[0];
}
