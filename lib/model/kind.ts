import type { ApiPlace } from "./api-place";
import type { ConstructView } from "./construct-view";
import type { Judged } from "./facts";
import type { Field, FieldType, KindName, TypeOf } from "./field";
import type { AttributeName, Collection } from "./kinds";
import type { Attributes, Known } from "./known";
import type { NetworkObject, SpecialFacts } from "./network/objects";
import type { Problem } from "./problem";

/**
 * The address of the Terraform provider. The host is under a top-level domain that is reserved and never resolves, so that
 * no registry can ever answer for it: the plugin comes from this package or not at all.
 */
export const PROVIDER_SOURCE = "cdktf-maas.invalid/cdktf-maas/maas";

/**
 * How objects of a kind come into being. `created`: we create and delete them. `reported`: a node reports them, so that they
 * are adopted and released. `registered`: they register themselves, and are only looked up.
 */
export type Lifecycle = "created" | "reported" | "registered";

/** How a natural key is made of attributes: `{fabric}:{vid}`. `only`: the patterns that these must have, where others go by another form. */
export type KeyForm = string | { readonly text: string; readonly only: Readonly<Record<string, string>> };

/** The name of an object among those of its kind, as import, references and documents take it. */
export interface NaturalKey {
  /** How it is made of attributes. Several where an object has several names, the usual one first. */
  readonly forms: readonly KeyForm[];
  /** A form that names an object of a whole region, where no two are alike: for imports and references. */
  readonly shortForm?: string;
  /** A name that a data source takes as well: the attribute that holds it, and those in place of which it stands. */
  readonly alternative?: {
    readonly by: string;
    readonly insteadOf: readonly string[];
    /** The key of a look-up, of all that is given. */
    readonly text: (parts: Readonly<Record<string, string>>) => string;
  };
  /** What an attribute may hold within the key, as the source of a regular expression; absent = any text. */
  readonly patterns?: Readonly<Record<string, string>>;
  /** Such objects are few, so that a message about one that is not there can list those that are. */
  readonly isListed?: true;
  /** The key in words, and an example of each form. Those of {@link shortForm} where there is one. */
  readonly words: string;
  readonly examples: readonly string[];
}

/** The line by which a picture shows an object. */
export interface PictureLine {
  /** The fields that refer to what it is on: it stands on the card of the first one that is set, and is in the picture. */
  readonly on?: readonly string[];
  /** The title of the card beside the networks where it stands else. Absent = it is not shown there. */
  readonly beside?: string;
  /** `said` gives the value of a field, of a reference the name of its object; empty where there is none. */
  readonly line: (said: (field: string) => string) => string;
}

/** What only a document has of a kind, or has in another form. */
export interface DocumentPart<D = FieldDefinitions> {
  /** Fields that only a document has. */
  readonly fields?: D;
  /** What of a field differs in a document. */
  readonly overrides?: Readonly<Record<string, Partial<FieldDefinition>>>;
  /** The key in words, with examples, where a document takes another form than an import. */
  readonly key?: Partial<Pick<NaturalKey, "words" | "examples">>;
}

/** A nested block that canonical/maas has and this provider does not: it is in the schema, so that the message can say what to do. */
export interface RefusedBlock {
  readonly doc: string;
  readonly attributes: Readonly<Record<string, { readonly type: FieldType; readonly required?: true }>>;
  /** What there is in its place, as a sentence. */
  readonly instead: string;
}

/** What only Terraform's configuration has of a kind, or has in another form: words of canonical/maas that are taken as well. */
export interface TerraformPart<T = FieldDefinitions> {
  /** Fields that only Terraform has. */
  readonly fields?: T;
  /** What of a field differs there. */
  readonly overrides?: Readonly<Record<string, Partial<FieldDefinition>>>;
  readonly refusedBlocks?: Readonly<Record<string, RefusedBlock>>;
  /** Other names by which its data source takes parts of the key: the name, and the field that it stands for. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The name under which its data source takes the id of an object, in place of its key, and shows it. Absent = it does not. */
  readonly idName?: string;
  /** What its data source shows of a field otherwise than the resource. */
  readonly lookedUp?: Readonly<Record<string, Partial<FieldDefinition>>>;
}

/** How Terraform and MAAS know an object of the kind. */
export interface ObjectId {
  readonly words: string;
  readonly form: RegExp;
}

/** MAAS's ids of most objects. */
export const NUMBER = /^\d+$/;

/** MAAS's ids of nodes: six characters, as in `g8ghqf`. */
export const SYSTEM_ID = /^(?:[a-z0-9]{6}|node-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Objects that MAAS creates along with their parent and deletes only with it: one for each parent. */
export interface WithParent<A = Attributes, N = keyof A> {
  /** The attribute that refers to the parent. */
  readonly parent: N;
  /** What such an object is called: `untagged VLAN`. */
  readonly title: string;
  /** Whether the attributes are most likely those of such an object. Only the region can tell for sure. */
  isLikely(attributes: A): boolean;
}

/** What of a field names a kind, or another attribute. */
type NamingOthers = "references" | "names" | "clearedPer" | "addressIn";

/**
 * A field as the author of a kind writes it: under its name. `true` stands for that name. Functions of a field write the
 * types of their parameters out: only then does TypeScript know the fields when it comes to the functions of the kind.
 */
export type FieldDefinition = Omit<Field, "name" | "formField" | "jsonPath" | NamingOthers> & {
  readonly formField?: string | true;
  readonly jsonPath?: string | true;
  /** Names of kinds and of attributes: that there are such is checked where all of them are known. */
  readonly references?: string;
  readonly names?: string;
  readonly clearedPer?: string;
  readonly addressIn?: { readonly subnet: string; readonly as: string };
};

export type FieldDefinitions = Readonly<Record<string, FieldDefinition>>;

/**
 * What is said of a kind beside its fields. Its functions are methods, so that those of a kind take the attributes of its
 * objects, and whoever has any kind can call them.
 *
 * @typeParam A the attributes of its objects
 * @typeParam D the fields that only a document has
 * @typeParam T the fields that only Terraform has
 */
interface KindFacts<A = Attributes, D = FieldDefinitions, T = FieldDefinitions> {
  /** Terraform resource type, or the type of the data source. */
  readonly type: string;
  /** For messages: "IP range". */
  readonly title: string;
  /** What an object of these attributes is called, where that is not the {@link title}: "dynamic range". */
  titleOf?(attributes: A): string;
  readonly doc: string;
  /** That there is no such object, in words, where it is not that the region has none of that title. */
  absent?(key: string): string;
  readonly lifecycle: Lifecycle;
  readonly key: NaturalKey;
  /** MAAS tells two objects of one key apart by something else, so that they are no duplicates. */
  readonly sharesKey?: true;
  /** Two resources of one key may be planned: MAAS has several of a name, or a check of the kind's own says what is wrong with them. */
  readonly mayRepeat?: true;
  /** The Terraform id: how it is made, in words, and the form that it has. */
  readonly id: ObjectId;
  readonly api: ApiPlace;
  /** Whether an object that was there before can be taken over (`adopt_existing`). */
  readonly adoptable: boolean;
  /** Whether MAAS deletes other objects along with one of these, so that a destroy may have to be forced (`force_destroy`). */
  readonly deletesOthers?: true;
  /** Objects of the kind take addresses, which no two of a region may. */
  readonly takesAddresses?: true;
  readonly withParent?: WithParent<A>;
  /**
   * The attribute that refers to the object that this one is a setting of. It has the id of that object, which has one at
   * most; without it, it is switched off.
   */
  readonly settingOf?: keyof A & string;
  readonly document?: DocumentPart<D>;
  readonly terraform?: TerraformPart<T>;
  /**
   * What the example of the documentation sets beside the first example of the {@link key} and what is required. References
   * are natural keys. Needed where a required field has no value that follows from its record.
   */
  readonly example?: A;
  readonly construct: ConstructView<A>;
  /** Whether anything was configured of an object, so that an export names it. Default: always. */
  isRemarkable?(attributes: A): boolean;
  /** A destroy restores an imported object as it does an adopted one: it was there by itself. */
  readonly importAdopts?: true;
  /** How a picture shows an object by a line. Absent = pictures have a place of their own for it, or none. */
  readonly picture?: PictureLine;
  /** What rules read of an object. Default: its attributes, see `factsOf`. */
  facts?(this: void, object: Judged<A>): object;
  /** Attributes of which exactly one is set. Absent = there are none such. */
  readonly exactlyOne?: readonly (keyof A & string)[];
  /** What several attributes must hold together. Sees only what is well-formed by itself; unknown values are no fault. */
  check?(attributes: A): Problem[];
}

/** A kind of object: all that tells it from the others. Whatever differs by kind reads it. */
export interface Kind extends KindFacts {
  readonly name: KindName;
  readonly api: ApiPlace<Collection, AttributeName>;
  readonly fields: readonly Field[];
}

/** A kind whose fields are known by name. */
export interface TypedKind<
  N extends string,
  F extends FieldDefinitions,
  A extends ApiPlace,
  D extends FieldDefinitions = FieldDefinitions,
  T extends FieldDefinitions = FieldDefinitions,
> extends KindFacts<AttributesIn<F & D & T>, D, T> {
  readonly name: N;
  readonly api: A;
  readonly fields: readonly Field[];
  /** The fields by name. */
  readonly field: { readonly [Name in keyof F]: Field };
}

/** The attributes that such fields stand for, as far as their names are known. Null and absent mean that nothing is set. */
export type AttributesIn<F extends FieldDefinitions> = {
  readonly [Name in keyof F as string extends Name ? never : Name]?: Known<TypeOf<F[Name]["type"]>> | null;
} & { readonly id?: string };

/** The attributes of an object of the kind: `AttributesOf<typeof subnet>`. */
export type AttributesOf<K> =
  K extends TypedKind<string, infer F, ApiPlace, infer D, infer T> ? AttributesIn<F & D & T> : never;

const named = (name: string, wire: string | true | undefined): string | undefined => (wire === true ? name : wire);

/** The fields under their names, as the rest of the package reads them. */
export function fieldsOf(definitions: FieldDefinitions): Field[] {
  const entries = Object.entries(definitions) as [AttributeName, FieldDefinition][];
  return entries.map(([name, { formField, jsonPath, ...rest }]): Field => {
    const wire = { formField: named(name, formField), jsonPath: named(name, jsonPath) };
    return {
      name,
      ...(rest as Omit<Field, "name">),
      ...(wire.formField !== undefined && { formField: wire.formField }),
      ...(wire.jsonPath !== undefined && { jsonPath: wire.jsonPath }),
    };
  });
}

/** What a definition says of the facts that rules read: of some kinds these are other ones than their attributes. */
type FactsDefinition<N, A> = N extends keyof SpecialFacts
  ? { readonly facts: (object: Judged<A>) => Omit<SpecialFacts[N], keyof NetworkObject> }
  : unknown;

/** Defines a kind of object, in one place. A kind without any of its parts does not compile. */
export function defineKind<
  const N extends string,
  const F extends FieldDefinitions,
  const A extends ApiPlace,
  const D extends FieldDefinitions,
  const T extends FieldDefinitions,
>(
  definition: Omit<KindFacts<AttributesIn<F & D & T>, D, T>, "api"> & {
    readonly name: N;
    readonly api: A;
    readonly fields: F;
  } & FactsDefinition<N, AttributesIn<F & D & T>>,
): TypedKind<N, F, A, D, T> {
  const fields = fieldsOf(definition.fields);
  const byName = Object.fromEntries(fields.map((field) => [field.name, field]));
  return { ...definition, fields, field: byName as TypedKind<N, F, A, D, T>["field"] };
}

/** Attributes of a resource that steer the provider and are none of the object's. Null means false. */
export type Setting = "adopt_existing" | "force_destroy";

/** The settings that resources of the kind have. */
export function settingsOf({ adoptable, deletesOthers }: Kind): readonly Setting[] {
  return [
    ...(adoptable ? ["adopt_existing" as const] : []),
    ...(deletesOthers === true ? ["force_destroy" as const] : []),
  ];
}

/** What the region says of an object of the kind. */
export const reportedFields = ({ fields }: Pick<Kind, "fields">): readonly Field[] =>
  fields.filter(({ jsonPath, presence }) => jsonPath !== undefined || presence === "computed");

/** Whether the kind's objects have a collection of their own: not that of another kind, nor rows inside those of others. */
export const isOwn = ({ api }: Kind): boolean => api.within === undefined && (api.create ?? api.byKey) !== undefined;
