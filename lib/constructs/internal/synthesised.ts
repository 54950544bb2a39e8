import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  DefaultTokenResolver,
  type IConstruct,
  type IStackSynthesizer,
  type ISynthesisSession,
  StringConcat,
  TerraformDataSource,
  TerraformElement,
  TerraformResource,
  TerraformStack,
  Tokenization,
} from "../../cdk";
import type { Field } from "../../model/field";
import { Fact, type Synthesis } from "./facts";

/** A block of Terraform's JSON syntax. */
export type Block = Readonly<Record<string, unknown>>;

const isBlock = (value: unknown): value is Block =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const within = (value: unknown, name: string): Block => {
  const inner = isBlock(value) ? value[name] : undefined;
  return isBlock(inner) ? inner : {};
};

/** A value with Terraform's expressions in place of tokens, as the stack's file would have it. */
export function rendered(scope: IConstruct, value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope, resolver, preparing: false });
}

/** As CDKTF merges overrides: objects member by member, lists one after the other. */
function merged(target: Block, overrides: Block): Block {
  const result: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(overrides)) {
    const present = result[name];
    if (value === undefined) delete result[name];
    else if (isBlock(value)) result[name] = merged(isBlock(present) ? present : {}, value);
    else if (Array.isArray(value) && Array.isArray(present))
      result[name] = [...(present as unknown[]), ...(value as unknown[])];
    else result[name] = value;
  }
  return result;
}

type Element = TerraformResource | TerraformDataSource;

const isElement = (construct: IConstruct): construct is IConstruct & Element =>
  TerraformResource.isTerraformResource(construct) || TerraformDataSource.isTerraformDataSource(construct);

const sectionOf = (element: Element): string => (TerraformResource.isTerraformResource(element) ? "resource" : "data");

/** What a stack was given with its own `addOverride` under that name. CDKTF keeps it private. */
export function stackOverridesAt(stack: TerraformStack, name: string): Block {
  return within((stack as unknown as { readonly rawOverrides?: unknown }).rawOverrides, name);
}

/** What the stack itself was given for the element, with `addOverride("resource.TYPE.NAME…")`. */
function stackOverrides(element: Element): Block {
  const ofType = within(
    stackOverridesAt(TerraformStack.of(element), sectionOf(element)),
    element.terraformResourceType,
  );
  return Object.keys(ofType).length === 0 ? {} : within(ofType, element.friendlyUniqueId);
}

/** Everything that overrides the arguments of a construct. */
export function overridesOf(construct: IConstruct, { overrides }: Synthesis): Block {
  return isElement(construct) ? merged(overrides, stackOverrides(construct)) : {};
}

/** Whether the object is just what its constructor was given: nothing overrides it, and it is one. */
function isPlain(element: Element, synthesis: Synthesis): boolean {
  const { count, forEach, lifecycle } = element;
  const isMoved = TerraformResource.isTerraformResource(element) && element.hasResourceMove() !== undefined;
  return (
    count === undefined &&
    forEach === undefined &&
    lifecycle === undefined &&
    !isMoved &&
    Object.keys(overridesOf(element, synthesis)).length === 0
  );
}

/** What Terraform reads of a construct: `plain` = what the constructor was given; undefined = nothing, since it has moved. */
export function blockOf(construct: IConstruct, synthesis: Synthesis | undefined): Block | "plain" | undefined {
  if (synthesis === undefined || !isElement(construct) || isPlain(construct, synthesis)) return "plain";
  const ofType = within(within(synthesis.fragment(), sectionOf(construct)), construct.terraformResourceType);
  const own = ofType[construct.friendlyUniqueId];
  if (!isBlock(own)) return undefined;
  return rendered(construct, merged(own, stackOverrides(construct))) as Block;
}

/** Terraform's address of a resource or data source. */
export function addressOf(construct: IConstruct): string | undefined {
  if (!TerraformElement.isTerraformElement(construct) || !isElement(construct)) return undefined;
  const { terraformResourceType: type, friendlyUniqueId: name } = construct;
  return `${sectionOf(construct) === "data" ? "data." : ""}${type}.${name}`;
}

/** How CDKTF's HCL writer wants one attribute. */
function storage(type: Field["type"]): { readonly type: string; readonly storageClassType: string } {
  if (typeof type === "string") return { type: "simple", storageClassType: type === "bool" ? "boolean" : type };
  const [collection, element] = type;
  return { type: collection, storageClassType: `${typeof element === "string" ? element : "object"}List` };
}

/** The arguments in the form of CDKTF's HCL output (`SYNTH_HCL_OUTPUT`). */
export function hclAttributes(
  { fields }: { readonly fields: readonly (Pick<Field, "type"> & { readonly name: string })[] },
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const types = new Map<string, Field["type"]>(fields.map((field) => [field.name, field.type]));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      { value, isBlock: false, ...storage(types.get(name) ?? "bool") },
    ]),
  );
}

/** A nested block in the same form. */
export function hclBlock(value: object): object {
  return { value, isBlock: true, type: "struct", storageClassType: "struct" };
}

/** Terraform's `import` block: the object that an address takes over. */
export interface ImportBlock {
  readonly to: string;
  readonly id: string;
  readonly provider: string | undefined;
}

/** An import block in the same form. */
export function hclImport({ to, id, provider }: ImportBlock): object {
  const reference = (value: string) => ({ value, type: "simple", storageClassType: "reference" });
  return {
    to: reference(to),
    id: { value: id, type: "simple", storageClassType: "string" },
    ...(provider !== undefined && { provider: reference(provider) }),
  };
}

const INSTALLED = new Fact<Map<string, AroundSynthesis>>("synthesizers");

/**
 * Something that goes with the writing of a stack. A synthesizer around the stack's own and no part of the construct tree,
 * because it acts in a real synth only, when there is a folder to write to.
 */
export abstract class AroundSynthesis implements IStackSynthesizer {
  /** The stack's one instance under that name; put around its synthesizer when it is first asked for. */
  protected static around<T extends AroundSynthesis>(
    name: string,
    type: new (stack: TerraformStack, inner: IStackSynthesizer) => T,
    stack: TerraformStack,
  ): T {
    const present = INSTALLED.getOrMake(stack, () => new Map());
    const made = (present.get(name) as T | undefined) ?? new type(stack, stack.synthesizer);
    if (!present.has(name)) stack.synthesizer = made;
    present.set(name, made);
    return made;
  }

  /** Whether a stack has one under that name. */
  protected static isAround(name: string, stack: TerraformStack): boolean {
    return INSTALLED.of(stack)?.has(name) === true;
  }

  constructor(
    protected readonly stack: TerraformStack,
    protected readonly inner: IStackSynthesizer,
  ) {}

  abstract synthesize(session: ISynthesisSession): void;
}

/** The stack's folder in a synth; made if it is not there yet. */
export function folderOf(stack: TerraformStack, { outdir, manifest }: ISynthesisSession): string {
  const folder = join(outdir, manifest.forStack(stack).workingDirectory);
  mkdirSync(folder, { recursive: true });
  return folder;
}
