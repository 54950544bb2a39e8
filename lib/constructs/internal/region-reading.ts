import { type Construct, type IConstruct, TerraformDataSource, type TerraformMetaArguments, Token } from "../../cdk";
import { propertyOf } from "../../model/construct-view";
import type { Field } from "../../model/field";
import type { Kind } from "../../model/kind";
import type { Values } from "../../model/known";
import { checkFilters, filtersOf, patternsOf, pluralOf } from "../../model/listing";
import type { Problem } from "../../model/problem";
import { refuseConstruct } from "../construct-error";
import { argumentsOf, attributesOf } from "./properties";
import { providerAddress } from "./region";
import { hclAttributes } from "./synthesised";
import { elementConfig, onlyWithTerraform, placeOf } from "./terraform-only";

/** What is read: the data source, its arguments, and what is wrong with them. */
interface Reading {
  readonly type: string;
  /** For messages: "list of subnets". */
  readonly title: string;
  readonly kind: Kind;
  readonly fields: readonly Field[];
  readonly check?: (given: Values) => readonly Problem[];
}

/**
 * Something that Terraform reads of a region and that is no object of it. No rule looks at it, and no document has it.
 * @internal
 */
export abstract class RegionReading extends TerraformDataSource {
  readonly #fields: readonly Field[];
  readonly #arguments: Readonly<Record<string, unknown>>;
  readonly #place: IConstruct | undefined;

  constructor(scope: Construct, id: string, props: TerraformMetaArguments, reading: Reading) {
    const { type, title, kind, fields, check } = reading;
    super(scope, id, elementConfig(type, props));
    const { given, references, problems } = argumentsOf({ ...kind, fields }, props);
    const spelling = (name: string): string => propertyOf(kind, name);
    refuseConstruct(this, title, problems, spelling);
    refuseConstruct(this, title, check?.(attributesOf(fields, given)) ?? [], spelling);
    this.#fields = fields;
    this.#arguments = given;
    this.#place = Object.values(references)[0];
    onlyWithTerraform(this, this.#place, {
      does: "reads the region when Terraform plans",
      fix: "Leave it out, or use MaasEngine.PROVIDER.",
    });
  }

  /** With the provider configuration of what it refers to. */
  override get terraformMetaArguments(): Record<string, unknown> {
    return { ...super.terraformMetaArguments, provider: providerAddress(placeOf(this, this.#place)) };
  }

  /** The member of each object of a list. */
  protected each(list: string, member: string): string[] {
    return Token.asList(this.interpolationForAttribute(`${list}[*].${member}`));
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.#arguments };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributes({ fields: this.#fields }, this.#arguments);
  }
}

/**
 * All objects of a kind that have what is asked for. Terraform reads them at plan.
 * @internal
 */
export abstract class ObjectList extends RegionReading {
  readonly #kind: Kind;

  /** @throws ConstructError when no object can have what is asked for. */
  constructor(scope: Construct, id: string, kind: Kind, props: TerraformMetaArguments) {
    super(scope, id, props, {
      ...{ type: `maas_${pluralOf(kind)}`, kind, fields: [...filtersOf(kind), ...patternsOf(kind)] },
      title: `list of ${kind.title} objects`,
      check: (given) => checkFilters(kind, given),
    });
    this.#kind = kind;
  }

  /** Their ids, in the order of numbers. */
  get ids(): string[] {
    return this.getListAttribute("ids");
  }

  /**
   * An attribute of each, in the order of their ids.
   *
   * @param attribute as the data source of one such object has it, such as `name`
   */
  valuesOf(attribute: string): string[] {
    return this.each(pluralOf(this.#kind), attribute);
  }
}
