import { type NetworkDocument } from "../../lib/model/document";
import { isKnown } from "../../lib/model/known";
import { ApiUrl } from "../maas/api-url";
import { isSavedPlan, type PlanRequest, readSavedPlan, type SavedPlan, SavedPlanError } from "../reconcile/engine/plan";
import { DOCUMENT_WANTED, readDocumentOf, readInputFile } from "./input-file";
import { defaultRecordName, type RunRecord, runRecord } from "./run-record";

/** What an engine command works on. */
export interface EngineInput {
  readonly request: PlanRequest;
  readonly record: RunRecord;
  /** URL of the region, as `ApiUrl` spells it; undefined = nobody has named one. */
  readonly url: string | undefined;
  /** The plan to run, where one was saved. */
  readonly saved?: SavedPlan;
}

/** What a user may say of it. */
export interface InputOptions {
  /** Whether it is run: no other run may then work with the same record. */
  readonly isRun?: true;
  readonly url?: string;
  readonly record?: string;
  readonly existingOnly?: true;
}

const apiUrl = (text: string | undefined): string | undefined =>
  text === undefined || text === "" ? undefined : ApiUrl.parse(text).toString();

/** The region to work on: what the user says comes first, then the document, then the environment. */
function urlOf(option: string | undefined, { apiUrl: own }: NetworkDocument): string | undefined {
  const inDocument = own !== undefined && isKnown(own) ? own : undefined;
  return apiUrl([option, inDocument, process.env.MAAS_API_URL].find((text) => text !== undefined && text !== ""));
}

function documentInput(file: string, text: string, goal: PlanRequest["goal"], options: InputOptions): EngineInput {
  const document = readDocumentOf(file, text);
  const record = runRecord(options.record ?? defaultRecordName(file));
  if (options.isRun) record.lock();
  const made = record.read();
  return {
    request: {
      ...{ goal, document: text, recordName: record.name },
      ...(made !== undefined && { record: made }),
      ...(options.existingOnly && { existingOnly: true }),
    },
    ...{ record, url: urlOf(options.url, document) },
  };
}

function savedInput(file: string, text: string, options: InputOptions): EngineInput {
  const saved = readSavedPlan(text);
  const url = apiUrl(options.url) ?? saved.region;
  if (url !== saved.region)
    throw new SavedPlanError(
      `${file} is a plan for ${saved.region}, and --url names ${url}: leave --url out, or make a plan for that region.`,
    );
  const record = runRecord(options.record ?? saved.request.recordName ?? "none");
  if (options.isRun) record.lock();
  // The record of now, since another run may have changed it; the plan's own where it did not travel along.
  const made = record.read() ?? saved.request.record;
  const existingOnly = saved.request.existingOnly ?? options.existingOnly;
  return {
    request: { ...saved.request, ...(made !== undefined && { record: made }), ...(existingOnly && { existingOnly }) },
    ...{ record, url, saved },
  };
}

/** Reads a document, and the record that goes with it. @throws InputFileError, MaasConfigError */
export function readInput(file: string, goal: PlanRequest["goal"], options: InputOptions): EngineInput {
  return documentInput(file, readInputFile(file, DOCUMENT_WANTED), goal, options);
}

/** Like {@link readInput}, and takes a saved plan too. @throws InputFileError, MaasConfigError, SavedPlanError */
export function readInputOrPlan(file: string, options: InputOptions): EngineInput {
  const text = readInputFile(file, DOCUMENT_WANTED);
  return isSavedPlan(text) ? savedInput(file, text, options) : documentInput(file, text, "apply", options);
}
