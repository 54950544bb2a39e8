import type { Kind } from "../../lib/model/kind";
import type { Attributes } from "../../lib/model/known";
import { emptiedWhenLeftOut } from "../reconcile/planned-state";

/** What the provider keeps with a resource in Terraform's state, out of the user's sight. Holds no secrets. */
export interface PrivateState {
  /**
   * Attributes that the configuration set, so that one taken out of it can be told from one never in it. Absent = not
   * known: the state comes from another provider and nothing has been applied since.
   */
  readonly configured?: readonly string[];
  /** Attributes of an adopted object before it was adopted: what it gets back. */
  readonly original?: Attributes;
  /** When the instance made the object or took it over, in ms: of two instances with one object the later one has it. */
  readonly madeAt?: number;
}

export function writePrivate(state: PrivateState): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(state));
}

/**
 * What goes with an imported object: every value that can be emptied counts as configured, so that leaving it out of the
 * configuration is a change that the plan of the import shows.
 */
export function keptWithImport(kind: Kind, live: Attributes): PrivateState {
  return { configured: emptiedWhenLeftOut(kind, live).map(({ name }) => name) };
}
