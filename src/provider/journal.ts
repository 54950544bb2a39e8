import { randomBytes } from "node:crypto";
import { fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import type { KindName } from "../../lib/model/field";
import { parseJson } from "../../lib/model/json";
import { KINDS } from "../../lib/model/kinds";
import { fault } from "../../lib/model/problem";
import { ObjectError } from "../reconcile/objects/failure";
import { type BegunIntent, type Intent, type Intents, NO_INTENTS, type OpenIntent } from "../reconcile/objects/intents";

const EXTENSION = ".jsonl";

const ATTRIBUTES = z.record(z.string(), z.json());

const INTENT = z.object({
  intent: z.string(),
  time: z.string(),
  region: z.string(),
  kind: z.enum(Object.keys(KINDS) as [KindName, ...KindName[]]),
  key: z.string(),
  sent: ATTRIBUTES,
  original: z.optional(ATTRIBUTES),
});

/**
 * A line of a journal: an intent, before the request is sent; that MAAS has the object, with its id; that MAAS refused;
 * that a state has the object.
 */
const LINE = z.union([
  INTENT,
  z.object({ done: z.string(), id: z.string() }),
  z.object({ refused: z.string() }),
  z.object({ known: z.string() }),
]);

type Line = z.output<typeof LINE>;

/** An intent of an earlier run, as it stands in the folder. */
interface Entry {
  readonly name: string;
  readonly file: string;
  readonly region: string;
  readonly place: string;
  readonly intent: Intent;
  readonly id?: string;
}

/** How long a file without open intents stays, in milliseconds: the process that writes it may still run. */
const KEPT_MS = 24 * 3600 * 1000;

/**
 * The intents of all runs that use one folder: a file for each process, to which it only appends.
 *
 * What a process finds there when it starts are the intents of earlier runs. One is open until it was refused, or until a
 * later run has the object's id in its state. A file without open intents is removed after a day.
 */
export class Journal implements Intents {
  readonly isOn = true;
  readonly #own: string;
  #file: number | undefined;
  #count = 0;
  #entries: Map<string, Entry> | undefined;

  /**
   * @param region what the intents belong to: the region's URL.
   * @param options `isRequired`: whether nothing may be sent when the intent can't be written. Default: true.
   */
  constructor(
    private readonly folder: string,
    private readonly region: string,
    private readonly options: { readonly isRequired?: boolean } = {},
  ) {
    // Sorted by name, files are in the order in which they were begun.
    const time = new Date().toISOString().replace(/[-:.Z]/g, "");
    this.#own = `${time}-${process.hrtime.bigint()}-${process.pid}-${randomBytes(3).toString("hex")}`;
  }

  begin(intent: Intent): BegunIntent {
    // What earlier runs left is read before the first line of this one, so that nothing of this run counts as earlier.
    this.#earlier();
    this.#count += 1;
    const name = `${this.#own}/${this.#count}`;
    const head = { intent: name, time: new Date().toISOString(), region: this.region };
    // Attributes are JSON where nothing in them is unknown.
    try {
      this.#append({ ...head, ...intent } as unknown as Line);
    } catch (error) {
      if (this.options.isRequired !== false) throw error;
      return NO_INTENTS.begin(intent);
    }
    return this.#begun(name);
  }

  find(kind: KindName, key: string): OpenIntent | undefined {
    const found = this.#ofRegion()
      .filter(({ intent }) => intent.kind === kind && intent.key === key)
      .at(-1);
    if (found === undefined) return undefined;
    const { name, intent, place, id } = found;
    return { ...intent, place: join(this.folder, place), ...(id !== undefined && { id }), ...this.#begun(name) };
  }

  known(kind: KindName, id: string): void {
    for (const { name, intent, id: made } of this.#ofRegion()) {
      if (intent.kind !== kind || made !== id) continue;
      this.#entries?.delete(name);
      try {
        this.#append({ known: name });
      } catch {
        // It stays open until a run that can write to the folder has it: nothing is lost.
      }
    }
  }

  #begun(name: string): BegunIntent {
    const end = (line: Line): void => {
      this.#entries?.delete(name);
      this.#append(line);
    };
    return { done: (id) => end({ done: name, id }), refused: () => end({ refused: name }) };
  }

  #earlier(): Map<string, Entry> {
    this.#entries ??= readFolder(this.folder);
    return this.#entries;
  }

  #ofRegion(): Entry[] {
    return [...this.#earlier().values()].filter(({ region }) => region === this.region);
  }

  #append(line: Line): void {
    try {
      if (this.#file === undefined) {
        mkdirSync(this.folder, { recursive: true });
        this.#file = openSync(join(this.folder, this.#own + EXTENSION), "ax", 0o600);
      }
      writeSync(this.#file, `${JSON.stringify(line)}\n`);
      if ("intent" in line) fsyncSync(this.#file);
    } catch (cause) {
      throw new ObjectError(
        fault("MAAS-STA-03", undefined, {
          what: `the journal ${this.folder} can't be written`,
          why: `${(cause as Error).message}. Without it, a run that is cut off leaves objects that the next run can't recognise as its own.`,
          fix: "Make the folder writable, name another one (journal_path of the provider, or MAAS_JOURNAL), or leave both out.",
        }),
        { cause },
      );
    }
  }
}

/** The open intents of a folder, oldest first. Removes files that have had none for a while. */
function readFolder(folder: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const files = namesIn(folder);
  const lines = files.flatMap((file) => linesOf(join(folder, file)).map((line, at) => ({ line, place: { file, at } })));
  // What became of an intent may stand in a file that sorts before its own: clocks of hosts differ.
  for (const { line, place } of lines) if (line !== undefined && "intent" in line) take(entries, line, place);
  for (const { line, place } of lines) if (line !== undefined && !("intent" in line)) take(entries, line, place);
  const open = new Set([...entries.values()].map(({ file }) => file));
  for (const path of files.filter((file) => !open.has(file)).map((file) => join(folder, file)))
    if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > KEPT_MS) rmSync(path, { force: true });
  return entries;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(EXTENSION))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    // What is no folder is reported when something is to be written.
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** The lines that can be read. A process that was killed may leave half a line, and had sent nothing for it. */
function linesOf(path: string): (Line | undefined)[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .map((text) => {
      try {
        return LINE.parse(parseJson(text));
      } catch {
        return undefined;
      }
    });
}

function take(entries: Map<string, Entry>, line: Line, { file, at }: { file: string; at: number }): void {
  if ("intent" in line) {
    const { intent: name, region, time: _time, original, ...rest } = line;
    const intent: Intent = { ...rest, ...(original && { original }) };
    entries.set(name, { name, file, region, intent, place: `${file}, line ${at + 1}` });
    return;
  }
  if ("done" in line) {
    const entry = entries.get(line.done);
    if (entry !== undefined) entries.set(entry.name, { ...entry, id: line.id });
    return;
  }
  entries.delete("refused" in line ? line.refused : line.known);
}
