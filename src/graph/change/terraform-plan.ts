import * as z from "zod/mini";
import type { DocumentKindName } from "../../../lib/model/document/kinds";
import { type Kind, PROVIDER_SOURCE } from "../../../lib/model/kind";
import { KINDS } from "../../../lib/model/kinds";
import { formatKey, partsAmong } from "../../../lib/model/natural-key";
import { textOf } from "../../../lib/model/text";
import type { Outcome } from "../picture";
import { Configured } from "./terraform-configuration";
import { detail, type Ground, groundFields, type PlannedObject, titleOf, valueWords } from "./planned-object";

const VALUES = z.nullable(z.record(z.string(), z.unknown()));
/** `true` = all of it, else the attributes that are. */
const MARKED = z.exactOptional(z.union([z.boolean(), z.record(z.string(), z.unknown())]));

const CHANGE = z.object({
  address: z.string(),
  previous_address: z.exactOptional(z.string()),
  mode: z.string(),
  type: z.string(),
  provider_name: z.string(),
  deposed: z.exactOptional(z.string()),
  change: z.object({
    actions: z.array(z.string()),
    before: z.optional(VALUES),
    after: z.optional(VALUES),
    ...{ after_unknown: MARKED, before_sensitive: MARKED, after_sensitive: MARKED },
    importing: z.optional(z.nullable(z.looseObject({ id: z.exactOptional(z.string()) }))),
  }),
});

/** What `terraform show -json` and `tofu show -json` write of a plan, as far as a picture needs it. */
export const TERRAFORM_PLAN = z.object({
  format_version: z.string(),
  resource_changes: z.exactOptional(z.array(CHANGE)),
  configuration: z.exactOptional(z.unknown()),
});

type Change = z.infer<typeof CHANGE>;

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  ...{ "no-op": "unchanged", create: "added", update: "changed", delete: "gone", forget: "released" },
  ...{ "delete,create": "replaced", "create,delete": "replaced", "create,forget": "replaced" },
};

const KIND_BY_TYPE = new Map(Object.values<Kind>(KINDS).map((kind) => [kind.type, kind]));

const isMarked = (marks: boolean | Readonly<Record<string, unknown>> | undefined, name: string): boolean =>
  marks === true ||
  (typeof marks === "object" && (marks[name] ?? false) !== false && JSON.stringify(marks[name]).includes("true"));

/** What is done with a resource. Imports and moves count where nothing else does. */
function outcomeOf({ previous_address: previous, change: { actions, importing } }: Change): Outcome {
  const outcome = OUTCOMES[actions.join()] ?? "changed";
  if (outcome !== "unchanged") return outcome;
  if ((importing ?? null) !== null) return "imported";
  return previous === undefined ? "unchanged" : "moved";
}

/** What changes of an object that is there, in the user's attributes; where none of these does, in those that MAAS decides. */
function differences({ type, change }: Change): string[] {
  const { before, after, after_unknown: unknown, before_sensitive: secret, after_sensitive: secretThen } = change;
  if ((before ?? null) === null || (after ?? null) === null) return [];
  const words = (
    values: Readonly<Record<string, unknown>> | null | undefined,
    name: string,
    marks: typeof secret,
  ): string => (isMarked(marks, name) ? "(sensitive value)" : valueWords(values?.[name]));
  const lines = (KIND_BY_TYPE.get(type)?.fields ?? []).flatMap(({ name, presence }) => {
    const isOpen = isMarked(unknown, name);
    if (!isOpen && JSON.stringify(before?.[name]) === JSON.stringify(after?.[name])) return [];
    const then = isOpen ? "(known after apply)" : words(after, name, secretThen);
    return [
      {
        isOwn: presence !== "computed" && (!isOpen || presence === "required"),
        line: detail(name, words(before, name, secret), then),
      },
    ];
  });
  const own = lines.filter(({ isOwn }) => isOwn);
  const isReplaced = change.actions.length > 1;
  return (own.length > 0 || isReplaced ? own : lines).map(({ line }) => line);
}

function detailsOf(change: Change): string[] {
  const {
    previous_address: previous,
    deposed,
    change: { importing },
  } = change;
  return [
    ...(outcomeOf(change) === "unchanged" ? [] : differences(change)),
    ...(previous === undefined ? [] : [`moved from ${previous}`]),
    ...(importing?.id === undefined ? [] : [`imported from ${importing.id}`]),
    ...(deposed === undefined ? [] : ["left by a replacement that was cut off"]),
  ];
}

/** The attributes that say which object it is: as it is to be, of what goes as it was. What is not known yet is left out. */
function attributesOf({
  change: { before, after, after_unknown: unknown },
}: Change): Readonly<Record<string, unknown>> {
  const known = Object.entries(after ?? before ?? {}).filter(
    ([name, value]) => value !== null && !isMarked(unknown, name),
  );
  return { ...(after && before && { id: before.id }), ...Object.fromEntries(known) };
}

/** Makes the objects of a plan: references are ids, natural keys, or not known yet. */
class Reader {
  readonly #changes: readonly Change[];
  readonly #configured: Configured;
  readonly #byId = new Map<string, Change>();
  readonly #byAddress = new Map<string, Change>();
  readonly #byKey = new Map<string, Change>();
  readonly #keys = new Map<Change, string | undefined>();
  readonly #made = new Map<Change, PlannedObject>();

  constructor({ resource_changes: changes = [], configuration }: z.infer<typeof TERRAFORM_PLAN>) {
    this.#changes = changes.filter(
      ({ mode, provider_name: provider }) => mode === "managed" && provider === PROVIDER_SOURCE,
    );
    this.#configured = new Configured(configuration, (address) => this.#byAddress.has(address));
    for (const change of this.#changes) {
      const { id } = attributesOf(change);
      if (typeof id === "string") this.#byId.set(`${change.type} ${id}`, change);
      if (change.deposed === undefined) this.#byAddress.set(change.address, change);
    }
    for (const change of this.#changes) {
      const key = this.#keyOf(change);
      if (key !== undefined && !this.#byKey.has(`${change.type} ${key}`))
        this.#byKey.set(`${change.type} ${key}`, change);
    }
  }

  objects(): PlannedObject[] {
    return this.#changes.map((change) => this.#object(change));
  }

  /** The change of the object that a reference means, by its id, its natural key, or where the configuration refers to. */
  #target(from: Change, attribute: string, kind: DocumentKindName, value: unknown): Change | undefined {
    const { type } = KINDS[kind as keyof typeof KINDS] as Kind;
    if (value === undefined || value === null) {
      const address = this.#configured.referenced(from.address, attribute, type);
      return address === undefined ? undefined : this.#byAddress.get(address);
    }
    if (typeof value !== "string" && typeof value !== "number") return undefined;
    const name = `${type} ${value}`;
    return this.#byId.get(name) ?? this.#byKey.get(name);
  }

  /** Its natural key, with natural keys in place of ids. Undefined = a part of it is not known yet. */
  #keyOf(change: Change): string | undefined {
    if (this.#keys.has(change)) return this.#keys.get(change);
    this.#keys.set(change, undefined);
    const kind = KIND_BY_TYPE.get(change.type);
    if (kind === undefined) return undefined;
    const attributes = attributesOf(change);
    const named = kind.fields.flatMap(({ name, references, type }) => {
      if (type !== "string" && type !== "number") return [];
      const target = references && this.#target(change, name, references, attributes[name]);
      const value = (target && this.#keyOf(target)) ?? attributes[name];
      // A plan that somebody has edited may have anything here.
      return typeof value === "string" || typeof value === "number" ? [[name, value] as const] : [];
    });
    const parts = partsAmong(kind.name, Object.fromEntries(named));
    const key = parts && formatKey(kind.name, parts);
    this.#keys.set(change, key);
    return key;
  }

  #object(change: Change): PlannedObject {
    const known = this.#made.get(change);
    if (known !== undefined) return known;
    const { type, address } = change;
    const kind = KIND_BY_TYPE.get(type)?.name;
    const { name } = attributesOf(change);
    const object: PlannedObject = {
      ...{ kind, title: kind === undefined ? type.replace(/^maas_/, "").replaceAll("_", " ") : titleOf(kind) },
      ...{ key: this.#keyOf(change) ?? address, name: typeof name === "string" ? name : "", place: address },
      ...{ outcome: outcomeOf(change), details: detailsOf(change), on: kind && this.#ground(change, kind) },
    };
    this.#made.set(change, object);
    return object;
  }

  #ground(change: Change, kind: DocumentKindName): Ground | undefined {
    const attributes = attributesOf(change);
    for (const field of groundFields(kind)) {
      const value = attributes[field.name];
      const target = this.#target(change, field.name, field.kind, value);
      if (target !== undefined && target !== change) return this.#object(target);
      if (typeof value === "string" || typeof value === "number") return { kind: field.kind, key: textOf(value) };
    }
    return undefined;
  }
}

/** The objects of a plan of Terraform's that this package's provider has; data sources, and what others have, are left out. */
export const objectsOfTerraformPlan = (plan: z.infer<typeof TERRAFORM_PLAN>): PlannedObject[] =>
  new Reader(plan).objects();
