import { type Construct, type IConstruct, TerraformDataSource, type TerraformMetaArguments } from "../cdk";
import { checkField } from "../model/checks/field";
import type { Diagnostic } from "../model/diagnostic";
import type { Kind } from "../model/field";
import { findField } from "../model/kinds";
import { refuse } from "./construct-error";
import { attributesOf, declare, toValue } from "./declared";
import { hclAttributes } from "./hcl";
import { PROVIDER } from "./plugin/provider-address";

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
      terraformGeneratorMetadata: { providerName: PROVIDER.name },
    });
    const fields = Object.entries(key.by).flatMap(([name, value]) => checkField(findField(kind, name), toValue(value)));
    refuse(this, kind, [...fields, ...(key.check?.() ?? [])]);
    this.#kind = kind;
    this.#arguments = key.by;
    declare(this, { kind, attributes: attributesOf(kind, key.by), references: key.references ?? {} });
  }

  /** Terraform's id of the object. */
  get id(): string {
    return this.getStringAttribute("id");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.#arguments };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes(this.#kind, this.#arguments);
  }
}
