// The one import of cdktf and constructs: a move to a fork of CDKTF is a change of this file.
import type { TerraformElement } from "cdktf";

export {
  Annotations,
  App,
  Aspects,
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
  type LocalExecProvisioner,
  propertyAccess,
  StringConcat,
  type TerraformMetaArguments,
  TerraformDataSource,
  TerraformElement,
  TerraformLocal,
  TerraformProvider,
  TerraformResource,
  TerraformSelf,
  TerraformStack,
  TerraformVariable,
  Token,
  Tokenization,
} from "cdktf";
export { Construct, type IConstruct } from "constructs";

/** An element's part of a stack's file, for which CDKTF has no type. */
export type Fragment = ReturnType<TerraformElement["toTerraform"]>;
