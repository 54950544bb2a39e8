import type { KindName } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import { findField } from "../../../lib/model/kinds";
import type { Attributes, Values } from "../../../lib/model/known";
import { keyParts } from "../../../lib/model/natural-key";
import { canonical } from "../../../lib/model/spelling";

/** What is about to be sent for one object, before anything is sent. Holds no secrets. */
export interface Intent {
  readonly kind: KindName;
  /** The natural key, with ids for references. */
  readonly key: string;
  /** What the object is to have. References are ids. */
  readonly sent: Values;
  /** What the object had before, where it is changed and not made. Absent = it was not there. */
  readonly original?: Attributes;
}

/** What becomes of an intent. One of the two is called, or none where the outcome is not known. */
export interface BegunIntent {
  /** The region has the object, with that id. */
  done(id: string): void;
  /** Nothing has come of it. */
  refused(): void;
}

/** An intent of an earlier run whose object no state is known to have. */
export interface OpenIntent extends Intent, BegunIntent {
  /** Where it stands, for messages: `maas-journal/20261125T210000Z-4711.jsonl, line 3`. */
  readonly place: string;
  /** The id of the object that was made, where the answer came. */
  readonly id?: string;
}

/**
 * Remembers what a run is about to do, so that the next one knows its own work again when this one is cut off between
 * MAAS's commit and the moment when Terraform writes its state.
 */
export interface Intents {
  /** Whether anything is remembered at all: what only an intent needs is not asked for otherwise. */
  readonly isOn: boolean;
  /** Remembers the intent, on disk when it returns. @throws ObjectError when it can't be written; nothing has been sent then. */
  begin(intent: Intent): BegunIntent;
  /** The newest open intent of an earlier run for that object. */
  find(kind: KindName, key: string): OpenIntent | undefined;
  /** A state has the object with that id, so that its intents are of no use any more. */
  known(kind: KindName, id: string): void;
}

/** For whoever remembers in another way, as the engine does with its record. */
export const NO_INTENTS: Intents = {
  isOn: false,
  begin: () => ({ done: () => undefined, refused: () => undefined }),
  find: () => undefined,
  known: () => undefined,
};

/** The natural key of an object in one spelling, with ids for references. */
export function naturalKeyOf(kind: Kind, attributes: Attributes): string {
  const parts = keyParts(kind.name).map((name) => canonical(findField(kind, name), attributes[name] ?? null));
  return JSON.stringify(parts);
}
