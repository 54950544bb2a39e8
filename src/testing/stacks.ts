import { App, type IConstruct, Testing, TerraformStack } from "../../lib/cdk";

/** A construct of CDKTF or of CDK Terrain, as far as it is named here: types of either edition fit. */
export interface ConstructLike {
  readonly node: { readonly id: string; readonly path: string };
}

/** @throws TypeError for what is no construct of an app */
export function constructOf(received: unknown): IConstruct {
  const { node } = (received ?? {}) as Partial<IConstruct>;
  if (typeof node?.findAll !== "function")
    throw new TypeError('a stack, an app or another construct is wanted, such as new TerraformStack(app, "lab")');
  return received as IConstruct;
}

/** The stack that the construct is, or is in; of an app all, each after those that it depends on. */
export function stacksOf(construct: IConstruct): TerraformStack[] {
  if (!App.isApp(construct)) return [TerraformStack.of(construct)];
  const ordered = new Set<TerraformStack>();
  const add = (stack: TerraformStack): void => {
    if (ordered.has(stack)) return;
    stack.dependencies.forEach(add);
    ordered.add(stack);
  };
  construct.node
    .findAll()
    .filter((one) => TerraformStack.isStack(one))
    .forEach(add);
  return [...ordered];
}

/** Lets aspects do their work, as synth does, and writes nothing. */
export function withAspects(construct: IConstruct): void {
  for (const stack of stacksOf(construct)) Testing.synth(stack);
}
