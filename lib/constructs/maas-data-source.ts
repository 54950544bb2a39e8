import {
  type Construct,
  type IConstruct,
  TerraformDataSource,
  type TerraformMetaArguments,
  type Fragment,
} from "../cdk";
import { checkField } from "../model/checks/field";
import type { Diagnostic } from "../model/diagnostic";
import type { Kind } from "../model/kind";
import { findField } from "../model/kinds";
import { UNKNOWN } from "../model/known";
import { applyStepAddress } from "./apply-steps";
import { refuse } from "./construct-error";
import { attributesOf, declare, toValue } from "./declared";
import { hclAttributes } from "./hcl";
import { PROVIDER } from "./provider-address";
import { isTerraformObject, providerAddress } from "./region";
import { StackChecks } from "./stack-checks";
import type { Block } from "./synthesised";

/** What a lookup goes by. */
export interface LookupKey {
  /** The fields of the natural key, by Terraform name. */
  readonly by: Readonly<Record<string, unknown>>;
  /** The constructs behind those that refer to other objects. */
  readonly references?: Readonly<Record<string, IConstruct>>;
  /** What this lookup checks beyond its fields. */
  readonly check?: () => readonly Diagnostic[];
}

/**
 * A MAAS object that is looked up by its natural key and not managed. Terraform reads it at plan; a missing one is an error there.
 * @internal
 */
export abstract class MaasDataSource extends TerraformDataSource {
  readonly #kind: Kind;
  readonly #arguments: Readonly<Record<string, unknown>>;

  /** @throws ConstructError when no object can have this key. */
  constructor(scope: Construct, id: string, kind: Kind, key: LookupKey, options: TerraformMetaArguments = {}) {
    super(scope, id, {
      ...options,
      terraformResourceType: kind.type,
      terraformGeneratorMetadata: { providerName: PROVIDER.generatorName },
    });
    const given = Object.keys(key.by).map((name) => findField(kind, name));
    const faults = given.flatMap((field) => checkField(field, toValue(key.by[field.name])));
    refuse(this, kind, [...faults, ...(key.check?.() ?? [])]);
    this.#kind = kind;
    this.#arguments = key.by;
    // What the lookup does not go by is for the region to tell.
    const unknown = Object.fromEntries(kind.fields.map(({ name }) => [name, UNKNOWN]));
    const attributes = { ...unknown, ...attributesOf({ ...kind, fields: given }, key.by) };
    declare(this, {
      kind,
      given: key.by,
      attributes,
      references: key.references ?? {},
      existing: true,
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
    return isTerraformObject(this) ? super.fqn : (applyStepAddress(this) ?? super.fqn);
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
