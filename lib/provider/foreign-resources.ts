import { TerraformResource, type TerraformStack } from "../cdk";
import { objectsOf } from "../constructs/internal/declared-object";
import { factsOf, once } from "../constructs/internal/facts";
import { naturalKey } from "../constructs/internal/natural-key";
import { type Block, rendered } from "../constructs/internal/synthesised";
import { Cidr } from "../model/cidr";
import { fault, type Problem } from "../model/problem";
import { told } from "../constructs/internal/users-language";

// What resources of canonical/maas do to objects of this package beside them, as it was seen with version 2.4.0:
// maas/resource_maas_network_interface_link.go and resource_maas_subnet.go.

/** A resource of a stack, as Terraform reads it. */
interface Rendered {
  readonly resource: TerraformResource;
  readonly path: string;
  readonly block: Block;
}

function renderedOf(resource: TerraformResource): Rendered {
  const { terraformResourceType: type, friendlyUniqueId: name } = resource;
  const { resource: types } = rendered(resource, resource.toTerraform()) as {
    readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  };
  return { resource, path: resource.node.path, block: types?.[type]?.[name] ?? {} };
}

/** The resources of a type in the stack: those of this package, and those of other providers. */
function resourcesOf(stack: TerraformStack, type: string): { readonly own: Rendered[]; readonly foreign: Rendered[] } {
  const all = stack.node.findAll().filter((one) => TerraformResource.isTerraformResource(one));
  const found = all.filter(({ terraformResourceType }) => terraformResourceType === type);
  const own = found.filter((one) => factsOf(one) !== undefined).map(renderedOf);
  return { own, foreign: found.filter((one) => factsOf(one) === undefined).map(renderedOf) };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** What the machine of a link of this package is called: in the configuration, and by its hostname. */
function machinesOf({ resource, block }: Rendered): string[] {
  const machines = objectsOf(resource).flatMap(({ references: { machine } }) =>
    machine === undefined ? [] : [naturalKey(machine)],
  );
  return [block.machine, ...machines].filter(isText);
}

function links(stack: TerraformStack): Problem[] {
  const { own, foreign } = resourcesOf(stack, "maas_network_interface_link");
  return foreign.flatMap(({ path, block: { machine, network_interface: nic } }) =>
    own
      .filter((link) => isText(machine) && machinesOf(link).includes(machine) && link.block.network_interface === nic)
      .map((link) =>
        fault("MAAS-CON-20", undefined, {
          what: `${path} of another provider and ${link.path} are links of one interface`,
          why: `canonical/maas disconnects the whole interface before it makes a link, so that ${path} removes ${link.path} whenever it is made or replaced.`,
          fix: `make both links with this package, or put ${path} on another interface.`,
        }),
      ),
  );
}

const cidrIn = (block: Block): string | undefined =>
  isText(block.cidr) ? Cidr.tryParse(block.cidr)?.toString() : undefined;

function subnets(stack: TerraformStack): Problem[] {
  const { own, foreign } = resourcesOf(stack, "maas_subnet");
  return foreign.flatMap(({ path, block }) =>
    own
      .filter((subnet) => cidrIn(block) !== undefined && cidrIn(subnet.block) === cidrIn(block))
      .map((subnet) =>
        fault("MAAS-CON-20", undefined, {
          what: `${path} of another provider and ${subnet.path} are one subnet, ${cidrIn(block) ?? ""}`,
          why: "Each would undo what the other sets; and where canonical/maas has ip_ranges in its subnet, its next update deletes all other ranges there.",
          fix: `remove ${path}, and keep its object: terraform state rm, or a removed block with destroy = false.`,
        }),
      ),
  );
}

/** Checks that no resource of canonical/maas in a stack takes away what this package makes there, when it is synthesised. */
export class ForeignResources {
  /** Adds the check to the stack, once. */
  static installFor(stack: TerraformStack): void {
    once(stack, "foreign-resources", () => {
      stack.node.addValidation({
        validate: () => [...links(stack), ...subnets(stack)].map((problem) => told(problem)),
      });
    });
  }
}
