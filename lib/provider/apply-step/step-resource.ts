import { Resource as NullResource } from "@cdktf/provider-null/lib/resource";
import {
  type Construct,
  type IResolveContext,
  type ITerraformDependable,
  Lazy,
  type LocalExecProvisioner,
  Token,
} from "../../cdk";

/** What a {@link StepResource} is made of. The functions are called when the stack is synthesised. */
export interface StepResourceOptions {
  readonly triggers?: () => Record<string, string>;
  readonly provisioners: LocalExecProvisioner[];
  readonly dependsOn?: ITerraformDependable[] | undefined;
  /** Terraform's addresses of what else must come first. */
  readonly waitsFor?: (context: IResolveContext) => readonly string[];
}

/** A `null_resource` whose triggers and dependencies are known when all of the stack is. */
export class StepResource extends NullResource {
  constructor(scope: Construct, id: string, { triggers, waitsFor, provisioners, dependsOn = [] }: StepResourceOptions) {
    super(scope, id, {
      provisioners,
      dependsOn,
      ...(triggers && {
        // CDKTF resolves all once beforehand, to find references between stacks. There are none here.
        triggers: Token.asStringMap(Lazy.anyValue({ produce: ({ preparing }) => (preparing ? {} : triggers()) })),
      }),
    });
    if (waitsFor === undefined) return;
    const given = this.dependsOn ?? [];
    const produce = (context: IResolveContext): string[] => [
      ...new Set([...(context.resolve(given) as string[]), ...waitsFor(context)]),
    ];
    this.dependsOn = Lazy.listValue({ produce }, { omitEmpty: true });
  }

  /** Terraform's address, as text. */
  get address(): string {
    return `${this.terraformResourceType}.${this.friendlyUniqueId}`;
  }
}
