import { type IConstruct, TerraformResource, TerraformStack } from "../cdk";
import { type Declared, declaredBy } from "./declared";
import { linkConflicts } from "./link-conflicts";
import { naturalKey } from "./natural-key";
import { unplacedRanges } from "./unplaced-ranges";

interface DeclaredConstruct {
  readonly construct: IConstruct;
  readonly declared: Declared;
}

function duplicateMessage(first: IConstruct, second: IConstruct, { kind, attributes }: Declared, key: string): string {
  const untagged = kind.name === "vlan" && attributes.vid === 0;
  const why = untagged
    ? "A fabric has one untagged VLAN."
    : `MAAS has one ${kind.title} for ${kind.key.words}, so that both would manage the same object.`;
  const fix = untagged
    ? `Drop ${second.node.path} and pass ${first.node.path} (the fabric's "untagged" property, or your own Vlan with vid 0) wherever it is used.`
    : `Drop ${second.node.path}, and pass ${first.node.path} wherever it is used.`;
  return `${first.node.path} and ${second.node.path} are both the ${kind.title} ${key}. ${why} Fix: ${fix}`;
}

function duplicates(declaredConstructs: readonly DeclaredConstruct[]): string[] {
  const seen = new Map<string, IConstruct>();
  const messages: string[] = [];
  for (const { construct, declared } of declaredConstructs) {
    if (!TerraformResource.isTerraformResource(construct)) continue;
    const key = naturalKey(declared);
    if (key === undefined) continue;
    const identity = [construct.provider?.node.path ?? "", declared.kind.name, key].join("\n");
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, construct);
    else messages.push(duplicateMessage(first, construct, declared, key));
  }
  return messages;
}

/** What can only be seen with all MAAS objects of a stack at hand; checked when the stack is synthesised. */
export class StackChecks {
  static readonly #installed = new WeakSet<TerraformStack>();

  /** Adds the checks to the construct's stack, once. */
  static installFor(construct: IConstruct): void {
    const stack = TerraformStack.of(construct);
    if (StackChecks.#installed.has(stack)) return;
    StackChecks.#installed.add(stack);
    stack.node.addValidation({ validate: () => StackChecks.errorsOf(stack) });
  }

  /** One message per pair of constructs at odds: natural keys used twice, ranges around a static one, links of one interface. */
  static errorsOf(stack: TerraformStack): string[] {
    const declaredConstructs = stack.node.findAll().flatMap((construct): DeclaredConstruct[] => {
      const declared = declaredBy(construct);
      return declared === undefined ? [] : [{ construct, declared }];
    });
    const constructs = declaredConstructs.map(({ construct }) => construct);
    return [...duplicates(declaredConstructs), ...unplacedRanges(constructs), ...linkConflicts(constructs)];
  }
}
