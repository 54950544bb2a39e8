import { beforeKey } from "../../model/text";
import { type IConstruct, TerraformResource, TerraformStack } from "../../cdk";
import { type Family, IpAddress } from "../../model/address";
import { checkObject, linkModeOf } from "../../model/checks/object";
import { fault, type Problem, spelled } from "../../model/problem";
import { told } from "./users-language";
import { propertySpelling } from "../../model/construct-view";
import { type DeclaredObject, objectsOf } from "./declared-object";
import { cidrOf, rangesOf, unplacedRanges } from "./static-ranges";
import { factsOf, once, standsFor } from "./facts";
import { identityOf, naturalKey } from "./natural-key";
import { regionMix, regionOf } from "./region";
import { addressOf } from "./synthesised";

/** A link construct, as far as literals tell. */
interface DeclaredLink {
  readonly path: string;
  readonly mode: string | undefined;
  /** Of its subnet; undefined when that is not known. */
  readonly family: Family | undefined;
  readonly isGateway: boolean;
}

function linkOf({ path, attributes, references }: DeclaredObject): DeclaredLink {
  const { subnet } = references;
  return {
    path,
    mode: linkModeOf(attributes),
    family: subnet && cidrOf(subnet)?.family,
    isGateway: attributes.default_gateway === true,
  };
}

const said = ({ path, mode }: DeclaredLink): string => `${path} (${mode})`;

/** What MAAS would do to two links of one interface; undefined when they go together. */
function conflict(first: DeclaredLink, second: DeclaredLink): Problem | undefined {
  if (first.mode === undefined || second.mode === undefined) return undefined;
  const what = `${said(first)} and ${said(second)} are links of one interface`;
  const between = (why: string, fix: string): Problem => fault("MAAS-CON-09", undefined, { what, why, fix });
  if (first.mode === "LINK_UP" || second.mode === "LINK_UP") {
    const why = "LINK_UP means that the interface has no address, so MAAS takes it beside no other link.";
    return between(why, "drop the LINK_UP link.");
  }
  if (first.mode === "DHCP" && second.mode === "DHCP") {
    const why = "MAAS takes one DHCP link per interface, over both address families.";
    return between(why, "use LinkMode.AUTO or LinkMode.STATIC for one of them.");
  }
  const isDhcp = first.mode === "DHCP" || second.mode === "DHCP";
  if (isDhcp && first.family !== undefined && first.family === second.family) {
    const why = "MAAS silently removes a DHCP link when the interface gets another link of the same address family.";
    return between(why, "keep one of them, or use LinkMode.STATIC for both.");
  }
  return undefined;
}

function pairs<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((first, index) => items.slice(index + 1).map((second) => [first, second] as const));
}

function gatewayConflict(first: DeclaredLink, second: DeclaredLink): Problem | undefined {
  if (!first.isGateway || !second.isGateway || first.family === undefined || first.family !== second.family) {
    return undefined;
  }
  return fault("MAAS-CON-09", undefined, {
    what: `${said(first)} and ${said(second)} are both the default gateway of one machine`,
    why: "A machine has one default gateway per address family, so that the last one to be made would win.",
    fix: "set defaultGateway on one of them only.",
  });
}

/** An address that DHCP hands out can't be that of a link. */
function rangeConflict({ path, attributes, references }: DeclaredObject): Problem | undefined {
  const address = typeof attributes.ip_address === "string" ? IpAddress.tryParse(attributes.ip_address) : undefined;
  if (address === undefined || references.subnet === undefined) return undefined;
  const inside = rangesOf(references.subnet.construct).find(
    ({ type, range }) => type === "dynamic" && range.contains(address),
  );
  return (
    inside &&
    fault("MAAS-CON-09", undefined, {
      what: `${path} has the address ${address.toString()}, which is in the dynamic range ${inside.object.path} (${inside.range.toString()})`,
      why: "DHCP hands those out, so MAAS refuses it.",
      fix: "use an address outside the range.",
    })
  );
}

/** One problem per pair of links that MAAS doesn't take together, and per link whose address DHCP hands out. */
function linkConflicts(objects: readonly DeclaredObject[]): Problem[] {
  const byInterface = new Map<string, DeclaredLink[]>();
  const byMachine = new Map<string, DeclaredLink[]>();
  const problems: (Problem | undefined)[] = [];
  for (const object of objects) {
    const { machine } = object.references;
    if (!standsFor(object.construct, "network_interface_link") || machine === undefined) continue;
    const link = linkOf(object);
    const add = (to: Map<string, DeclaredLink[]>, key: string) => to.set(key, [...(to.get(key) ?? []), link]);
    const node = identityOf(machine);
    const { network_interface: nic } = object.attributes;
    add(byMachine, node);
    if (typeof nic === "string") add(byInterface, `${node}/${nic}`);
    problems.push(rangeConflict(object));
  }
  const between = (groups: Map<string, DeclaredLink[]>, check: typeof conflict) =>
    [...groups.values()].flatMap((links) => pairs(links).map(([first, second]) => check(first, second)));
  problems.push(...between(byInterface, conflict), ...between(byMachine, gatewayConflict));
  return problems.filter((problem) => problem !== undefined);
}

function duplicate(first: DeclaredObject, second: DeclaredObject, key: string): Problem {
  const { kind, attributes } = second;
  const { withParent } = kind;
  const untagged = withParent?.isLikely(attributes) === true;
  const why = untagged
    ? `A ${withParent.parent} has one ${withParent.title}.`
    : `MAAS has one ${kind.title} for ${kind.key.words}, so that both would manage the same object.`;
  const fix = untagged
    ? `drop ${second.path} and pass ${first.path} (the fabric's "untagged" property, or your own Vlan with vid 0) wherever it is used.`
    : `drop ${second.path}, and pass ${first.path} wherever it is used.`;
  return fault("MAAS-CON-07", undefined, {
    what: `${first.path} and ${second.path} are both the ${beforeKey(kind.title)} ${key}`,
    ...{ why, fix },
  });
}

function duplicates(objects: readonly DeclaredObject[]): Problem[] {
  const seen = new Map<string, DeclaredObject>();
  const problems: Problem[] = [];
  for (const object of objects) {
    if (!TerraformResource.isTerraformResource(object.construct) || object.kind.sharesKey === true) continue;
    const key = naturalKey(object);
    if (key === undefined) continue;
    const identity = [regionOf(object.construct)?.provider.node.path ?? "", object.kind.name, key].join("\n");
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, object);
    else problems.push(duplicate(first, object, key));
  }
  return problems;
}

/** What overrides have made of an object that was right when it was made. */
function malformed({ construct, path, kind, attributes }: DeclaredObject): Problem[] {
  if (factsOf(construct)?.synthesis === undefined) return [];
  return checkObject(kind, attributes).map((problem) => ({
    ...spelled(problem, propertySpelling(kind)),
    subject: { path },
  }));
}

/**
 * Which of the target's objects is meant, as Terraform's addresses write it: the one of the same index or key, where both
 * have one, else the first as an example.
 */
function instanceOf({ instance }: DeclaredObject, targets: readonly DeclaredObject[]): string {
  const isPaired = instance !== undefined && targets.some((target) => target.instance === instance);
  if (isPaired) return typeof instance === "number" ? "[count.index]" : "[each.key]";
  return `[${JSON.stringify(targets[0]?.instance ?? 0)}]`;
}

/** References to constructs that are not one object. */
function dangling(object: DeclaredObject): Problem<string>[] {
  const { path } = object.construct.node;
  return Object.entries(object.dangling).map(([attribute, target]) => {
    const targets = objectsOf(target);
    const number = targets.length === 0 ? "no object" : `${targets.length} objects`;
    const example = `addOverride("${attribute}", '\${${addressOf(target) ?? ""}${instanceOf(object, targets)}.id}')`;
    return fault("MAAS-CON-08", undefined, {
      what: `${path} refers to ${target.node.path} as its ${attribute}, which comes to ${number} by its count or forEach`,
      fix: targets.length === 0 ? `give ${path} the same count.` : `say which one with ${example}.`,
    });
  });
}

/** A problem on one line, with its place where it does not begin with that. */
const messageAt = (problem: Problem): string =>
  problem.subject?.path === undefined ? told(problem) : `${problem.subject.path}: ${told(problem)}`;

/** What can only be seen with all MAAS objects of a stack at hand; checked when the stack is synthesised. */
export class StackChecks {
  /** Adds the checks to the construct's stack, once. */
  static installFor(construct: IConstruct): void {
    const stack = TerraformStack.of(construct);
    once(stack, "stack-checks", () => {
      stack.node.addValidation({ validate: () => StackChecks.errorsOf(stack) });
    });
  }

  /** One message per pair of constructs at odds: natural keys used twice, ranges around a static one, links of one interface. */
  static errorsOf(stack: TerraformStack): string[] {
    const constructs = stack.node.findAll().filter((construct) => factsOf(construct) !== undefined);
    const objects = constructs.flatMap((construct) => objectsOf(construct));
    const problems = [
      ...regionMix(constructs),
      ...objects.flatMap(dangling),
      ...objects.flatMap(malformed),
      ...duplicates(objects),
      ...unplacedRanges(constructs),
      ...linkConflicts(objects),
    ];
    // Said once of all objects of one construct.
    return [...new Set(problems.map(messageAt))];
  }
}
