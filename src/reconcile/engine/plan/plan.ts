import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { duplicateMembers } from "../../../../lib/model/document/duplicates";
import { DocumentError, quoted } from "../../../../lib/model/document/error";
import { readDocument } from "../../../../lib/model/document/read";
import { parseJson } from "../../../../lib/model/json";
import { Unknown } from "../../../../lib/model/known";
import { type Problem, ProblemError, problemJson } from "../../../../lib/model/problem";
import { isRuleId } from "../../../../lib/model/problem-codes";
import type { Refusal } from "./guard";
import type { Step } from "./order";
import type { TakenAlong } from "./removal";

/** What is to be planned. All that the plan can be made again from, against the region of then. */
export interface PlanRequest {
  readonly goal: "apply" | "destroy";
  readonly document: NetworkDocument;
  /** The record: what former runs made. Absent = there is none. */
  readonly record?: NetworkDocument;
  /** Change and delete what is there, and create only what that needs. */
  readonly existingOnly?: boolean;
  /** Where the record is kept, as the user names it: a saved plan is run with the same one. */
  readonly recordName?: string;
  /** Whether a run is put on record; absent = it is not. */
  readonly isRecorded?: boolean;
}

/** What a run would do. Plain data: can be printed, kept and compared. */
export interface Plan {
  readonly request: PlanRequest;
  /** URL of the region. */
  readonly region: string;
  /** In an order that can be run. */
  readonly steps: readonly Step[];
  /** The same for the same steps on the same region: SHA-256, in hex. */
  readonly hash: string;
}

const FORMAT = "maas-plan";
const VERSION = 1;

/** What MAAS decides has no place in a file. */
const withoutUnknown = (_: string, value: unknown): unknown => (value instanceof Unknown ? undefined : value);

export function planOf(request: PlanRequest, region: string, steps: readonly Step[]): Plan {
  const hash = createHash("sha256").update(JSON.stringify({ region, steps }, withoutUnknown)).digest("hex");
  return { request, region, steps, hash };
}

/** What those who look at a plan want to know as well. */
export interface PlanRemarks {
  /** What speaks against running it. */
  readonly refusals: readonly Refusal[];
  /** What does not, and should be known. */
  readonly warnings: readonly Problem<string>[];
  /** What goes along with what is deleted. */
  readonly takenAlong?: readonly TakenAlong[];
}

/** A warning of a rule has its id under that name too. */
const warningJson = (warning: Problem): object => ({
  ...problemJson(warning),
  ...(isRuleId(warning.code) && { id: warning.code }),
});

const alongJson = ({ step: { kind, key }, foreign }: TakenAlong): object[] =>
  foreign.map(({ what, effect }) => ({ what, effect, kind, key }));

/** A request in a file: its documents are texts. */
const requestJson = ({ document, record, isRecorded: _, ...request }: PlanRequest): z.input<typeof REQUEST> => ({
  ...{ ...request, document: documentText(document) },
  ...(record && { record: documentText(record) }),
});

/** The plan as JSON, without secrets. */
export function planJson(
  { region, hash, steps, request }: Plan,
  { refusals, warnings, takenAlong = [] }: PlanRemarks,
): string {
  const taken_along = takenAlong.flatMap(alongJson);
  const remarks = { refusals, warnings: warnings.map(warningJson), ...(taken_along.length > 0 && { taken_along }) };
  const json = { format: FORMAT, version: VERSION, region, hash, steps, ...remarks, request: requestJson(request) };
  return `${JSON.stringify(json, withoutUnknown, 2)}\n`;
}

/** A file that is no saved plan. */
export class SavedPlanError extends ProblemError {
  override readonly name = "SavedPlanError";
  constructor(message: string, options?: ErrorOptions) {
    super("MAAS-FIL-03", message, [], options);
  }
}

/** What of a saved plan is needed to run it: the plan is made again, and must come to the same hash. */
export type SavedPlan = Pick<Plan, "request" | "region" | "hash">;

const HEAD = z.looseObject({ format: z.literal(FORMAT), version: z.unknown() });

const REQUEST = z.object({
  goal: z.enum(["apply", "destroy"]),
  document: z.string(),
  record: z.exactOptional(z.string()),
  existingOnly: z.exactOptional(z.boolean()),
  recordName: z.exactOptional(z.string()),
});

const SAVED = z.object({ region: z.string(), hash: z.string(), request: REQUEST });

/** The head of a saved plan; undefined for any other text. */
function headOf(text: string): z.infer<typeof HEAD> | undefined {
  try {
    return HEAD.safeParse(parseJson(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether the text is a saved plan rather than a document. */
export function isSavedPlan(text: string): boolean {
  return headOf(text) !== undefined;
}

/** Reads a saved plan. @throws SavedPlanError */
export function readSavedPlan(text: string): SavedPlan {
  const json = headOf(text);
  const fix = "Make a new one with cdktf-maas plan --format json --output plan.json.";
  if (json?.version !== VERSION) {
    const version = json?.version === undefined ? "has no version" : `is of version ${quoted(json.version)}`;
    throw new SavedPlanError(`this saved plan ${version}. ${fix}`);
  }
  const { success, data } = SAVED.safeParse(json);
  if (!success) throw new SavedPlanError(`this saved plan is not whole. ${fix}`);
  const [twice] = duplicateMembers(text);
  if (twice !== undefined) throw new SavedPlanError(`the member ${twice} of this saved plan is there twice. ${fix}`);
  const { document, record, ...request } = data.request;
  try {
    return {
      ...data,
      request: {
        ...{ ...request, document: readDocument(document) },
        ...(record !== undefined && { record: readDocument(record) }),
      },
    };
  } catch (cause) {
    if (!(cause instanceof DocumentError)) throw cause;
    throw new SavedPlanError(`a document in this saved plan can't be read: ${cause.message}\n${fix}`, { cause });
  }
}
