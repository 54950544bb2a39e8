// The one import of cdktf and constructs: a move to a fork of CDKTF is a change of this file.
export {
  type IResolvable,
  type IStackSynthesizer,
  type ISynthesisSession,
  DefaultTokenResolver,
  Lazy,
  StringConcat,
  type TerraformMetaArguments,
  TerraformDataSource,
  TerraformElement,
  TerraformLocal,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Token,
  Tokenization,
} from "cdktf";
export { Construct, type IConstruct } from "constructs";
