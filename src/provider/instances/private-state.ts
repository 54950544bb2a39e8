import type { Field } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import { isReported } from "../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { keyParts } from "../../../lib/model/natural-key";
import { fault, type Problem, warning } from "../../../lib/model/problem";
import { textOf, withThe } from "../../../lib/model/text";
import { ObjectError } from "../../reconcile/objects/failure";
import { configuredIn, emptiedWhenLeftOut, missedWhenLeftOut } from "../../reconcile/objects/planned-state";

/** What the provider keeps with a resource in Terraform's state, out of the user's sight. Holds no secrets. */
export interface PrivateState {
  /**
   * Attributes that the configuration set, so that one taken out of it can be told from one never in it. In a plan it is all
   * of them, in the state only those where that makes a difference. Absent = not known: the state comes from another
   * provider and nothing has been applied since.
   */
  readonly configured?: readonly string[];
  /** The same of the configuration before, while a change is planned and not yet made. */
  readonly configuredBefore?: readonly string[];
  /** Attributes of an adopted object before it was adopted: what it gets back. */
  readonly original?: Attributes;
  /** Values that somebody else has changed since the last apply, and that the object gets back in place. Absent = none. */
  readonly changedOutside?: Attributes;
  /** Whether the object may have been adopted and nothing tells any more: the plugin was gone in the middle of a change. */
  readonly isLost?: true;
  /** When the instance made the object or took it over, in ms: of two instances with one object the later one has it. */
  readonly madeAt?: number;
  /**
   * While an instance is planned as a new one: what is kept with those that it may replace, by id. Only a tainted instance
   * is replaced by one that is planned so.
   */
  readonly unplanned?: Readonly<Record<string, PrivateState>>;
  /**
   * While an instance is planned as a new one of an object that is found and never made: the natural key of that object. An
   * instance that is replaced is destroyed with the private state of this plan.
   */
  readonly found?: Attributes;
}

/** What goes with a resource that is about to be made or changed. */
export function keptWith(kind: Kind, config: Attributes, { configured, ...kept }: PrivateState): PrivateState {
  return {
    ...kept,
    configured: configuredIn(kind, config),
    ...(configured !== undefined && { configuredBefore: configured }),
  };
}

/** The natural key of an object that is found, and never made, as an instance is planned; undefined where it is not known yet. */
export function foundBy(kind: Kind, wanted: Attributes): Attributes | undefined {
  if (!isReported(kind.name)) return undefined;
  const parts = keyParts(kind.name).map((name) => [name, wanted[name] ?? null] as const);
  return parts.every(([, value]) => isKnown(value)) ? Object.fromEntries(parts) : undefined;
}

/** The private state with no more names of attributes than the next plan asks for: Terraform writes it for each instance. */
function lean(kind: Kind, { configured, ...kept }: PrivateState): PrivateState {
  return configured === undefined ? kept : { ...kept, configured: missedWhenLeftOut(kind, configured) };
}

/** What is kept after a change. */
export function keptAfter(
  kind: Kind,
  { configuredBefore: _, changedOutside: __, ...kept }: PrivateState,
): PrivateState {
  return lean(kind, kept);
}

/**
 * What is kept after a change that failed: what either configuration set counts as configured, so that the next plan still
 * empties what was taken out. Where it was not known before, it is not known now.
 */
export function keptAfterFailure(
  kind: Kind,
  { configured = [], configuredBefore, ...kept }: PrivateState,
): PrivateState {
  return configuredBefore === undefined
    ? kept
    : lean(kind, { ...kept, configured: [...configuredBefore, ...configured] });
}

/** What is kept of an instance whose destroy failed. */
export function keptForDestroy({ found: _, ...kept }: PrivateState): PrivateState {
  return kept;
}

/** The names of {@link PrivateState} in Terraform's state, where each instance repeats them. */
export const SHORT_NAMES = { configured: "set", madeAt: "at" } as const;

export function writePrivate(state: PrivateState): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(shortened(state)));
}

function shortened({ configured, madeAt, unplanned, ...kept }: PrivateState): Readonly<Record<string, unknown>> {
  const others = Object.entries(unplanned ?? {}).map(([id, other]) => [id, shortened(other)] as const);
  return {
    ...kept,
    [SHORT_NAMES.configured]: configured,
    [SHORT_NAMES.madeAt]: madeAt,
    ...(unplanned && { unplanned: Object.fromEntries(others) }),
  };
}

/**
 * What goes with an imported object: every value that can be emptied counts as configured, so that leaving it out of the
 * configuration is a change that the plan of the import shows.
 */
export function keptWithImport(kind: Kind, live: Attributes): PrivateState {
  return {
    configured: emptiedWhenLeftOut(kind, live).map(({ name }) => name),
    ...(kind.importAdopts === true && { original: live }),
  };
}

/**
 * The private state of an instance that is to be destroyed: of a tainted one, out of the plan of what replaces it.
 *
 * @throws ObjectError where nothing of it is known: an adopted object would be deleted in place of being restored
 */
export function keptOfEnded(kind: Kind, { id }: Attributes, { unplanned, ...kept }: PrivateState): PrivateState {
  const own = unplanned === undefined ? kept : unplanned[textOf(id)];
  if (own?.isLost === true) throw new ObjectError(lostFault(kind, textOf(id)));
  if (own !== undefined) return { ...own, ...(kept.found && { found: kept.found }) };
  throw new ObjectError(
    fault("MAAS-STA-02", undefined, {
      what: `whether the tainted object with the id ${textOf(id)} was created or adopted is not known`,
      why: "Terraform tells the provider so only when it refreshes the object, which it was told not to do. So nothing was deleted.",
      fix: "Run this again without -refresh=false, or keep the object: terraform untaint ADDRESS.",
    }),
  );
}

/** What is kept with an instance of which Terraform has lost all: an object that may have been adopted is not deleted then. */
export const keptOfLost = (kind: Kind): PrivateState => (kind.adoptable ? { isLost: true } : {});

/** Refuses to delete an object of which nobody knows whether it was adopted. */
export function lostFault(kind: Kind, id: string): Problem<string> {
  return fault("MAAS-STA-07", undefined, {
    what: `whether ${withThe(kind.title)} with the id ${id} was created or adopted is not known`,
    why:
      "The provider was stopped in the middle of a change of it, and Terraform has lost what was kept with it. If it was adopted, it would be deleted " +
      "in place of being restored.",
    fix: `To keep it as it is, take it out of the state (terraform state rm ADDRESS). To have it deleted, import it after that (terraform import ADDRESS '${id}'), and destroy it.`,
  });
}

/** The part of a plan that the user decided, as opposed to what the region has had. */
export function askedFor(planned: Attributes, { configured = [] }: PrivateState): Attributes {
  return Object.fromEntries(Object.entries(planned).filter(([name]) => configured.includes(name)));
}

/** How a value is emptied that nothing says was ever set. Only text and lists have an empty value that can be written. */
function toEmpty(name: string, type: Field["type"]): string {
  if (type === "string") return `, or ${name} = "" to empty it.`;
  if (Array.isArray(type)) return `, or ${name} = [] to empty it.`;
  return `. To empty it, set another value, apply, and take it out again.`;
}

/**
 * The values that an object keeps though the configuration doesn't set them, while nothing tells whether it ever did: of
 * each that would else be emptied, one warning. Every plan says it until an apply changes the object: Terraform drops the
 * private state of a plan that changes nothing, and a read, whose private state it keeps, does not see the configuration.
 * So a value that is taken out after the first plan can't be told from one that was never set, and must be reported.
 */
export function valuesLeft(kind: Kind, prior: Attributes, config: Attributes): Problem[] {
  const left = emptiedWhenLeftOut(kind, prior).filter(({ name }) => (config[name] ?? null) === null);
  return left.map(({ name, type }) => {
    const value = JSON.stringify(prior[name]);
    return warning("MAAS-STA-04", name, {
      what: `${withThe(kind.title)} with id ${textOf(prior.id)} keeps ${name} = ${value}, which the configuration does not set`,
      why:
        `The state comes from another provider, or from an import by an earlier version, so whether the configuration ever ` +
        `set ${name} is not known. It is left as it is until an apply changes ${withThe(kind.title)}.`,
      fix: `Set ${name} = ${value} to keep it${toEmpty(name, type)}`,
    });
  });
}
