import {
  type Construct,
  type Fragment,
  type IConstruct,
  TerraformDataSource,
  type TerraformMetaArguments,
  type TerraformProvider,
  TerraformResource,
} from "../../cdk";
import { checkField } from "../../model/checks/field";
import { checkExactlyOne, checkObject } from "../../model/checks/object";
import type { Problem } from "../../model/problem";
import { type Kind, settingsOf } from "../../model/kind";
import { findField } from "../../model/kinds";
import { type Attributes, UNKNOWN } from "../../model/known";
import { refuse } from "../construct-error";
import { registerFacts, type StatedFacts } from "./facts";
import { argumentsOf, attributesOf } from "./properties";
import { applyStepAddress, isTerraformObject, providerAddress } from "./region";
import { StackChecks } from "./stack-checks";
import { type Block, hclAttributes, hclImport, type ImportBlock } from "./synthesised";
import { elementConfig } from "./terraform-only";

/** What a construct adds to what its kind tells. */
export interface ElementOptions {
  /** Arguments that the construct gives itself in place of properties, by Terraform name. */
  readonly implied?: () => Readonly<Record<string, unknown>>;
  /** What it checks beyond its kind, once its references are known to be constructs. */
  readonly check?: (attributes: Attributes) => readonly Problem[];
  readonly stated?: StatedFacts;
}

/** Terraform's address of a MAAS object; that of the apply step where one makes the object. */
const addressFor = (construct: IConstruct, own: string): string =>
  isTerraformObject(construct) ? own : (applyStepAddress(construct) ?? own);

/**
 * A MAAS object that Terraform manages. Its arguments are the properties that the field table of its kind names; its
 * literals are checked when it is made.
 * @internal
 */
export abstract class MaasResource extends TerraformResource {
  #id: { readonly name: string; readonly token: string } | undefined;
  readonly #kind: Kind;
  readonly #arguments: Readonly<Record<string, unknown>>;
  #imported: { readonly id: string; readonly provider: TerraformProvider | undefined } | undefined;

  /** @throws ConstructError when MAAS would refuse the literals among the properties, or a reference is no construct. */
  constructor(
    scope: Construct,
    id: string,
    kind: Kind,
    props: TerraformMetaArguments & { readonly adoptExisting?: boolean; readonly forceDestroy?: boolean },
    { implied, check, stated }: ElementOptions = {},
  ) {
    super(scope, id, elementConfig(kind.type, props));
    const { given, references, problems } = argumentsOf(kind, props, implied?.());
    refuse(this, kind, problems);
    const attributes = attributesOf(kind.fields, given);
    const isConstruct = (name: string): boolean => references[name] !== undefined;
    refuse(this, kind, checkExactlyOne(kind, attributes, isConstruct));
    refuse(this, kind, [...checkObject(kind, attributes), ...(check?.(attributes) ?? [])]);

    this.#kind = kind;
    const { adoptExisting, forceDestroy } = props;
    const settings: Readonly<Record<string, unknown>> = { adopt_existing: adoptExisting, force_destroy: forceDestroy };
    const set = settingsOf(kind).filter((name) => settings[name] !== undefined);
    this.#arguments = { ...given, ...Object.fromEntries(set.map((name) => [name, settings[name]])) };
    registerFacts(this, {
      ...{ kind, given: this.#arguments, attributes, references, existing: adoptExisting === true, stated },
      synthesis: { overrides: this.rawOverrides as Block, fragment: () => super.toTerraform() as object },
    });
    StackChecks.installFor(this);
  }

  /** Terraform's id of the object, known after apply. */
  get id(): string {
    // A token of CDKTF takes a stack trace, and a synth asks for an id many times. The name may be overridden between two of them.
    const { friendlyUniqueId: name } = this;
    const { token } = this.#id?.name === name ? this.#id : { token: this.getStringAttribute("id") };
    this.#id = { name, token };
    return token;
  }

  /** Terraform's address; that of the apply step where one makes the object. */
  override get fqn(): string {
    return addressFor(this, super.fqn);
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

/**
 * A MAAS object that is looked up by its natural key and not managed. Terraform reads it at plan; a missing one is an error there.
 * @internal
 */
export abstract class MaasDataSource extends TerraformDataSource {
  readonly #kind: Kind;
  readonly #arguments: Readonly<Record<string, unknown>>;

  /**
   * @param key the fields of the natural key as properties: constructs for those that refer to other objects
   * @throws ConstructError when no object can have this key.
   */
  constructor(
    scope: Construct,
    id: string,
    kind: Kind,
    key: object,
    meta: TerraformMetaArguments = {},
    { check, stated }: ElementOptions = {},
  ) {
    super(scope, id, elementConfig(kind.type, meta));
    const keyFields = Object.keys(key).map((name) => findField(kind, name));
    const { given, references, problems } = argumentsOf({ ...kind, fields: keyFields }, key);
    refuse(this, kind, problems);
    const known = attributesOf(keyFields, given);
    const faults = keyFields.flatMap((field) => checkField(field, known[field.name] ?? null));
    refuse(this, kind, [...faults, ...(check?.(known) ?? [])]);
    this.#kind = kind;
    this.#arguments = given;
    // What the lookup does not go by is for the region to tell.
    const unknown = Object.fromEntries(kind.fields.map(({ name }) => [name, UNKNOWN]));
    registerFacts(this, {
      ...{ kind, given, attributes: { ...unknown, ...known }, references, existing: true, stated },
      synthesis: { overrides: this.rawOverrides as Block, fragment: () => super.toTerraform() as object },
    });
    StackChecks.installFor(this);
  }

  /** Terraform's id of the object. */
  get id(): string {
    return this.getStringAttribute("id");
  }

  /** Terraform's address; that of the apply step where one makes the object. */
  override get fqn(): string {
    return addressFor(this, super.fqn);
  }

  /** With the provider configuration that the object has from what it refers to. */
  override get terraformMetaArguments(): Record<string, unknown> {
    return { ...super.terraformMetaArguments, provider: providerAddress(this) };
  }

  override toTerraform(): Fragment {
    return isTerraformObject(this) ? (super.toTerraform() as object) : {};
  }

  override toHclTerraform(): Fragment {
    return isTerraformObject(this) ? (super.toHclTerraform() as object) : {};
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.#arguments };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.#kind, this.#arguments);
  }
}
