import { type IConstruct, TerraformLocal, TerraformStack, TerraformVariable, Token } from "../cdk";
import { rendered } from "../constructs/internal/synthesised";
import { fault, type Problem } from "../model/problem";

/** Whether the expression is no literal in disguise: nothing beside it, and no quoted text in it but attribute keys. */
function isReference(expression: string): boolean {
  return /^\$\{[^{}]+\}$/.test(expression) && !expression.replace(/\["[^"]*"\]/g, "").includes('"');
}

/** Whether it names a variable or a local value of the stack that is itself a literal, which the stack's file holds as well. */
function namesLiteral(scope: IConstruct, expression: string): boolean {
  const name = /^\$\{(?:var|local)\.([\w-]+)\}$/.exec(expression)?.[1];
  return TerraformStack.of(scope)
    .node.findAll()
    .some((construct) => {
      if (construct instanceof TerraformVariable) {
        return construct.friendlyUniqueId === name && construct.default !== undefined;
      }
      if (construct instanceof TerraformLocal) {
        const { locals } = construct.toTerraform() as { locals: Record<string, unknown> };
        return name !== undefined && name in locals && !Token.isUnresolved(locals[name]);
      }
      return false;
    });
}

/**
 * What is wrong with an API key that would be readable in the synthesised files: a literal at any time, and when
 * `synthesising` a token that comes to one.
 */
export function checkApiKey(scope: IConstruct, apiKey: string | undefined, synthesising = false): Problem[] {
  if (apiKey === undefined) return [];
  const readable = (what: string) => [
    fault("MAAS-CON-14", "apiKey", {
      what,
      why: "It would be readable in the synthesised files.",
      fix: "Leave apiKey out and set MAAS_API_KEY where Terraform runs, or give the value of a sensitive TerraformVariable without a default.",
    }),
  ];
  if (!Token.isUnresolved(apiKey)) return readable("the API key is a literal");
  if (!synthesising) return [];
  const expression = String(rendered(scope, apiKey));
  if (!isReference(expression)) return readable("the API key's token holds a literal");
  if (namesLiteral(scope, expression)) return readable("the API key's variable or local value holds a literal");
  return [];
}
