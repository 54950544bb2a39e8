import { TerraformDataSource, TerraformElement, TerraformProvider, TerraformResource, TerraformStack } from "../cdk";
import { once, PROVIDER } from "../constructs/internal/facts";
import { regionsOf } from "../constructs/internal/region";
import { MaasEngine } from "../constructs/maas-engine";
import { type Block, rendered, stackOverridesAt } from "../constructs/internal/synthesised";
import { fault, type Problem } from "../model/problem";
import { told } from "../constructs/internal/users-language";

/** What Terraform takes as a local name: one label of a host name. @see its "Provider Requirements", "Local Names" */
const LOCAL_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What is wrong with a local name by itself. */
export function checkLocalName(name: string | undefined): Problem[] {
  if (name === undefined || LOCAL_NAME.test(name)) return [];
  return [
    fault("MAAS-CON-13", "localName", {
      what: `"${name}" is not a local name that Terraform takes`,
      why: "It holds small letters, digits and single hyphens between them, and starts with a letter.",
      fix: 'Write it as "networks".',
    }),
  ];
}

/** A requirement of `required_providers`, and who makes it. */
interface Requirement {
  readonly name: string;
  readonly source: string;
  /** Without a source Terraform takes its maker's own. */
  readonly isImplied: boolean;
  readonly path: string;
}

function sourceIn(requirement: unknown): string | undefined {
  const { source } = typeof requirement === "object" && requirement !== null ? (requirement as Block) : {};
  return typeof source === "string" && source !== "" ? source.toLowerCase() : undefined;
}

function requirementsIn(fragment: unknown, path: string): Requirement[] {
  const { terraform } = (fragment ?? {}) as { readonly terraform?: { readonly required_providers?: Block } };
  return Object.entries(terraform?.required_providers ?? {}).map(([name, requirement]) => ({
    ...{ name, path },
    source: sourceIn(requirement) ?? `hashicorp/${name}`,
    isImplied: sourceIn(requirement) === undefined,
  }));
}

/** Everything in a stack that may require a provider. Resources, which are many, don't. */
function requirementsOf(stack: TerraformStack): Requirement[] {
  const elements = stack.node
    .findAll()
    .filter((construct) => TerraformElement.isTerraformElement(construct) && TerraformStack.of(construct) === stack)
    .filter(
      (element) =>
        !TerraformResource.isTerraformResource(element) && !TerraformDataSource.isTerraformDataSource(element),
    );
  return [
    ...elements.flatMap((element) =>
      requirementsIn(rendered(element, (element as TerraformElement).toTerraform()), element.node.path),
    ),
    // An override that gives no source leaves the one that is there.
    ...requirementsIn(rendered(stack, { terraform: stackOverridesAt(stack, "terraform") }), stack.node.path).filter(
      ({ isImplied }) => !isImplied,
    ),
  ];
}

/** A local name that is free in the stack. */
function freeName(requirements: readonly Requirement[]): string {
  const taken = new Set(requirements.map(({ name }) => name));
  return ["networks", "maas-networks", "cdktf-maas"].find((name) => !taken.has(name)) ?? "my-networks";
}

/**
 * What is wrong with the local names of a stack's providers of MAAS: of two sources under one name Terraform takes the last
 * one, and hands it the objects of the other.
 */
function localNameProblems(stack: TerraformStack): Problem[] {
  const own = regionsOf(stack).filter(({ engine }) => engine === MaasEngine.PROVIDER);
  const [first, ...others] = own;
  if (first === undefined) return [];
  const requirements = requirementsOf(stack);
  const name = localNameOf(first.provider);
  const other = others.find(({ provider }) => localNameOf(provider) !== name);
  const twice =
    other === undefined
      ? []
      : [
          fault("MAAS-CON-12", undefined, {
            what: `${first.provider.node.path} has the local name "${name}", and ${other.provider.node.path} "${localNameOf(other.provider)}"`,
            why: "A stack requires a provider under one local name.",
            fix: `give both localName: "${name}".`,
          }),
        ];
  const names = new Set(own.map(({ provider }) => localNameOf(provider)));
  const clashes = requirements.filter(
    (requirement) => names.has(requirement.name) && requirement.source !== PROVIDER.source,
  );
  return [
    ...twice,
    ...clashes.map(({ name: local, source, path }) =>
      fault("MAAS-CON-12", undefined, {
        what:
          `${path} requires ${source} under the local name "${local}", and so does ${first.provider.node.path} this package's ` +
          "provider: Terraform would take one of them for the objects of both",
        fix: `give ${own.map(({ provider }) => provider.node.path).join(" and ")} localName: "${freeName(requirements)}".`,
      }),
    ),
  ];
}

/** Checks the local names of a stack's providers when it is synthesised, whatever the order they were made in. */
export class LocalNames {
  /** Adds the check to the stack, once. */
  static installFor(stack: TerraformStack): void {
    once(stack, "local-names", () => {
      stack.node.addValidation({ validate: () => localNameProblems(stack).map((problem) => told(problem)) });
    });
  }
}

const localNameOf = (provider: TerraformProvider): string => provider.terraformResourceType;
