import { inCamelCase } from "./facts";
import type { Field } from "./field";
import type { Kind } from "./kind";
import type { Attributes } from "./known";
import type { Spelling } from "./problem";

/** How the construct library shows one field, where that does not follow from the field. */
export interface PropertyView {
  /** Name of the property. Default: the field's name in camel case. */
  readonly name?: string;
  /** Its type in the construct library. Default: that of the field, or of a reference to the kind. */
  readonly type?: string;
  /** What it says to somebody who gives constructs, and no ids. Default: the field's doc. */
  readonly doc?: string;
  /** The text after `@default`. Default: what the field takes when it is not set. */
  readonly default?: string;
  /** Who decides, where constructs leave less open: see `Field.presence`. Default: that of the field. */
  readonly presence?: Field["presence"];
  /** The function of `lib/constructs/internal/owner.ts` that gives it when it is read. Default: it is read as it was given. */
  readonly readBy?: "machineOf";
  /** The construct gives the value itself: there is no property. */
  readonly implied?: true;
}

/** The natural key of an object in words, and what tells it apart from others of the same words. */
export interface Words {
  readonly words: readonly string[];
  readonly apart?: string;
}

/** How the construct library shows a kind: what `lib/constructs/generated/` is written from beside the fields. */
export interface ConstructView<A = Attributes> {
  /** The name of the constructs, without what tells apart several classes of one kind: `Subnet`. */
  readonly name: string;
  /** The class of an object with these attributes, where it is not {@link name}. */
  className?(this: void, attributes: A): string;
  /** The static method that looks an object up by the parts of its key. Absent = the class itself does, or nothing. */
  readonly lookUp?: string;
  /** The classes of the kind, where there are several. */
  readonly classes?: readonly string[];
  /** Name of the properties in the generated file, where those of the class have more. Default: `name` with `Props`. */
  readonly propsName?: string;
  /** The generated class is the construct: nothing is added to it by hand. */
  readonly isWhole?: true;
  /** The class gives its generated base more than its properties. */
  readonly extended?: true;
  /** The type of a property that refers to such an object. */
  readonly reference: string;
  /** The interface that the generated class implements: what other constructs take it for. */
  readonly implements?: string;
  /** The attribute of a construct whose token is the value of a reference. Default: `id`. */
  readonly token?: string;
  /** The kind whose objects its constructs may stand for where a reference is taken. */
  readonly standsFor?: string;
  /** A construct for an object that is there already, in TypeScript, by its natural key. */
  readonly example: (key: string) => string;
  /**
   * What a variable that holds such an object is called after; `of` gives the words of the object that a field refers to.
   * Default: its natural key.
   */
  words?(attributes: A, of: (field: string) => readonly string[]): Words;
  /** What `adoptExisting` does. */
  readonly adopt?: string;
  /** By field. */
  readonly properties?: Readonly<Record<string, PropertyView>>;
}

/** How the constructs of a kind spell its attributes. */
export const propertySpelling =
  (kind?: Pick<Kind, "construct">): Spelling =>
  (name) =>
    propertyOf(kind, name);

/** The property that sets a field: `gatewayIp` for `gateway_ip`. */
export function propertyOf(kind: Pick<Kind, "construct"> | undefined, name: string): string {
  const view = kind?.construct.properties?.[name];
  return view?.name ?? inCamelCase(name);
}
