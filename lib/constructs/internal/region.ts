import {
  type IConstruct,
  type ITerraformDependable,
  TerraformDataSource,
  type TerraformProvider,
  TerraformResource,
  TerraformStack,
  Token,
} from "../../cdk";
import { MaasEngine } from "../maas-engine";
import { Fact, factsOf, isInTree, ListFact, PROVIDER, registerTrace } from "./facts";
import { overridesOf } from "./synthesised";
import { fault, type Problem, type Words } from "../../model/problem";

/** How Terraform's programs reach a region; what is left out comes from the environment. */
export interface Connection {
  readonly apiKey?: string;
  readonly tlsCaCertPath?: string;
  readonly tlsInsecureSkipVerify?: boolean;
}

/** The region that a provider configuration stands for. */
export interface StackRegion {
  readonly provider: TerraformProvider;
  /** The API's URL; undefined when it comes from the environment. */
  readonly apiUrl: string | undefined;
  readonly alias: string | undefined;
  readonly engine: MaasEngine;
  readonly connection: Connection;
}

const REGIONS = new ListFact<StackRegion>("regions");
const APPLY_STEP = new Fact<IConstruct & ITerraformDependable>("apply-step");

/** Records which region a provider configuration stands for. */
export function registerRegion(region: StackRegion): void {
  registerTrace(region.provider);
  REGIONS.add(TerraformStack.of(region.provider), region);
}

/** The regions that a stack is deployed to, in the order they were configured. */
export function regionsOf(stack: TerraformStack): readonly StackRegion[] {
  return REGIONS.of(stack).filter(({ provider }) => isInTree(provider));
}

/** Who a region is: its URL in one spelling. Configurations without a URL are one region, that of the environment. */
export const nameOfRegion = (region: StackRegion | undefined): string =>
  (region?.apiUrl ?? "").replace(/\/+$/, "").toLowerCase();

/** The provider configuration that a construct itself was given: as a construct, or by its address in an override. */
export function givenProvider(construct: IConstruct): TerraformProvider | string | undefined {
  const synthesis = factsOf(construct)?.synthesis;
  const overridden = synthesis && overridesOf(construct, synthesis).provider;
  if (typeof overridden === "string") return overridden;
  const isElement =
    TerraformResource.isTerraformResource(construct) || TerraformDataSource.isTerraformDataSource(construct);
  return isElement ? construct.provider : undefined;
}

/** The region of a provider configuration; undefined when it is none of MAAS's. */
function regionAt(stack: TerraformStack, given: TerraformProvider | string): StackRegion | undefined {
  return regionsOf(stack).find(({ provider }) =>
    typeof given === "string" ? provider.fqn === given : provider === given,
  );
}

/** The region that was chosen for a construct, by itself or by what it refers to, in its stack. */
function chosenRegion(construct: IConstruct): StackRegion | undefined {
  const stack = TerraformStack.of(construct);
  const given = givenProvider(construct);
  if (given !== undefined) return regionAt(stack, given);
  for (const target of Object.values(factsOf(construct)?.references ?? {})) {
    const chosen = chosenRegion(target);
    if (chosen === undefined) continue;
    // A configuration is a stack's own: in another one the same region is meant.
    const regions = regionsOf(stack);
    if (regions.includes(chosen)) return chosen;
    const own = regions.find((region) => nameOfRegion(region) === nameOfRegion(chosen));
    if (own !== undefined) return own;
  }
  return undefined;
}

/** The region of what chooses none: the configuration without an alias, or the only one. */
export function defaultRegion(stack: TerraformStack): StackRegion | undefined {
  const regions = regionsOf(stack);
  return regions.find(({ alias }) => alias === undefined) ?? regions[0];
}

/** The region that a provider configuration stands for; without one, the stack's default region. */
export function regionFor(stack: TerraformStack, provider: TerraformProvider | undefined): StackRegion | undefined {
  return provider === undefined ? defaultRegion(stack) : regionAt(stack, provider);
}

/** The region that a MAAS construct belongs to: of its own provider, of what it refers to, else the stack's default one. */
export function regionOf(construct: IConstruct): StackRegion | undefined {
  if (givenProvider(construct) !== undefined) return chosenRegion(construct);
  return chosenRegion(construct) ?? defaultRegion(TerraformStack.of(construct));
}

/** Terraform's address of the provider configuration of a MAAS construct; undefined for the one that it takes by itself. */
export function providerAddress(construct: IConstruct): string | undefined {
  const given = givenProvider(construct);
  if (given !== undefined) return typeof given === "string" ? given : given.fqn;
  const provider = regionOf(construct)?.provider;
  return provider === undefined || provider.fqn === PROVIDER.name ? undefined : provider.fqn;
}

/** Whether Terraform is told of a MAAS construct. Where an apply step is the engine, only the document tells of it. */
export function isTerraformObject(construct: IConstruct): boolean {
  return regionOf(construct)?.engine !== MaasEngine.APPLY_STEP;
}

/** Whether two configurations surely are of two regions, so that an id of the one means something else in the other. */
function areDifferent(a: StackRegion, b: StackRegion): boolean {
  if (a === b || (a.apiUrl !== undefined && nameOfRegion(a) === nameOfRegion(b))) return false;
  // Another stack's configuration may have the same URL by another token, or from the environment.
  const isLiteral = ({ apiUrl }: StackRegion): boolean => apiUrl !== undefined && !Token.isUnresolved(apiUrl);
  return TerraformStack.of(a.provider) === TerraformStack.of(b.provider) || (isLiteral(a) && isLiteral(b));
}

/** Records the apply step of a region. */
export function registerApplyStep(region: StackRegion, step: IConstruct & ITerraformDependable): void {
  APPLY_STEP.set(region.provider, step);
}

export function applyStepOf(region: StackRegion): (IConstruct & ITerraformDependable) | undefined {
  const step = APPLY_STEP.of(region.provider);
  return step !== undefined && isInTree(step) ? step : undefined;
}

/** Terraform's address of the step that makes a MAAS construct, where an apply step is the engine. */
export function applyStepAddress(construct: IConstruct): string | undefined {
  const region = regionOf(construct);
  return region && applyStepOf(region)?.fqn;
}

const shown = ({ provider, alias, apiUrl }: StackRegion): string => {
  const name = alias === undefined ? "the default configuration" : `alias "${alias}"`;
  const url = apiUrl === undefined || apiUrl.includes("${") ? "" : `, ${apiUrl}`;
  return `${provider.node.path} (${name}${url})`;
};

/** What is wrong with the provider configuration that a construct was given. */
/** A construct whose region is not clear. */
const unclear = (words: Words<string>): Problem => fault("MAAS-CON-11", undefined, words);

function foreignProvider(construct: IConstruct): Problem[] {
  const given = givenProvider(construct);
  if (given === undefined || chosenRegion(construct) !== undefined) return [];
  const name = typeof given === "string" ? `"${given}"` : given.node.path;
  const [first] = regionsOf(TerraformStack.of(construct));
  return [
    unclear({
      what: `${construct.node.path} has the provider ${name}, which is no MaasProvider of its stack`,
      fix: `give it ${first?.provider.node.path ?? 'new MaasProvider(stack, "maas")'} as its provider.`,
    }),
  ];
}

/** What neither says which region it is made in, nor refers to anything that does, where none is the stack's default. */
function undecided(construct: IConstruct): Problem[] {
  const regions = regionsOf(TerraformStack.of(construct));
  if (regions.length < 2 || regions.some(({ alias }) => alias === undefined)) return [];
  if (givenProvider(construct) !== undefined || chosenRegion(construct) !== undefined) return [];
  // Said once, of what the others refer to.
  const stack = TerraformStack.of(construct);
  const isBeside = (target: IConstruct): boolean =>
    factsOf(target) !== undefined && TerraformStack.of(target) === stack;
  if (Object.values(factsOf(construct)?.references ?? {}).some(isBeside)) return [];
  return [
    unclear({
      what: `${construct.node.path} does not say which region it is in: its stack has ${regions.map(shown).join(" and ")}, and no MaasProvider without an alias`,
      fix: "give it one of them as its provider.",
    }),
  ];
}

/** What refers to an object of another region: its id means another object there, or none. */
function mixed(construct: IConstruct): Problem[] {
  const own = regionOf(construct);
  if (own === undefined) return [];
  const stack = TerraformStack.of(construct);
  return Object.values(factsOf(construct)?.references ?? {}).flatMap((target) => {
    const other = factsOf(target) === undefined ? undefined : regionOf(target);
    if (other === undefined || !areDifferent(own, other)) return [];
    const isOwnStacks = regionsOf(stack).includes(other);
    const fix = isOwnStacks
      ? `give ${construct.node.path} and all that it refers to one provider: ${own.provider.node.path}, or ${other.provider.node.path}.`
      : `give ${construct.node.path} a MaasProvider of its stack with the URL of ${other.provider.node.path}.`;
    return [
      unclear({
        what: `${construct.node.path} is in the region of ${shown(own)}, and refers to ${target.node.path} in that of ${shown(other)}`,
        why: "Ids are each region's own: they would mean other objects there.",
        fix,
      }),
    ];
  });
}

/** One problem per construct whose region is not clear, or that mixes two. */
export function regionMix(constructs: readonly IConstruct[]): Problem[] {
  return constructs.flatMap((construct) => [
    ...foreignProvider(construct),
    ...undecided(construct),
    ...mixed(construct),
  ]);
}
