// The one import of cdktf and constructs. cdktn-maas, the edition for CDK Terrain, is made with "cdktn" in place of "cdktf" here, and
// nowhere else.
import type { TerraformElement } from "cdktf";

export {
  Annotations,
  App,
  Aspects,
  ComplexObject,
  type IAspect,
  type IResolvable,
  type IResolveContext,
  type IStackSynthesizer,
  type ISynthesisSession,
  type ITerraformDependable,
  DISABLE_STACK_TRACE_IN_METADATA,
  DefaultTokenResolver,
  Fn,
  ImportableResource,
  Lazy,
  LocalBackend,
  type LocalExecProvisioner,
  propertyAccess,
  StringConcat,
  TerraformBackend,
  type TerraformMetaArguments,
  TerraformDataSource,
  TerraformElement,
  TerraformLocal,
  TerraformProvider,
  TerraformResource,
  TerraformSelf,
  TerraformStack,
  TerraformVariable,
  Testing,
  Token,
  Tokenization,
} from "cdktf";
export { Construct, type IConstruct } from "constructs";

/** The npm package that this edition of the library is for: `cdktf`, or `cdktn` in cdktn-maas. */
export const CDK = "cdktf" as string;

/** An element's part of a stack's file, for which CDKTF has no type. */
export type Fragment = ReturnType<TerraformElement["toTerraform"]>;
