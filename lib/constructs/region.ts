import {
  type IConstruct,
  TerraformDataSource,
  type TerraformProvider,
  TerraformResource,
  TerraformStack,
} from "../cdk";
import { declaredBy } from "./declared";
import { MaasEngine } from "./maas-engine";
import { rememberTrace } from "./made-at";

/** How Terraform's programs reach a region; what is left out comes from the environment. */
export interface Connection {
  readonly apiKey?: string;
  readonly tlsCaCertPath?: string;
  readonly tlsInsecureSkipVerify?: boolean;
}

/** The region that a provider configuration stands for. */
export interface Region {
  readonly provider: TerraformProvider;
  /** The API's URL; undefined when it comes from the environment. */
  readonly apiUrl: string | undefined;
  readonly alias: string | undefined;
  readonly engine: MaasEngine;
  readonly connection: Connection;
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

/** The region that a provider configuration stands for; without one, the stack's default region. */
export function regionFor(stack: TerraformStack, provider: TerraformProvider | undefined): Region | undefined {
  const regions = regionsOf(stack);
  if (provider !== undefined) return regions.find((region) => region.provider === provider);
  return regions.find(({ alias }) => alias === undefined) ?? regions[0];
}

/** The region that a MAAS construct belongs to: that of its own provider, else the stack's default one. */
export function regionOf(construct: IConstruct): Region | undefined {
  return regionFor(TerraformStack.of(construct), providerOf(construct));
}

/** Whether Terraform is told of a MAAS construct. Where an apply step is the engine, only the document tells of it. */
export function isTerraformObject(construct: IConstruct): boolean {
  return regionOf(construct)?.engine !== MaasEngine.APPLY_STEP;
}
