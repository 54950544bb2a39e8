import type { ConstructView } from "./construct-view";
import type { Judged } from "./facts";
import type { Field, FieldType, KindName } from "./field";
import type { Members } from "./json-member";
import type { Collection } from "./kinds";
import type { Attributes, Known, Value } from "./known";
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

/** The name of an object among those of its kind, as import, references and documents take it. */
export interface NaturalKey {
  /** How it is made of attributes: `{fabric}:{vid}`. Several where an object has several names, the usual one first. */
  readonly forms: readonly string[];
  /** A form that names an object of a whole region, where no two are alike: for imports and references. */
  readonly shortForm?: string;
  /** What an attribute may hold within the key, as the source of a regular expression; absent = any text. */
  readonly patterns?: Readonly<Record<string, string>>;
  /** Such objects are few, so that a message about one that is not there can list those that are. */
  readonly isListed?: true;
  /** The key in words, and an example of each form. Those of {@link shortForm} where there is one. */
  readonly words: string;
  readonly examples: readonly string[];
}

/** What only a document has of a kind, or has in another form. */
export interface DocumentPart {
  /** Fields that only a document has. */
  readonly fields?: FieldDefinitions;
  /** What of a field is otherwise in a document. */
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
export interface TerraformPart {
  /** Fields that only Terraform has. */
  readonly fields?: FieldDefinitions;
  /** What of a field is otherwise there. */
  readonly overrides?: Readonly<Record<string, Partial<FieldDefinition>>>;
  readonly refusedBlocks?: Readonly<Record<string, RefusedBlock>>;
  /** Other names by which its data source takes parts of the key: the name, and the field that it stands for. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/**
 * Where MAAS's API has objects: the collection that lists them, and how one is read, found and created there. In templates,
 * `{name}` stands for an attribute, or for a member of MAAS's JSON.
 */
export interface ApiPlace<C extends string = string> {
  readonly collection: C;
  /** The members of a row that its id is made of. Default: `{id}`. */
  readonly rowId?: string;
  /** Path of one object, by the members of {@link rowId}. Default: `COLLECTION/{id}/`. */
  readonly one?: string;
  /** The rows come inside those of another call, as that member. Default: `COLLECTION/` lists them. */
  readonly within?: { readonly list: string; readonly member: string };
  /** The collection that comes inside the rows, so that one read answers for both. */
  readonly contains?: string;
  /** Path that finds an object by its natural key, and the keys that it takes. Absent = only the list does. */
  readonly byKey?: { readonly path: string; readonly only?: RegExp };
  /** The member with a DNS name by which an object is known as well: {@link byKey} takes the first label of that. */
  readonly dnsName?: string;
  /** An id may stand in place of a natural key. */
  readonly idIsKey?: true;
  /** Path that a POST creates an object at. Absent = not so. */
  readonly create?: string;
  /** Refusals of a DELETE while something is on the object that this run may move away, and what can be done else. */
  readonly occupied?: { readonly refusal: RegExp; readonly fix: string };
  /** Attributes that MAAS loses unless every PUT repeats them. */
  readonly repeated?: readonly string[];
  /** Collections of which the rows repeat something, so that they are out of date after a change there. Default: none. */
  readonly repeats?: readonly string[];
  /**
   * What is read of a row beside what the fields are read from, or is otherwise than they say. An answer in which a member
   * is not what it must be is refused.
   */
  readonly row?: Members;
  /** The list costs the region much, so that it is not read for what does without: an audit. */
  readonly isCostly?: true;
  /** A row costs the region far more than those of other collections: single reads have a budget of their own. */
  readonly isHeavy?: true;
  /** Not every release of MAAS has the call: one that lacks it has no such objects. */
  readonly isOptional?: true;
  /** What reading, finding or changing an object takes beyond that: a strategy of the run-time side (`src/reconcile/kinds`). */
  readonly strategy?: true;
}

/** How Terraform and MAAS know an object of the kind. */
export interface ObjectId {
  readonly words: string;
  readonly form: RegExp;
}

/** MAAS's ids of most objects. */
export const NUMBER = /^\d+$/;

/** MAAS's ids of nodes: six characters, as in `g8ghqf`. */
export const SYSTEM_ID = /^[a-z0-9]{6}$/;

/** Objects that MAAS creates along with their parent and deletes only with it: one for each parent. */
export interface WithParent {
  /** The attribute that refers to the parent. */
  readonly parent: string;
  /** What such an object is called: `untagged VLAN`. */
  readonly title: string;
  /** Whether the attributes are most likely those of such an object. Only the region can tell for sure. */
  readonly isLikely: (attributes: Attributes) => boolean;
}

/** A field as the author of a kind writes it: under its name. `true` stands for that name. */
export type FieldDefinition = Omit<Field, "name" | "formField" | "jsonPath" | "references" | "names"> & {
  readonly formField?: string | true;
  readonly jsonPath?: string | true;
  /** Names of kinds: that there are such kinds is checked where all of them are known. */
  readonly references?: string;
  readonly names?: string;
};

export type FieldDefinitions = Readonly<Record<string, FieldDefinition>>;

/** What is said of a kind beside its fields. */
interface KindFacts {
  /** Terraform resource type, or the type of the data source. */
  readonly type: string;
  /** For messages: "IP range". */
  readonly title: string;
  /** What an object of these attributes is called, where that is not the {@link title}: "dynamic range". */
  readonly titleOf?: (attributes: Attributes) => string;
  readonly doc: string;
  /** That there is no such object, in words, where it is not that the region has none of that title. */
  readonly absent?: (key: string) => string;
  readonly lifecycle: Lifecycle;
  readonly key: NaturalKey;
  /** MAAS tells two objects of one key apart by something else, so that they are no duplicates. */
  readonly sharesKey?: true;
  /** The Terraform id: how it is made, in words, and the form that it has. */
  readonly id: ObjectId;
  readonly api: ApiPlace;
  /** Whether an object that was there before can be taken over (`adopt_existing`). */
  readonly adoptable: boolean;
  /** Whether MAAS deletes other objects along with one of these, so that a destroy may have to be forced (`force_destroy`). */
  readonly deletesOthers?: true;
  /** Objects of the kind take addresses, which no two of a region may. */
  readonly takesAddresses?: true;
  readonly withParent?: WithParent;
  /**
   * The attribute that refers to the object that this one is a setting of. It has the id of that object, which has one at
   * most; without it, it is switched off.
   */
  readonly settingOf?: string;
  readonly document?: DocumentPart;
  readonly terraform?: TerraformPart;
  /**
   * What the example of the documentation sets beside the first example of the {@link key} and what is required. References
   * are natural keys. Needed where a required field has no value that follows from its record.
   */
  readonly example?: Attributes;
  readonly construct: ConstructView;
  /**
   * A line by which a picture shows an object, on the card of what that field refers to. `said` gives the value of a field,
   * of a reference the name of its object. Absent = pictures have a place of their own for it, or none.
   */
  readonly picture?: { readonly on: string; readonly line: (said: (field: string) => string) => string };
  /** What rules read of an object. Default: its attributes, see `factsOf`. */
  readonly facts?: (object: Judged) => object;
  /** What several attributes must hold together. Sees only what is well-formed by itself; unknown values are no fault. */
  readonly check?: (attributes: Attributes) => Problem[];
}

/** A kind of object: all that tells it from the others. Whatever differs by kind reads it. */
export interface Kind extends KindFacts {
  readonly name: KindName;
  readonly api: ApiPlace<Collection>;
  readonly fields: readonly Field[];
}

/** A kind whose fields are known by name. */
export interface TypedKind<N extends string, F extends FieldDefinitions, A extends ApiPlace> extends KindFacts {
  readonly name: N;
  readonly api: A;
  readonly fields: readonly Field[];
  /** The fields by name. */
  readonly field: { readonly [Name in keyof F]: Field };
  /** Only a type: the attributes of its objects. */
  readonly types?: { readonly [Name in keyof F]: TypeOf<F[Name]["type"]> };
}

/** The values of a field of that type. */
export type TypeOf<T extends FieldType> = T extends "string"
  ? string
  : T extends "number"
    ? number
    : T extends "bool"
      ? boolean
      : T extends readonly ["list" | "set", infer Item extends FieldType]
        ? Known<TypeOf<Item>>[]
        : Value;

/** The attributes of an object of the kind: `AttributesOf<typeof subnet>`. Null and absent mean that nothing is set. */
export type AttributesOf<K> =
  K extends TypedKind<string, infer F, ApiPlace>
    ? { readonly [Name in keyof F | "id"]?: Name extends keyof F ? Known<TypeOf<F[Name]["type"]>> | null : string }
    : never;

const named = (name: string, wire: string | true | undefined): string | undefined => (wire === true ? name : wire);

/** The fields under their names, as the rest of the package reads them. */
export function fieldsOf(definitions: FieldDefinitions): Field[] {
  return Object.entries(definitions).map(([name, { formField, jsonPath, ...rest }]): Field => {
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
type FactsDefinition<N> = N extends keyof SpecialFacts
  ? { readonly facts: (object: Judged) => Omit<SpecialFacts[N], keyof NetworkObject> }
  : unknown;

/** Defines a kind of object, in one place. A kind without any of its parts does not compile. */
export function defineKind<const N extends string, const F extends FieldDefinitions, const A extends ApiPlace>(
  definition: Omit<KindFacts, "api"> & { readonly name: N; readonly api: A; readonly fields: F } & FactsDefinition<N>,
): TypedKind<N, F, A> {
  const fields = fieldsOf(definition.fields);
  const byName = Object.fromEntries(fields.map((field) => [field.name, field]));
  return { ...definition, fields, field: byName as TypedKind<N, F, A>["field"] };
}

/** Attributes of a resource that steer the provider and are none of the object's. Null means false. */
export function settingsOf({ adoptable, deletesOthers }: Kind): readonly string[] {
  return [...(adoptable ? ["adopt_existing"] : []), ...(deletesOthers === true ? ["force_destroy"] : [])];
}

/** What the region says of an object of the kind. */
export const reportedFields = ({ fields }: Pick<Kind, "fields">): readonly Field[] =>
  fields.filter(({ jsonPath, presence }) => jsonPath !== undefined || presence === "computed");

/** Whether the kind's objects have a collection of their own: not that of another kind, nor rows inside those of others. */
export const isOwn = ({ api }: Kind): boolean => api.within === undefined && (api.create ?? api.byKey) !== undefined;
