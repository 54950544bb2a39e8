import { CDK, type Construct, type IConstruct, TerraformProvider, TerraformResource, TerraformStack } from "../../cdk";
import { fault, type Problem } from "../../model/problem";

/** The type of Terraform resource that carries the runs of an {@link ApplyStep}. */
export enum ApplyCarrier {
  /** `null_resource` of the provider hashicorp/null. Needs the npm package `@cdktf/provider-null` at synth, and the provider where Terraform runs. */
  NULL_RESOURCE = "null_resource",
  /** `terraform_data`, which is built into Terraform (1.4 and later) and OpenTofu: there is no provider to install, lock or mirror. */
  TERRAFORM_DATA = "terraform_data",
}

/** What a carrier's resources differ in. */
export interface CarrierForm {
  /** CDKTF's name of the provider that must be in the stack; Terraform's own needs none. */
  readonly providerName: string;
  /** The attribute whose change has Terraform create the resource anew. */
  readonly triggers: string;
}

export const CARRIER_FORMS: Readonly<Record<ApplyCarrier, CarrierForm>> = {
  [ApplyCarrier.NULL_RESOURCE]: { providerName: "null", triggers: "triggers" },
  [ApplyCarrier.TERRAFORM_DATA]: { providerName: "terraform", triggers: "triggers_replace" },
};

const CARRIERS: readonly string[] = Object.values(ApplyCarrier);

const NULL_PROVIDER = "@cdktf/provider-null";
const NULL_PROVIDER_MODULE = `${NULL_PROVIDER}/lib/provider`;

/** Whether constructs of that package can be in a stack: it is made for CDKTF. */
const TAKES_NULL_PROVIDER = CDK === "cdktf";

/** What is used of `@cdktf/provider-null`. */
interface NullProviderModule {
  readonly NullProvider: new (scope: Construct, id: string) => TerraformProvider;
}

function hasNullProvider(): boolean {
  if (!TAKES_NULL_PROVIDER) return false;
  try {
    require.resolve(NULL_PROVIDER_MODULE);
    return true;
  } catch {
    return false;
  }
}

/** What is asked for, else `null_resource` where its package is installed: stacks of earlier versions keep their resources. */
export function carrierOf(asked: ApplyCarrier | undefined): ApplyCarrier {
  if (asked !== undefined) return asked;
  return hasNullProvider() ? ApplyCarrier.NULL_RESOURCE : ApplyCarrier.TERRAFORM_DATA;
}

/** What is wrong with the carrier that is asked for. */
export function checkCarrier(asked: string | undefined): Problem[] {
  if (asked === undefined) return [];
  if (!CARRIERS.includes(asked)) {
    const what = `${JSON.stringify(asked)} can't carry an apply step`;
    return [fault("MAAS-CON-16", "carrier", { what, fix: `Give one of ${CARRIERS.join(", ")}, or leave it out.` })];
  }
  if (asked !== (ApplyCarrier.NULL_RESOURCE as string) || hasNullProvider()) return [];
  if (!TAKES_NULL_PROVIDER) {
    const what = "CDK Terrain has no null_resource here";
    const fix =
      "Leave carrier out, or give ApplyCarrier.TERRAFORM_DATA. For a step that was deployed as null_resource, moveFrom(ApplyCarrier.NULL_RESOURCE) keeps its state.";
    return [fault("MAAS-CON-16", "carrier", { what, why: `${NULL_PROVIDER} is made for CDKTF.`, fix })];
  }
  const what = `null_resource needs the npm package ${NULL_PROVIDER}, which is not installed`;
  const fix = `Run npm install ${NULL_PROVIDER}, or give ApplyCarrier.TERRAFORM_DATA, which needs no provider.`;
  return [fault("MAAS-CON-16", "carrier", { what, fix })];
}

const isNullResource = (construct: IConstruct): boolean =>
  TerraformResource.isTerraformResource(construct) &&
  construct.terraformResourceType === (ApplyCarrier.NULL_RESOURCE as string);

const isDefaultNullProvider = (construct: IConstruct): boolean =>
  TerraformProvider.isTerraformProvider(construct) &&
  construct.terraformResourceType === CARRIER_FORMS[ApplyCarrier.NULL_RESOURCE].providerName &&
  construct.alias === undefined;

/** Gives a stack with a `null_resource` the provider, unless there is one: Terraform takes no two. */
export function provideNull(stack: TerraformStack): void {
  const constructs = stack.node.findAll();
  if (!constructs.some(isNullResource) || constructs.some(isDefaultNullProvider)) return;
  // Loaded when it is needed: it need not be installed.
  const { NullProvider } = module.require(NULL_PROVIDER_MODULE) as NullProviderModule;
  new NullProvider(stack, CARRIER_FORMS[ApplyCarrier.NULL_RESOURCE].providerName);
}
