import { type IConstruct, TerraformDataSource, TerraformElement, TerraformStack } from "../../cdk";
import { IpAddress } from "../../model/address";
import { checkRangeInSubnet } from "../../model/checks/ip-range";
import { Cidr } from "../../model/cidr";
import { AddressRange } from "../../model/address-range";
import { staticRangeParts } from "../../model/static-range";
import { KINDS } from "../../model/kinds";
import type { Attributes } from "../../model/known";
import { fault, type Problem, withCode } from "../../model/problem";
import type { ISubnet } from "../subnet";
import { type DeclaredObject, objectOf, objectsOf } from "./declared-object";
import { Fact, referrersOf, standsFor } from "./facts";
import { isTerraformObject, providerAddress } from "./region";
import { hclAttributes, hclBlock } from "./synthesised";

/** An IP range of a subnet whose ends are literals. */
interface DeclaredRange {
  readonly construct: IConstruct;
  readonly object: DeclaredObject;
  /** `dynamic`, `reserved`, or `static`. */
  readonly type: string;
  readonly range: AddressRange;
}

/** The CIDR of a subnet's object, where it is a literal. */
export function cidrOf({ attributes: { cidr } }: DeclaredObject): Cidr | undefined {
  return typeof cidr === "string" ? Cidr.tryParse(cidr) : undefined;
}

/** The subnet's CIDR, where it is a literal and the subnet is one object. */
export function literalCidr(subnet: IConstruct): Cidr | undefined {
  const object = objectOf(subnet);
  return object && cidrOf(object);
}

/** The range, when both ends are literals and in order. */
export function literalRange(start: unknown, end: unknown): AddressRange | undefined {
  if (typeof start !== "string" || typeof end !== "string") return undefined;
  const [first, last] = [IpAddress.tryParse(start), IpAddress.tryParse(end)];
  if (first === undefined || last === undefined) return undefined;
  return first.family === last.family && first.compare(last) <= 0 ? new AddressRange(first, last) : undefined;
}

/** What is wrong with the place of a range on its subnet, where both are literals. */
export function checkPlace(subnet: IConstruct, { start_ip: start, end_ip: end }: Attributes): Problem[] {
  const cidr = literalCidr(subnet);
  const range = literalRange(start, end);
  return cidr === undefined || range === undefined ? [] : checkRangeInSubnet(range, cidr);
}

/** All ranges of the subnet, static ranges included, in the order their constructs were made. */
export function rangeObjectsOf(subnet: IConstruct): DeclaredObject[] {
  return referrersOf(subnet)
    .filter((construct) => standsFor(construct, "ip_range"))
    .flatMap((construct) => objectsOf(construct))
    .filter(({ references }) => references.subnet === undefined || references.subnet.construct === subnet);
}

/** The range of an object, where its ends are literals. */
export function rangeOf({ attributes: { start_ip: start, end_ip: end } }: DeclaredObject): AddressRange | undefined {
  return literalRange(start, end);
}

/** The ranges of the subnet whose ends are literals, ascending. */
export function rangesOf(subnet: IConstruct): DeclaredRange[] {
  return rangeObjectsOf(subnet)
    .flatMap((object): DeclaredRange[] => {
      const { type } = object.attributes;
      const range = rangeOf(object);
      const { construct } = object;
      return range === undefined || typeof type !== "string" ? [] : [{ construct, object, type, range }];
    })
    .sort((a, b) => a.range.start.compare(b.range.start));
}

function unplacedOf(subnet: IConstruct): Problem[] {
  const fixed = rangesOf(subnet).find(({ type }) => type === "static");
  if (fixed === undefined) return [];
  return rangeObjectsOf(subnet)
    .filter((object) => rangeOf(object) === undefined)
    .map(({ path, isCertain }) => {
      const what = isCertain ? "has ends that are" : "has a count or forEach that is";
      const fix = isCertain
        ? `give startIp and endIp of ${path} as text, such as "${fixed.range.end.plus(1).toString()}".`
        : `give count or forEach of ${path} a value that the program itself knows.`;
      return fault("MAAS-CON-10", undefined, {
        what: `${path} ${what} not known at synth, on the subnet of the static range ${fixed.object.path}`,
        why: "The reserved ranges around a static range are worked out at synth, and must leave out all other ranges.",
        fix,
      });
    });
}

/** One problem per range whose place is not known beside a static range: what is around that is worked out at synth. */
export function unplacedRanges(constructs: readonly IConstruct[]): Problem[] {
  return constructs.filter((construct) => standsFor(construct, "subnet")).flatMap(unplacedOf);
}

/** One `reserved` range that a subnet's static ranges come to, under the last part of its Terraform name. */
interface Part {
  readonly name: string;
  readonly range: AddressRange;
  readonly comment: string;
  /** Whether it is taken over where it is there. */
  readonly isAdopted: boolean;
}

function nameOf({ construct, object: { instance } }: DeclaredRange): string {
  const name = TerraformElement.isTerraformElement(construct)
    ? construct.friendlyUniqueId
    : TerraformStack.of(construct).getLogicalId(construct.node);
  return instance === undefined ? name : `${name}_${String(instance).replace(/\W/g, "_")}`;
}

/** The parts by name; they are worked out where the CIDR is a literal. */
function partsOf(subnet: ISubnet): Part[] {
  const object = objectOf(subnet);
  if (object === undefined) return [];
  const cidr = cidrOf(object);
  const isManaged = object.attributes.managed !== false;
  const ranges = rangesOf(subnet).map((range) => ({ ...range, label: range.construct.node.id }));
  const space = isManaged ? cidr : "unmanaged";
  if (space === undefined) return [];
  const isAdopted = ranges.every(({ type, object }) => type !== "static" || object.existing);
  return staticRangeParts(space, ranges).map(({ range, comment, at }) => {
    const name = at === undefined ? "first" : `${isManaged ? "after_" : ""}${nameOf(at)}`;
    return { name, range, comment, isAdopted };
  });
}

/** What only Terraform can check, at plan: that a subnet which is looked up is managed. */
function managedPrecondition(subnet: ISubnet): object | undefined {
  if (!TerraformDataSource.isTerraformDataSource(subnet)) return undefined;
  return {
    condition: subnet.getBooleanAttribute("managed"),
    error_message: withCode(
      `The static ranges of ${subnet.node.path} need a managed subnet. Set managed to true on it in MAAS, or use ReservedRange.`,
      "MAAS-PLN-03",
    ),
  };
}

const RESOURCES = new Fact<StaticRangeResources>("static-range-resources");

/**
 * The Terraform resources of all static ranges of one subnet. They are worked out when the stack is synthesised, so that
 * ranges count whatever the order they were made in.
 */
export class StaticRangeResources extends TerraformElement {
  /** Adds the resources to the subnet, once. */
  static installFor(subnet: ISubnet): void {
    RESOURCES.getOrMake(subnet, () => new StaticRangeResources(subnet));
  }

  /** Terraform's addresses of the resources that a construct's static ranges come to; none where it has no such ranges. */
  static addressesAt(construct: IConstruct): string[] {
    return RESOURCES.of(construct)?.addresses() ?? [];
  }

  private constructor(private readonly subnet: ISubnet) {
    super(subnet, "static-ranges");
  }

  addresses(): string[] {
    return this.#parts().map((part) => `${KINDS.ip_range.type}.${this.#nameOf(part)}`);
  }

  override toTerraform(): object {
    const parts = this.#parts();
    this.#makeRoom(parts.length);
    return this.#resources(
      parts,
      (part) => this.#arguments(part),
      (block) => block,
    );
  }

  override toHclTerraform(): object {
    return this.hclAt(0);
  }

  /** One of the resources in the form of CDKTF's HCL output. */
  hclAt(index: number): object {
    const parts = this.#parts().slice(index, index + 1);
    return this.#resources(parts, (part) => hclAttributes(KINDS.ip_range, this.#arguments(part)), hclBlock);
  }

  #parts(): Part[] {
    return isTerraformObject(this.subnet) ? partsOf(this.subnet) : [];
  }

  #nameOf({ name }: Part): string {
    return `${this.friendlyUniqueId}_${name}`;
  }

  /** CDKTF asks for JSON first, before it writes HCL, and takes up what elements there are then. */
  #makeRoom(count: number): void {
    for (let index = 1; index < count; index++) FurtherResource.installFor(this, index);
  }

  #arguments({ range, comment, isAdopted }: Part): Record<string, unknown> {
    return {
      subnet: this.subnet.id,
      type: "reserved",
      start_ip: range.start.toString(),
      end_ip: range.end.toString(),
      comment,
      ...(isAdopted && { adopt_existing: true }),
    };
  }

  #resources(parts: readonly Part[], argumentsOf: (part: Part) => object, asBlock: (block: object) => object): object {
    const precondition = managedPrecondition(this.subnet);
    const resources = parts.map((part) => {
      const name = this.#nameOf(part);
      return [
        name,
        {
          ...argumentsOf(part),
          provider: providerAddress(this.subnet),
          ...(precondition && { lifecycle: asBlock({ precondition: asBlock(precondition) }) }),
          "//": { metadata: { path: this.node.path, uniqueId: name } },
        },
      ] as const;
    });
    return resources.length === 0 ? {} : { resource: { [KINDS.ip_range.type]: Object.fromEntries(resources) } };
  }
}

/** A resource beyond the first: CDKTF's HCL writer takes one of each element and passes over the rest. */
class FurtherResource extends TerraformElement {
  static installFor(all: StaticRangeResources, index: number): void {
    if (all.node.tryFindChild(String(index)) === undefined) new FurtherResource(all, index);
  }

  private constructor(
    private readonly all: StaticRangeResources,
    private readonly index: number,
  ) {
    super(all, String(index));
  }

  override toTerraform(): object {
    return {};
  }

  override toHclTerraform(): object {
    return this.all.hclAt(this.index);
  }
}
