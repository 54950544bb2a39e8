import * as z from "zod/mini";
import type { NetworkDocument } from "../../../lib/model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../lib/model/document/kinds";
import { ownersIn } from "../../../lib/model/natural-key";
import { tryText } from "../../../lib/model/text";
import type { Outcome } from "../picture";
import {
  detail,
  type Ground,
  groundFields,
  isContainer,
  type PlannedObject,
  titleOf,
  valueWords,
} from "./planned-object";

const ATTRIBUTES = z.record(z.string(), z.unknown());

const KIND = z.custom<DocumentKindName>((value) => typeof value === "string" && Object.hasOwn(DOCUMENT_KINDS, value));

const STEP = z.object({
  action: z.enum(["create", "update", "delete", "release"]),
  kind: KIND,
  key: z.string(),
  path: z.string(),
  liveKey: z.exactOptional(z.string()),
  live: z.exactOptional(ATTRIBUTES),
  desired: z.exactOptional(ATTRIBUTES),
  original: z.exactOptional(ATTRIBUTES),
  differences: z.array(z.object({ name: z.string(), live: z.optional(z.unknown()), desired: z.optional(z.unknown()) })),
});

/** What of a saved plan a picture needs. */
export const SAVED_STEPS = z.object({ region: z.string(), steps: z.array(STEP) });

type Step = z.infer<typeof STEP>;

const OUTCOMES: Readonly<Record<Step["action"], Outcome>> = {
  ...{ create: "added", update: "changed", delete: "gone", release: "released" },
};

/** One object as the plan or its document has it. */
interface Drawn {
  readonly kind: DocumentKindName;
  readonly key: string;
  readonly path: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome;
  readonly details: readonly string[];
}

const placeOf = ({ kind, path }: { readonly kind: string; readonly path: string }): string =>
  JSON.stringify([kind, path]);

/** What an update changes, or a release restores. `undefined` in a plan's JSON is what MAAS decides. */
function detailsOf({ action, differences, live = {}, original = {} }: Step): string[] {
  if (action === "update")
    return differences.map(({ name, live: before, desired }) =>
      detail(name, valueWords(before), desired === undefined ? "(decided by MAAS)" : valueWords(desired)),
    );
  if (action !== "release") return [];
  return Object.entries(original)
    .filter(([name, value]) => JSON.stringify(live[name]) !== JSON.stringify(value))
    .map(([name, value]) => detail(name, valueWords(live[name]), valueWords(value)));
}

const changed = (step: Step, outcome = OUTCOMES[step.action], details: readonly string[] = detailsOf(step)): Drawn => ({
  ...{ kind: step.kind, key: step.key, path: step.path, outcome, details },
  attributes: step.desired ?? step.live ?? {},
});

/** A replacement is two steps in the plan: what differs is told by the second one, from what the first one takes away. */
function replaced(made: Step, ended: Step): Drawn {
  const { desired = {} } = made;
  const names = DOCUMENT_KINDS[made.kind].fields.map(({ name }) => name as string);
  const details = names
    .filter((name) => name in desired && JSON.stringify(desired[name]) !== JSON.stringify(ended.live?.[name] ?? null))
    .map((name) => detail(name, valueWords(ended.live?.[name]), valueWords(desired[name])));
  return changed(made, "replaced", details);
}

function drawnOf(steps: readonly Step[]): Drawn[] {
  const of = (action: Step["action"]): Map<string, Step> =>
    new Map(steps.filter((step) => step.action === action).map((step) => [placeOf(step), step]));
  const [made, ended] = [of("create"), of("delete")];
  return steps.flatMap((step) => {
    const [successor, predecessor] = [made.get(placeOf(step)), ended.get(placeOf(step))];
    if (successor === undefined || predecessor === undefined) return [changed(step)];
    return step === successor ? [replaced(step, predecessor)] : [];
  });
}

/** The objects of a saved plan of `cdktf-maas plan`, with those of its document that stay as they are. */
export function objectsOfSavedPlan(
  { steps }: z.infer<typeof SAVED_STEPS>,
  { document, goal }: { readonly document: NetworkDocument; readonly goal: string },
): PlannedObject[] {
  const said = drawnOf(steps);
  const places = new Set(said.map(placeOf));
  const rest = (Object.entries(document.objects) as [DocumentKindName, NetworkDocument["objects"][DocumentKindName]][])
    .flatMap(([kind, objects = []]) => objects.map((object) => ({ ...object, kind })))
    .filter((object) => object.origin !== "look_up" && !places.has(placeOf(object)));
  const all: Drawn[] = [
    ...said,
    ...rest.map(({ kind, key, path, attributes }): Drawn => ({
      kind,
      key,
      path,
      attributes,
      outcome: "unchanged",
      details: [],
    })),
  ];
  // A destroy leaves what no run here has made.
  const shown = goal === "destroy" ? said : all;
  const made = new Map<string, PlannedObject>();
  const byKey = new Map(shown.map((one) => [JSON.stringify([one.kind, one.key]), one]));
  const make = (one: Drawn): PlannedObject => {
    const id = placeOf(one) + one.key;
    const known = made.get(id);
    if (known !== undefined) return known;
    const { name } = one.attributes;
    const object: PlannedObject = {
      ...{ kind: one.kind, title: titleOf(one.kind), key: one.key, place: one.path },
      ...{ name: typeof name === "string" ? name : "", outcome: one.outcome, details: one.details, on: groundOf(one) },
    };
    made.set(id, object);
    return object;
  };
  const groundOf = ({ kind, key, attributes }: Drawn): Ground | undefined => {
    const own = groundFields(kind).flatMap((field) => {
      const value = tryText(attributes[field.name]);
      return value === undefined ? [] : [{ kind: field.kind, key: value }];
    });
    const [ground] = [
      ...own,
      ...ownersIn(kind, key).flatMap((owner) => (isContainer(owner.kind) ? [{ ...owner, kind: owner.kind }] : [])),
    ];
    const target = ground && byKey.get(JSON.stringify([ground.kind, ground.key]));
    return target === undefined ? ground : make(target);
  };
  return shown.map(make);
}
