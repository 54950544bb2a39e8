import { type Command, InvalidArgumentError, Option } from "commander";
import type { NetworkDocument } from "../../lib/model/document";
import { isKnown } from "../../lib/model/known";
import { ApiUrl } from "../maas/api-url";
import type { RefusalId } from "../reconcile/engine/plan/guard";
import { DOCUMENT_WANTED, readDocumentOf, readInputFile } from "../reconcile/engine/input-file";
import { isSavedPlan, readSavedPlan, SavedPlanError } from "../reconcile/engine/plan/plan";
import { MAX_DELETIONS } from "../reconcile/engine/plan/prepare";
import { EnvironmentRecordStore, NO_RECORD, type RecordStore } from "../reconcile/engine/record/record-store";
import { FileRecordStore } from "../reconcile/engine/record/file-store";
import { hasHiddenQuery, HTTP_RECORD } from "../reconcile/engine/record/http-settings";
import { HttpRecordStore } from "../reconcile/engine/record/http-store";
import type { SessionRequest } from "../reconcile/engine/run/session";
import { type ConnectionOptions, withConnectionOptions } from "./live-region";

/** The document that is meant when none is named. */
export const DEFAULT_DOCUMENT = "maas-network.json";

/** What the engine's commands tell of the environment. */
export const ENVIRONMENT_HELP =
  "\nThe API key is read from MAAS_API_KEY. The region is the one that --url names, else the document, else MAAS_API_URL.";

const REFUSALS: readonly RefusalId[] = ["existing", "deletions", "foreign", "region", "restored", "rules", "stale"];

/** What may be said of a planning. */
export interface PlanOptions extends ConnectionOptions {
  readonly record?: string;
  readonly maxDeletions?: number;
  readonly force: readonly RefusalId[];
}

/** What may be said of a run. */
export interface RunOptions extends PlanOptions {
  readonly yes?: true;
  readonly concurrency: number;
}

/** Reads a whole number, of at least `least`. */
const wholeNumber =
  (least: number) =>
  (text: string): number => {
    if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
    throw new InvalidArgumentError(`Give a whole number from ${least}, such as ${least + 4}.`);
  };

const isHttpRecord = (name: string): boolean => name === HTTP_RECORD || /^https?:\/\//.test(name);

function recordName(text: string): string {
  // What looks like a URL and is none is no file either: it may hold a password.
  const isOtherUrl = /^[a-z][a-z\d+.-]+:\//i.test(text) && !isHttpRecord(text);
  if (text !== "" && !/^env:(?!\w+$)/.test(text) && !isOtherUrl) return text;
  throw new InvalidArgumentError(
    "Give a file, env: and the name of a variable such as env:MAAS_RECORD, http, a URL, or none.",
  );
}

function refusals(text: string, before: readonly RefusalId[]): RefusalId[] {
  const ids = text.split(",").map((word) => {
    const id = REFUSALS.find((known) => known === word);
    if (id === undefined) throw new InvalidArgumentError(`Allowed choices are ${REFUSALS.join(", ")}.`);
    return id;
  });
  return [...before, ...ids];
}

/** Gives a command the options of {@link PlanOptions}. */
export function withPlanOptions(command: Command): Command {
  return withConnectionOptions(command)
    .option(
      "--record <file>",
      "what former runs made: a file, env:NAME, http (TF_HTTP_ADDRESS), a URL, or none (default: DOCUMENT.record.json)",
      recordName,
    )
    .addOption(
      new Option("--force <refusal>", "what is not to be refused; repeatable")
        .choices(REFUSALS)
        .default([], "nothing")
        .argParser(refusals),
    );
}

/** Gives a command `--max-deletions`. */
export function withMaxDeletions(command: Command): Command {
  return command.addOption(
    new Option("--max-deletions <number>", "how many objects may be deleted at once")
      .default(MAX_DELETIONS)
      .argParser(wholeNumber(0)),
  );
}

/** Gives a command the options of {@link RunOptions}. */
export function withRunOptions(command: Command): Command {
  return withPlanOptions(command)
    .option("--yes", "don't ask")
    .addOption(new Option("--concurrency <number>", "changes at a time").default(4).argParser(wholeNumber(1)));
}

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
  if (name === NO_RECORD.name) return NO_RECORD;
  if (isHttpRecord(name)) return new HttpRecordStore(name);
  const [, variable] = /^env:(\w+)$/.exec(name) ?? [];
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
  const kept = request.recordName ?? NO_RECORD.name;
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
