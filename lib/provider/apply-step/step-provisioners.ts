import {
  type Construct,
  Fn,
  type IResolvable,
  type IResolveContext,
  type ITerraformDependable,
  Lazy,
  type LocalExecProvisioner,
  propertyAccess,
  TerraformResource,
  TerraformSelf,
  Token,
} from "../../cdk";
import type { StackRegion } from "../../constructs/internal/region";
import { documentFileOf } from "../caveat-reports";
import type { ApplyGuard } from "./apply-step";
import { type ApplyCarrier, CARRIER_FORMS, type CarrierForm } from "./carrier";
import { RECORD_PARTS, recordPart } from "./step-document";

/** File name of the program that an apply step runs, in the stack's folder. */
export const APPLY_PROGRAM = "cdktf-maas-apply.js";

/** The variable, numbered, in which the program gets the record of the last run. */
const RECORD_VARIABLE = "MAAS_NETWORK_RECORD";

/** What the user may choose about the program's runs. */
export interface RunOptions {
  readonly force?: ApplyGuard[];
  readonly maxDeletions?: number;
  readonly timeoutSeconds?: number;
}

type Environment = Record<string, string>;

/** The triggers' parts as environment variables. Parts that this record has not are empty. */
function recordIn(triggers: IResolvable): Environment {
  const parts = Array.from({ length: RECORD_PARTS }, (_, index) => index);
  return Object.fromEntries(
    parts.map((index) => [
      `${RECORD_VARIABLE}_${index}`,
      Token.asString(Fn.try([propertyAccess(triggers, [recordPart(index)]), ""])),
    ]),
  );
}

/** The runs of the program that an apply step is made of, as provisioners of its resources. */
export class StepProvisioners {
  readonly #region: StackRegion;
  readonly #carrier: ApplyCarrier;
  readonly #options: RunOptions;

  constructor(region: StackRegion, carrier: ApplyCarrier, options: RunOptions) {
    this.#region = region;
    this.#carrier = carrier;
    this.#options = options;
  }

  /** Refuses, before anything is written, what the first run must not take over. */
  claim(): LocalExecProvisioner {
    return this.#onCreate(this.#command("plan", "--guard", "--record none", ...this.#force()));
  }

  /** Deletes what the document names. */
  release(): LocalExecProvisioner {
    return this.#onDestroy(this.#command("destroy", "--record none", ...this.#force(), "--yes"));
  }

  /** Deletes what the former document named and the present one does not. */
  prune(): LocalExecProvisioner {
    const triggers = TerraformSelf.getAny(CARRIER_FORMS[this.#carrier].triggers) as IResolvable;
    return this.#onDestroy(this.#applyCommand("--existing-only"), recordIn(triggers));
  }

  /** Brings the document about. @param triggers of the resource that has its record. */
  apply(triggers: IResolvable): LocalExecProvisioner {
    return this.#onCreate(this.#applyCommand(), recordIn(triggers));
  }

  /** Brings about again what has changed since Terraform made it. */
  heal(): LocalExecProvisioner {
    return this.#onCreate(this.#command("apply", "--record none", "--force existing", "--yes"));
  }

  /** Waits until the region serves what the document asks for. */
  verify(): LocalExecProvisioner {
    const { timeoutSeconds } = this.#options;
    return this.#onCreate(this.#command("verify", timeoutSeconds === undefined ? "" : `--timeout ${timeoutSeconds}`));
  }

  #command(name: string, ...options: string[]): string {
    const insecure = this.#region.connection.tlsInsecureSkipVerify === true ? "--insecure" : "";
    return ["node", APPLY_PROGRAM, name, documentFileOf(this.#region), ...options, insecure]
      .filter((word) => word !== "")
      .join(" ");
  }

  #force(): string[] {
    return (this.#options.force ?? []).map((guard) => `--force ${guard}`);
  }

  #applyCommand(...options: string[]): string {
    const { maxDeletions } = this.#options;
    return this.#command(
      "apply",
      ...options,
      `--record env:${RECORD_VARIABLE}`,
      maxDeletions === undefined ? "" : `--max-deletions ${maxDeletions}`,
      ...this.#force(),
      "--yes",
    );
  }

  /** A URL that only Terraform knows is not in the document, and a key never is. */
  #onCreate(command: string, environment: Environment = {}): LocalExecProvisioner {
    const { apiUrl, connection } = this.#region;
    return this.#provisioner(command, {
      ...environment,
      ...(Token.isUnresolved(apiUrl) && { MAAS_API_URL: apiUrl }),
      ...(connection.apiKey !== undefined && { MAAS_API_KEY: connection.apiKey }),
    });
  }

  #onDestroy(command: string, environment: Environment = {}): LocalExecProvisioner {
    return { ...this.#provisioner(command, environment), when: "destroy" };
  }

  #provisioner(command: string, environment: Environment): LocalExecProvisioner {
    const { tlsCaCertPath } = this.#region.connection;
    const all = { ...environment, ...(tlsCaCertPath !== undefined && { MAAS_API_CACERT: tlsCaCertPath }) };
    return {
      type: "local-exec",
      command,
      workingDir: "${path.module}",
      ...(Object.keys(all).length > 0 && { environment: all }),
    };
  }
}

/** What a {@link StepResource} is made of. The functions are called when the stack is synthesised. */
export interface StepResourceOptions {
  readonly carrier: ApplyCarrier;
  readonly triggers?: () => Record<string, string>;
  readonly provisioners: LocalExecProvisioner[];
  readonly dependsOn?: ITerraformDependable[] | undefined;
  /** Terraform's addresses of what else must come first. */
  readonly waitsFor?: (context: IResolveContext) => readonly string[];
}

/** A carrier of runs whose triggers and dependencies are known when all of the stack is. */
export class StepResource extends TerraformResource {
  readonly #form: CarrierForm;
  readonly #triggers: IResolvable | undefined;

  constructor(scope: Construct, id: string, options: StepResourceOptions) {
    const { carrier, triggers, waitsFor, provisioners, dependsOn = [] } = options;
    const form = CARRIER_FORMS[carrier];
    const terraformGeneratorMetadata = { providerName: form.providerName };
    super(scope, id, { terraformResourceType: carrier, terraformGeneratorMetadata, provisioners, dependsOn });
    this.#form = form;
    // CDKTF resolves all once beforehand, to find references between stacks. There are none here.
    this.#triggers = triggers && Lazy.anyValue({ produce: ({ preparing }) => (preparing ? {} : triggers()) });
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

  /** Terraform's expression of the triggers. */
  get triggers(): IResolvable {
    return this.interpolationForAttribute(this.#form.triggers);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { [this.#form.triggers]: this.#triggers };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    if (this.#triggers === undefined) return {};
    const shape = { isBlock: false, type: "map", storageClassType: "stringMap" };
    return { [this.#form.triggers]: { ...shape, value: this.#triggers } };
  }
}
