import type { NetworkDocument } from "../../lib/model/document";
import { isKnown } from "../../lib/model/known";
import { ApiUrl } from "../maas/api-url";
import { DOCUMENT_WANTED, readDocumentOf, readInputFile } from "../reconcile/engine/input-file";
import { isSavedPlan, readSavedPlan, SavedPlanError } from "../reconcile/engine/plan/plan";
import { EnvironmentRecordStore, NO_RECORD, type RecordStore } from "../reconcile/engine/record/record-store";
import { FileRecordStore } from "../reconcile/engine/record/file-store";
import { hasHiddenQuery } from "../reconcile/engine/record/http-settings";
import { HttpRecordStore } from "../reconcile/engine/record/http-store";
import { isHttpRecord, NO_RECORD_NAME, variableOf } from "../reconcile/engine/record/record-name";
import type { SessionRequest } from "../reconcile/engine/run/session";

/** What an engine command works on. */
export interface EngineInput {
  readonly request: SessionRequest;
  readonly store: RecordStore;
  /** URL of the region, as `ApiUrl` spells it; undefined = nobody has named one. */
  readonly url: string | undefined;
}

/** What a user may say of it. */
export interface InputOptions {
  readonly url?: string;
  readonly record?: string;
  readonly existingOnly?: true;
}

/** The store that `--record` names: a file, `env:NAME`, `http`, a URL, or `none`. @throws InputFileError */
export function recordStore(name: string): RecordStore {
  if (name === NO_RECORD_NAME) return NO_RECORD;
  if (isHttpRecord(name)) return new HttpRecordStore(name);
  const variable = variableOf(name);
  return variable === undefined ? new FileRecordStore(name) : new EnvironmentRecordStore(variable);
}

/** The record of a document for which none is named: a file beside it. */
export function defaultRecordName(document: string): string {
  return `${document.replace(/\.json$/, "")}.record.json`;
}

const apiUrl = (text: string | undefined): string | undefined =>
  text === undefined || text === "" ? undefined : ApiUrl.parse(text).toString();

/** The region to work on: what the user says comes first, then the document, then the environment. */
function urlOf(option: string | undefined, { apiUrl: own }: NetworkDocument): string | undefined {
  const inDocument = own !== undefined && isKnown(own) ? own : undefined;
  return apiUrl([option, inDocument, process.env.MAAS_API_URL].find((text) => text !== undefined && text !== ""));
}

function documentInput(
  file: string,
  text: string,
  goal: SessionRequest["goal"],
  { url, record, existingOnly }: InputOptions,
): EngineInput {
  const document = readDocumentOf(file, text);
  return {
    request: { goal, document, ...(existingOnly && { existingOnly }) },
    store: recordStore(record ?? defaultRecordName(file)),
    url: urlOf(url, document),
  };
}

function savedInput(file: string, text: string, options: InputOptions): EngineInput {
  const { request, region, hash } = readSavedPlan(text);
  const url = apiUrl(options.url) ?? region;
  if (url !== region)
    throw new SavedPlanError(
      `${file} is a plan for ${region}, and --url names ${url}: leave --url out, or make a plan for that region.`,
    );
  const existingOnly = request.existingOnly ?? options.existingOnly;
  const kept = request.recordName ?? NO_RECORD_NAME;
  if (options.record === undefined && hasHiddenQuery(kept))
    throw new SavedPlanError(
      `${file} was made with the record at ${kept}, and a file keeps no query of an address, which may hold a token: name the record with --record, as for plan.`,
    );
  return {
    request: { ...request, ...(existingOnly && { existingOnly }), agreed: hash },
    store: recordStore(options.record ?? kept),
    url,
  };
}

/** Reads a document, and names the record that goes with it. @throws InputFileError, MaasConfigError */
export async function readInput(
  file: string,
  goal: SessionRequest["goal"],
  options: InputOptions,
): Promise<EngineInput> {
  return documentInput(file, await readInputFile(file, DOCUMENT_WANTED), goal, options);
}

/** Like {@link readInput}, and takes a saved plan too. @throws InputFileError, MaasConfigError, SavedPlanError */
export async function readInputOrPlan(file: string, options: InputOptions): Promise<EngineInput> {
  const text = await readInputFile(file, DOCUMENT_WANTED);
  return isSavedPlan(text) ? savedInput(file, text, options) : documentInput(file, text, "apply", options);
}
