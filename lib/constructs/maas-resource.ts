import {
  type Construct,
  type Fragment,
  type IConstruct,
  type TerraformMetaArguments,
  type TerraformProvider,
  TerraformResource,
} from "../cdk";
import { checkObject } from "../model/checks/object";
import type { Diagnostic } from "../model/diagnostic";
import { type Kind, settingsOf } from "../model/kind";
import type { Attributes } from "../model/known";
import { applyStepAddress } from "./apply-steps";
import { refuse } from "./construct-error";
import { argumentsOf, attributesOf, declare } from "./declared";
import { hclAttributes, hclImport, type ImportBlock } from "./hcl";
import { PROVIDER } from "./provider-address";
import { isTerraformObject, providerAddress } from "./region";
import { StackChecks } from "./stack-checks";
import type { Block } from "./synthesised";

/** What a construct tells {@link MaasResource} about itself beside its properties. */
export interface ResourceOptions {
  /** The constructs behind the properties that refer to other objects, by Terraform name. */
  readonly references?: Readonly<Record<string, IConstruct | undefined>>;
  /** What this construct checks beyond its kind. */
  readonly check?: (attributes: Attributes) => readonly Diagnostic[];
}

/**
 * A MAAS object that Terraform manages. Its arguments are the properties that the field table of its kind names; its
 * literals are checked when it is made.
 * @internal
 */
export abstract class MaasResource extends TerraformResource {
  readonly #kind: Kind;
  readonly #arguments: Readonly<Record<string, unknown>>;
  #imported: { readonly id: string; readonly provider: TerraformProvider | undefined } | undefined;

  /** @throws ConstructError when MAAS would refuse the literals among the properties. */
  constructor(
    scope: Construct,
    id: string,
    kind: Kind,
    props: TerraformMetaArguments & { readonly adoptExisting?: boolean; readonly forceDestroy?: boolean },
    options: ResourceOptions = {},
  ) {
    super(scope, id, {
      ...props,
      terraformResourceType: kind.type,
      terraformGeneratorMetadata: { providerName: PROVIDER.generatorName },
    });
    const given = argumentsOf(kind, props);
    const attributes = attributesOf(kind, given);
    refuse(this, kind, [...checkObject(kind, attributes), ...(options.check?.(attributes) ?? [])]);

    this.#kind = kind;
    const { adoptExisting, forceDestroy } = props;
    const settings: Readonly<Record<string, unknown>> = { adopt_existing: adoptExisting, force_destroy: forceDestroy };
    const set = settingsOf(kind).filter((name) => settings[name] !== undefined);
    this.#arguments = { ...given, ...Object.fromEntries(set.map((name) => [name, settings[name]])) };
    const references = Object.entries(options.references ?? {}).filter(
      (entry): entry is [string, IConstruct] => entry[1] !== undefined,
    );
    declare(this, {
      kind,
      given: this.#arguments,
      attributes,
      references: Object.fromEntries(references),
      existing: props.adoptExisting === true,
      synthesis: { overrides: this.rawOverrides as Block, fragment: () => super.toTerraform() as object },
    });
    StackChecks.installFor(this);
  }

  /** Terraform's id of the object, known after apply. */
  get id(): string {
    return this.getStringAttribute("id");
  }

  /** Terraform's address; that of the apply step where one makes the object. */
  override get fqn(): string {
    return isTerraformObject(this) ? super.fqn : (applyStepAddress(this) ?? super.fqn);
  }

  /**
   * Has Terraform take over the object with this id or natural key, as any resource does. Terraform is not asked for its
   * version first: CDKTF does so anew for each object, which takes minutes for a whole region.
   */
  override importFrom(id: string, provider?: TerraformProvider): void {
    this.#imported = { id, provider };
  }

  /** With the provider configuration that the object has from what it refers to. */
  override get terraformMetaArguments(): Record<string, unknown> {
    return { ...super.terraformMetaArguments, provider: providerAddress(this) };
  }

  override toTerraform(): Fragment {
    if (!isTerraformObject(this)) return {};
    return { ...(super.toTerraform() as object), ...(this.#import && { import: [this.#import] }) };
  }

  override toHclTerraform(): Fragment {
    if (!isTerraformObject(this)) return {};
    return { ...(super.toHclTerraform() as object), ...(this.#import && { import: [hclImport(this.#import)] }) };
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.#arguments };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.#kind, this.#arguments);
  }

  get #import(): ImportBlock | undefined {
    if (this.#imported === undefined) return undefined;
    const { id, provider } = this.#imported;
    return { to: `${this.terraformResourceType}.${this.friendlyUniqueId}`, id, provider: provider?.fqn };
  }
}
