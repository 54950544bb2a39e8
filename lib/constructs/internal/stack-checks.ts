import { type IConstruct, TerraformResource, TerraformStack } from "../../cdk";
import { checkObject } from "../../model/checks/object";
import { factsOf, once } from "./facts";
import { type DeclaredObject, objectsOf } from "./declared-object";
import { linkConflicts } from "./link-conflicts";
import { naturalKey } from "./natural-key";
import { regionOf } from "./region";
import { regionMix } from "./region-mix";
import { addressOf } from "./synthesised";
import { unplacedRanges } from "./declared-range";

function duplicateMessage(first: DeclaredObject, second: DeclaredObject, key: string): string {
  const { kind, attributes } = second;
  const { withParent } = kind;
  const untagged = withParent?.isLikely(attributes) === true;
  const why = untagged
    ? `A ${withParent.parent} has one ${withParent.title}.`
    : `MAAS has one ${kind.title} for ${kind.key.words}, so that both would manage the same object.`;
  const fix = untagged
    ? `Drop ${second.path} and pass ${first.path} (the fabric's "untagged" property, or your own Vlan with vid 0) wherever it is used.`
    : `Drop ${second.path}, and pass ${first.path} wherever it is used.`;
  return `${first.path} and ${second.path} are both the ${kind.title} ${key}. ${why} Fix: ${fix}`;
}

function duplicates(objects: readonly DeclaredObject[]): string[] {
  const seen = new Map<string, DeclaredObject>();
  const messages: string[] = [];
  for (const object of objects) {
    if (!TerraformResource.isTerraformResource(object.construct) || object.kind.sharesKey === true) continue;
    const key = naturalKey(object);
    if (key === undefined) continue;
    const identity = [regionOf(object.construct)?.provider.node.path ?? "", object.kind.name, key].join("\n");
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, object);
    else messages.push(duplicateMessage(first, object, key));
  }
  return messages;
}

/** What overrides have made of an object that was right when it was made. */
function malformed({ construct, path, kind, attributes }: DeclaredObject): string[] {
  if (factsOf(construct)?.synthesis === undefined) return [];
  return checkObject(kind, attributes).map(
    ({ attribute, summary, detail }) =>
      `${path}: ${attribute === undefined ? "" : `${attribute}: `}${summary}. ${detail}`,
  );
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
function dangling(object: DeclaredObject): string[] {
  const { path } = object.construct.node;
  return Object.entries(object.dangling).map(([attribute, target]) => {
    const targets = objectsOf(target);
    const number = targets.length === 0 ? "no object" : `${targets.length} objects`;
    const example = `addOverride("${attribute}", '\${${addressOf(target) ?? ""}${instanceOf(object, targets)}.id}')`;
    const fix = targets.length === 0 ? `give ${path} the same count` : `say which one with ${example}`;
    return `${path} refers to ${target.node.path} as its ${attribute}, which comes to ${number} by its count or forEach. Fix: ${fix}.`;
  });
}

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
    return [
      ...regionMix(constructs),
      // Said once of all objects of one construct.
      ...new Set(objects.flatMap(dangling)),
      ...objects.flatMap(malformed),
      ...duplicates(objects),
      ...unplacedRanges(constructs),
      ...linkConflicts(objects),
    ];
  }
}
