import { type IConstruct, TerraformDataSource, TerraformElement, TerraformResource, TerraformStack } from "../cdk";
import type { AddressRange } from "../model/ip-range";
import { KINDS } from "../model/kinds";
import { complementOfStaticRange } from "../model/static-range";
import { declaredBy } from "./declared";
import { type DeclaredRange, literalCidr, rangesOf } from "./declared-range";
import { hclAttributes, hclBlock } from "./hcl";
import type { ISubnet } from "./subnet";

/** One `reserved` range that a subnet's static ranges come to, under the last part of its Terraform name. */
interface Part {
  readonly name: string;
  readonly range: AddressRange;
  readonly comment: string;
}

function nameOf(construct: IConstruct): string {
  return TerraformElement.isTerraformElement(construct)
    ? construct.friendlyUniqueId
    : TerraformStack.of(construct).getLogicalId(construct.node);
}

const describe = ({ construct, range }: DeclaredRange): string =>
  `static range ${construct.node.id} (${range.toString()})`;

/**
 * The reserved ranges around the static ranges. Each is named after the range that it follows (`first` at the start of
 * the subnet), not numbered: a range made elsewhere in the subnet leaves all names alone, and one made inside a part
 * shortens that part and adds the one after itself.
 */
function around(subnet: ISubnet, ranges: readonly DeclaredRange[], statics: readonly DeclaredRange[]): Part[] {
  const cidr = literalCidr(subnet);
  const [wanted] = statics;
  if (cidr === undefined || wanted === undefined) return [];
  const taken = ranges.filter((range) => range !== wanted).map(({ range }) => range);
  return complementOfStaticRange(cidr, wanted.range, taken).map((range) => {
    const before = ranges.find((other) => other.range.end.value + 1n === range.start.value);
    const nearest = statics.filter((other) => other.range.end.compare(range.start) < 0).at(-1) ?? wanted;
    return {
      name: before === undefined ? "first" : `after_${nameOf(before.construct)}`,
      range,
      comment: `Outside ${describe(nearest)}`,
    };
  });
}

/** What only Terraform can check, at plan: that a subnet which is looked up is managed. */
function managedPrecondition(subnet: ISubnet): object | undefined {
  if (!TerraformDataSource.isTerraformDataSource(subnet)) return undefined;
  return {
    condition: subnet.getBooleanAttribute("managed"),
    error_message: `The static ranges of ${subnet.node.path} need a managed subnet. Set managed to true on it in MAAS, or use ReservedRange.`,
  };
}

function providerOf(subnet: ISubnet): string | undefined {
  const isElement = TerraformResource.isTerraformResource(subnet) || TerraformDataSource.isTerraformDataSource(subnet);
  return isElement ? subnet.provider?.fqn : undefined;
}

/**
 * The Terraform resources of all static ranges of one subnet. They are worked out when the stack is synthesised, so that
 * ranges count whatever the order they were made in.
 */
export class StaticRangeResources extends TerraformElement {
  static readonly #ID = "static-ranges";

  /** Adds the resources to the subnet, once. */
  static installFor(subnet: ISubnet): void {
    if (subnet.node.tryFindChild(StaticRangeResources.#ID) === undefined) new StaticRangeResources(subnet);
  }

  private constructor(private readonly subnet: ISubnet) {
    super(subnet, StaticRangeResources.#ID);
  }

  override toTerraform(): object {
    return this.#resources(
      (part) => this.#arguments(part),
      (block) => block,
    );
  }

  override toHclTerraform(): object {
    return this.#resources((part) => hclAttributes(KINDS.ip_range, this.#arguments(part)), hclBlock);
  }

  #parts(): Part[] {
    const ranges = rangesOf(this.subnet);
    const statics = ranges.filter(({ type }) => type === "static");
    if (declaredBy(this.subnet)?.attributes.managed !== false) return around(this.subnet, ranges, statics);
    return statics.map((range) => ({
      name: nameOf(range.construct),
      range: range.range,
      comment: describe(range),
    }));
  }

  #arguments({ range, comment }: Part): Record<string, unknown> {
    return {
      subnet: this.subnet.id,
      type: "reserved",
      start_ip: range.start.toString(),
      end_ip: range.end.toString(),
      comment,
    };
  }

  #resources(argumentsOf: (part: Part) => object, asBlock: (block: object) => object): object {
    const precondition = managedPrecondition(this.subnet);
    const resources = this.#parts().map((part) => {
      const name = `${this.friendlyUniqueId}_${part.name}`;
      return [
        name,
        {
          ...argumentsOf(part),
          provider: providerOf(this.subnet),
          ...(precondition && { lifecycle: asBlock({ precondition: asBlock(precondition) }) }),
          "//": { metadata: { path: this.node.path, uniqueId: name } },
        },
      ] as const;
    });
    return resources.length === 0 ? {} : { resource: { [KINDS.ip_range.type]: Object.fromEntries(resources) } };
  }
}
