import {
  Construct,
  Fn,
  type IConstruct,
  type IResolveContext,
  type ITerraformDependable,
  TerraformDataSource,
  TerraformResource,
  TerraformStack,
  Token,
} from "../../cdk";
import {
  applyStepOf,
  regionFor,
  regionOf,
  registerApplyStep,
  type StackRegion,
} from "../../constructs/internal/region";
import { ConstructError, refuseConstruct, withdrawn } from "../../constructs/construct-error";
import { requireOwnCdk } from "../../constructs/internal/edition";
import { factsOf } from "../../constructs/internal/facts";
import { objectsOf } from "../../constructs/internal/declared-object";
import { MaasEngine } from "../../constructs/maas-engine";
import { StaticRangeResources } from "../../constructs/internal/static-ranges";
import { fault, type Problem } from "../../model/problem";
import { told } from "../../constructs/internal/users-language";
import type { MaasProvider } from "../maas-provider";
import { ApplyCarrier, carrierOf, checkCarrier } from "./carrier";
import { ApplyStepPlacement } from "./placement";
import { StepDocument } from "./step-document";
import { StepProvisioners, StepResource } from "./step-provisioners";

export { ApplyCarrier } from "./carrier";

/** What an {@link ApplyStep} refuses unless it is allowed, because it may not be what was meant. */
export enum ApplyGuard {
  /**
   * Taking over objects that are there before the first run although the stack says to make them. Forced, they are the
   * stack's own from then on; `adoptExisting` of a construct takes over that one, and a destroy leaves it in place.
   */
  EXISTING = "existing",
  /** Deleting what others use: subnets on which nodes have addresses, fabrics in which there is more than this stack has made. */
  FOREIGN = "foreign",
  /** Going on at another URL than that of the last run. */
  REGION = "region",
}

/** Properties of an {@link ApplyStep}. */
export interface ApplyStepProps {
  /**
   * The region to apply, in stacks that have several.
   * @default - the stack's default one
   */
  readonly provider?: MaasProvider;
  /**
   * The type of the Terraform resources that run it. A stack that is deployed changes it with {@link ApplyStep.moveFrom} alone.
   * @default - null_resource where the npm package `@cdktf/provider-null` is installed, else terraform_data; that always with CDK Terrain
   */
  readonly carrier?: ApplyCarrier;
  /**
   * Run on every deploy, and so mend what was changed in MAAS by hand. The plan then always shows this one change.
   * @default false: when the desired state has changed, or the last run has failed
   */
  readonly everyRun?: boolean;
  /**
   * What to do although it looks like a mistake. Best for one deploy, and taken out after that.
   * @default - nothing: such a run is refused before it writes anything
   */
  readonly force?: ApplyGuard[];
  /**
   * How many objects a run may delete. One that would delete more is refused before it writes anything.
   * @default 10
   */
  readonly maxDeletions?: number;
  /**
   * Seconds to wait until the region serves what was asked for: DHCP on, racks on their VLANs.
   * @default 60
   */
  readonly timeoutSeconds?: number;
  /**
   * What must be there before the step runs, beside what the MAAS objects depend on.
   * @default - nothing
   */
  readonly dependsOn?: ITerraformDependable[];
}

const TITLE = "apply step";

function checkNumber(name: string, value: number | undefined, example: number): Problem[] {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && !Token.isUnresolved(value))) return [];
  const words = { what: "this is not a whole number of 0 or more", fix: `Write it as ${example}.` };
  return [fault("MAAS-CON-16", name, words)];
}

const GUARDS: readonly string[] = Object.values(ApplyGuard);

/** What is forced becomes a part of commands. */
function checkForce(force: readonly string[] = []): Problem[] {
  return force
    .filter((guard) => !GUARDS.includes(guard))
    .map((guard) =>
      fault("MAAS-CON-16", "force", {
        what: `${JSON.stringify(guard)} can't be forced`,
        fix: `Give some of ${GUARDS.join(", ")}, as in [ApplyGuard.EXISTING].`,
      }),
    );
}

/**
 * Brings the desired state of a stack about with the program `cdktf-maas-apply.js`, which is placed in the stack's folder,
 * and waits until the region serves it. Terraform runs it as a `null_resource`, or as `terraform_data`.
 *
 * With {@link MaasEngine.PROVIDER} it comes after all MAAS objects of the stack, finds nothing to change, and only waits.
 * With {@link MaasEngine.APPLY_STEP} it makes, changes and deletes them all. What it has made is recorded in Terraform's
 * state, so that any machine can go on, by its natural keys: Terraform stores what is known before the step runs. So an object that
 * somebody renames in MAAS is made again under its own name, and what adopted objects were before is not known: a destroy leaves
 * them as the last run has made them. Of Terraform's meta-arguments of the objects, `dependsOn`, `count`, `forEach` and `lifecycle.ignoreChanges` count then,
 * and those that only Terraform can act on are refused. Destroy the stack before the
 * step is taken out of the code: Terraform runs nothing for what is no longer there.
 *
 * Where Terraform runs there must be Node 20. `MAAS_API_KEY` must be set there: for changes and for `destroy` with
 * {@link MaasEngine.APPLY_STEP} even if the provider has its `apiKey`, which Terraform passes on to what it creates only.
 */
export class ApplyStep extends Construct implements ITerraformDependable {
  readonly #region: StackRegion;
  readonly #props: ApplyStepProps;
  readonly #carrier: ApplyCarrier;
  readonly #resources: readonly StepResource[];

  /** @throws ConstructError when there is no MaasProvider yet, when its region has a step, or when a number is none. */
  constructor(scope: Construct, id: string, props: ApplyStepProps = {}) {
    super(scope, id);
    requireOwnCdk(this);
    const stack = TerraformStack.of(this);
    refuseConstruct(this, TITLE, [
      ...checkNumber("maxDeletions", props.maxDeletions, 10),
      ...checkNumber("timeoutSeconds", props.timeoutSeconds, 60),
      ...checkForce(props.force),
      ...checkCarrier(props.carrier),
    ]);
    this.#props = props;
    this.#carrier = carrierOf(props.carrier);
    this.#region = this.#claimRegion(stack);
    this.node.addValidation({ validate: () => this.#problems().map((problem) => told(problem)) });
    ApplyStepPlacement.installFor(stack);
    const run = new StepProvisioners(this.#region, this.#carrier, props);
    this.#resources = this.#region.engine === MaasEngine.APPLY_STEP ? this.#makeAll(run) : [this.#healAll(run)];
  }

  /** Terraform's address of what is done last. */
  get fqn(): string {
    return this.#last.fqn;
  }

  /**
   * Keeps the state of a step that was deployed with another carrier, by `moved` blocks. Needs Terraform 1.9 or later, and
   * the target must be {@link ApplyCarrier.TERRAFORM_DATA}: no other resource takes over a state of another type. The line may stay for good.
   *
   * @throws ConstructError when Terraform can't move the state so.
   */
  moveFrom(carrier: ApplyCarrier): void {
    if (this.#carrier !== ApplyCarrier.TERRAFORM_DATA || carrier !== ApplyCarrier.NULL_RESOURCE) {
      const words = {
        what: `Terraform can't move the state of ${carrier} to ${this.#carrier}`,
        fix: "Give the step carrier: ApplyCarrier.TERRAFORM_DATA and call moveFrom(ApplyCarrier.NULL_RESOURCE): that is the only way it can.",
      };
      throw new ConstructError(this.node.path, TITLE, [fault("MAAS-CON-16", "carrier", words)]);
    }
    for (const resource of this.#resources) resource.moveFromId(`${carrier}.${resource.friendlyUniqueId}`);
  }

  get #last(): StepResource {
    const last = this.#resources.at(-1);
    if (last === undefined) throw new Error(`${this.node.path} has no resource`);
    return last;
  }

  #claimRegion(stack: TerraformStack): StackRegion {
    const region = regionFor(stack, this.#props.provider);
    const other = region && applyStepOf(region);
    if (region === undefined || other !== undefined) {
      const words =
        other === undefined
          ? {
              what: `${stack.node.path} has no MaasProvider that says which region to apply`,
              fix: 'Make one before the apply step, such as new MaasProvider(stack, "maas", { apiUrl }).',
            }
          : {
              what: `${other.node.path} applies this region already`,
              fix: `Drop ${this.node.path}, or give it the provider of another region.`,
            };
      throw withdrawn(this, new ConstructError(this.node.path, TITLE, [fault("MAAS-CON-16", "provider", words)]));
    }
    registerApplyStep(region, this);
    return region;
  }

  #problems(): Problem[] {
    const { engine, connection } = this.#region;
    const isToken = engine === MaasEngine.APPLY_STEP && Token.isUnresolved(connection.tlsCaCertPath);
    return [
      ...new StepDocument(this.#region).problems(),
      ...(isToken
        ? [
            fault("MAAS-CON-03", undefined, {
              what: `tlsCaCertPath of ${this.#region.provider.node.path} is a token: a destroy can't be given its value`,
              fix: "write the path, or leave it out and set MAAS_API_CACERT where Terraform runs.",
            }),
          ]
        : []),
    ];
  }

  /** The step where Terraform makes the objects. */
  #healAll(run: StepProvisioners): StepResource {
    return new StepResource(this, "Default", {
      carrier: this.#carrier,
      triggers: () => this.#triggers(),
      provisioners: [run.heal(), run.verify()],
      dependsOn: this.#props.dependsOn,
      waitsFor: () => this.#objects().flatMap(addressesOf),
    });
  }

  /**
   * The step that makes the objects itself, in three resources: `claim` stands for all objects, `record` has the document
   * of the last run, and the third stands for the run. A run that fails must not take the others with it: Terraform makes a
   * resource anew whose creation has failed, and does not run what belongs to its destruction.
   */
  #makeAll(run: StepProvisioners): StepResource[] {
    const carrier = this.#carrier;
    const claim = new StepResource(this, "claim", {
      carrier,
      provisioners: [run.claim(), run.release()],
      dependsOn: this.#props.dependsOn,
      waitsFor: (context) => this.#prerequisites(context),
    });
    const record = new StepResource(this, "record", {
      carrier,
      triggers: () => new StepDocument(this.#region).record(),
      provisioners: [run.prune()],
      dependsOn: [claim],
    });
    const last = new StepResource(this, "Default", {
      carrier,
      triggers: () => this.#triggers(),
      provisioners: [run.apply(record.triggers), run.verify()],
      dependsOn: [record],
    });
    return [claim, record, last];
  }

  #triggers(): Record<string, string> {
    const { everyRun = false } = this.#props;
    return { document: new StepDocument(this.#region).hash(), ...(everyRun && { run: Fn.timestamp() }) };
  }

  /** The constructs that stand for the region's objects in this stack. */
  #objects(): IConstruct[] {
    return TerraformStack.of(this)
      .node.findAll()
      .filter((construct) => factsOf(construct) !== undefined && regionOf(construct) === this.#region);
  }

  /** What the objects depend on beside each other. */
  #prerequisites(context: IResolveContext): string[] {
    const tokens = this.#objects().flatMap((construct) => (isObject(construct) ? (construct.dependsOn ?? []) : []));
    return (context.resolve(tokens) as string[]).filter((address) => address !== this.#last.address);
  }
}

const isObject = (construct: IConstruct): construct is TerraformResource | TerraformDataSource =>
  TerraformResource.isTerraformResource(construct) || TerraformDataSource.isTerraformDataSource(construct);

/** Terraform's addresses of what a MAAS construct makes. */
function addressesOf(construct: IConstruct): string[] {
  // What has moved to another address has none of its own.
  const made =
    TerraformResource.isTerraformResource(construct) && objectsOf(construct).length > 0
      ? [`${construct.terraformResourceType}.${construct.friendlyUniqueId}`]
      : [];
  return [...made, ...StaticRangeResources.addressesAt(construct)];
}
