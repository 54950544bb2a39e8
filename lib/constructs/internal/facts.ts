import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DISABLE_STACK_TRACE_IN_METADATA, type IConstruct, TerraformStack } from "../../cdk";
import type { KindName } from "../../model/field";
import { type Kind, PROVIDER_SOURCE } from "../../model/kind";
import type { Attributes } from "../../model/known";
import { requireOwnCdk } from "./edition";
import { packageRoot } from "./package-root";

export { packageRoot };

/** Version of this package, from its package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return version;
}

/** How Terraform knows the provider. */
export const PROVIDER = {
  /** Prefix of resource types, and the local name unless the user gives another one. */
  name: "maas",
  /** What CDKTF matches resources with providers by: our own, since other providers of MAAS are called `maas` there. */
  generatorName: "cdktf-maas",
  source: PROVIDER_SOURCE,
  /** The package's own version, and the only one that its constructs are made for. */
  version: packageVersion(),
} as const;

/**
 * What is known of a construct beyond its properties. It hangs on the construct itself, under a key that all copies of this
 * package share: two copies in one `node_modules` see each other's constructs.
 */
export class Fact<T> {
  readonly #key: symbol;

  /** @param name unique among the facts of this package, and the same in all its versions. */
  constructor(name: string) {
    this.#key = Symbol.for(`cdktf-maas.${name}`);
  }

  of(owner: object): T | undefined {
    return (owner as Readonly<Record<symbol, T | undefined>>)[this.#key];
  }

  set(owner: object, value: T): void {
    // Not enumerable: it is nothing that prints or compares with the construct.
    Object.defineProperty(owner, this.#key, { value, configurable: true, writable: true });
  }

  /** What is there already, else what is made now. */
  getOrMake(owner: object, make: () => T): T {
    const present = this.of(owner);
    if (present !== undefined) return present;
    const made = make();
    this.set(owner, made);
    return made;
  }
}

/** A fact that a construct has any number of, in the order they were added. */
export class ListFact<T> {
  readonly #lists: Fact<T[]>;

  constructor(name: string) {
    this.#lists = new Fact(name);
  }

  of(owner: object): readonly T[] {
    return this.#lists.of(owner) ?? [];
  }

  add(owner: object, item: T): void {
    this.#lists.getOrMake(owner, () => []).push(item);
  }
}

const INSTALLED = new Fact<Set<string>>("installed");

/** Does something for a construct the first time that it is asked for, whichever copy of the package asks. */
export function once(owner: object, name: string, act: () => void): void {
  const done = INSTALLED.getOrMake(owner, () => new Set());
  if (done.has(name)) return;
  done.add(name);
  act();
}

/** An element's part of Terraform's file, where more than its constructor may have had a say in it. */
export interface Synthesis {
  /** What `addOverride` was given for the element itself. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** What Terraform is to read, tokens included; also where an apply step is the engine. */
  readonly fragment: () => object;
}

/**
 * What a construct was made as: which MAAS object it stands for, and the constructs that it refers to. The values of its
 * attributes may have changed since: `objectsOf` has those that are synthesised.
 */
export interface ConstructFacts {
  readonly kind: Kind;
  /** What the constructor was given, by Terraform name, tokens included. */
  readonly given: Readonly<Record<string, unknown>>;
  /**
   * The same as checks see it: null where nothing is set, `UNKNOWN` where the value is a token. A static range,
   * which MAAS has no object for, is an IP range of type `static`.
   */
  readonly attributes: Attributes;
  /** The constructs that reference attributes stand for, by Terraform name; those of a list by that and their place, as `parents.0`. */
  readonly references: Readonly<Record<string, IConstruct>>;
  /** The object may have been there before: it was looked up, or may be taken over. Nobody here knows all about it then. */
  readonly existing: boolean;
  /** What the construct says of its object beyond the attributes of its kind. */
  readonly stated?: StatedFacts;
  /** Absent for a static range, which is no element of Terraform's. */
  readonly synthesis?: Synthesis;
}

/** What MAAS does not report of an object, and only its construct says. */
export interface StatedFacts {
  /** Address family of a subnet, known even where its CIDR is a token. */
  readonly family?: 4 | 6;
  /** The region's URL as a rack controller reaches it; may be a token. */
  readonly regionUrl?: string | undefined;
}

const FACTS = new Fact<ConstructFacts>("facts");
const REFERRERS = new ListFact<IConstruct>("referrers");
const MEMBERS = new ListFact<IConstruct>("members");
const TRACE = new Fact<Trace>("trace");

/** Records what the construct stands for. */
export function registerFacts(construct: IConstruct, facts: ConstructFacts): void {
  FACTS.set(construct, facts);
  registerTrace(construct);
  MEMBERS.add(TerraformStack.of(construct), construct);
  for (const target of Object.values(facts.references)) REFERRERS.add(target, construct);
}

/** What the construct was made as; undefined for constructs that are no MAAS object. */
export function factsOf(construct: IConstruct): ConstructFacts | undefined {
  return FACTS.of(construct);
}

/** Whether the construct stands for objects of that kind. */
export const standsFor = (construct: IConstruct, kind: KindName): boolean => factsOf(construct)?.kind.name === kind;

/** Whether it is in its tree still: what was refused is not, nor what was taken out by `tryRemoveChild`. */
export function isInTree(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && isInTree(scope));
}

/** The constructs of a stack that stand for MAAS objects, in the order they were made. */
export function membersOf(stack: TerraformStack): readonly IConstruct[] {
  return MEMBERS.of(stack).filter(isInTree);
}

/** The constructs that refer to this one, in the order they were made, from any stack. */
export function referrersOf(construct: IConstruct): readonly IConstruct[] {
  return REFERRERS.of(construct).filter(isInTree);
}

/** Frames that are kept: the library's own are on top, the user's follow. */
const FRAMES = 30;

/** As V8 captures it: turned into text when it is first read, through whatever maps positions to sources. */
interface Trace {
  readonly stack?: string;
}

/**
 * Records the place in the program where the construct is made, unless the app has `stackTraces: false`. CDKTF keeps
 * none for constructs.
 *
 * @throws ConstructError when the construct is in a tree of the other edition's CDK.
 */
export function registerTrace(construct: IConstruct): void {
  requireOwnCdk(construct);
  if (construct.node.tryGetContext(DISABLE_STACK_TRACE_IN_METADATA) === true) return;
  const trace: Trace = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  Error.captureStackTrace(trace, registerTrace);
  Error.stackTraceLimit = stackTraceLimit;
  TRACE.set(construct, trace);
}

/** The frames below the construct's making, as V8 writes them, innermost first; none where they are switched off. */
export function traceOf(construct: IConstruct): readonly string[] {
  return TRACE.of(construct)?.stack?.split("\n").slice(1) ?? [];
}
