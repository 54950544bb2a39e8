import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import * as z from "zod/mini";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { shellWord } from "../../../../lib/model/escape";
import { parseJson } from "../../../../lib/model/json";
import { version } from "../../../../package.json";
import type { HttpResponse } from "../../../maas/response";
import { InputFileError } from "../input-error";
import { readRecord } from "../input-file";
import { type Purpose, RecordServer } from "./http-server";
import { type Endpoint, type HttpSettings, httpSettings, shownAddress } from "./http-settings";
import { HTTP_RECORD } from "./record-name";
import { type RecordLock, RecordLockedError, type RecordStore } from "./record-store";

const FORMAT = "maas-network-record";

/** What is kept at the address. GitLab wants the `serial`, which grows by one with each write. A destroy leaves no record in it. */
const envelopeSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  serial: z.int().check(z.nonnegative()),
  record: z.nullable(z.unknown()),
});

/** Who holds a lock, as Terraform writes it (`statemgr.LockInfo`). */
const lockSchema = z.object({
  ID: z.string(),
  Operation: z.optional(z.string()),
  Who: z.optional(z.string()),
  Created: z.optional(z.string()),
});

/** Statuses that say who holds the lock: 409 of GitLab, 423 of others. */
const LOCKED: readonly number[] = [409, 423];
/** Statuses that say that there is nothing yet. */
const ABSENT: readonly number[] = [204, 404];

const isDone = (status: number): boolean => status >= 200 && status < 300;

function parsed<T>(schema: { safeParse(value: unknown): { success: boolean; data?: T } }, text: string): T | undefined {
  try {
    return schema.safeParse(parseJson(text)).data;
  } catch {
    return undefined;
  }
}

function whoami(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A container's user need not have a name.
    return `${process.getuid?.() ?? "?"}@${hostname()}`;
  }
}

type Holder = z.output<typeof lockSchema>;

/**
 * A record and its lock behind Terraform's HTTP backend, as GitLab and others serve it: it outlives the machine of a run, and
 * two runs never apply at once. The settings are Terraform's own, `TF_HTTP_ADDRESS` and so on.
 */
export class HttpRecordStore implements RecordStore {
  readonly isKept = true;
  readonly name: string;
  readonly #settings: HttpSettings;
  readonly #server: RecordServer;
  /** The last serial that was seen; 0 = none yet. */
  #serial = 0;
  #lockId: string | undefined;

  /**
   * @param pauseMs in place of TF_HTTP_RETRY_WAIT_MIN, in milliseconds
   * @throws InputFileError where the settings can't be read.
   */
  constructor(name: string, environment: NodeJS.ProcessEnv = process.env, pauseMs?: number) {
    this.#settings = httpSettings(name, environment);
    this.#server = new RecordServer(this.#settings, pauseMs ?? this.#settings.retries.waitMin);
    this.name = this.#settings.name;
  }

  async lock(): Promise<RecordLock> {
    const { lock, update } = this.#settings;
    if (lock === undefined) return { release: () => Promise.resolve() };
    const own = {
      ...{ ID: randomUUID(), Operation: "cdktf-maas", Info: "", Who: whoami(), Version: version },
      ...{ Created: new Date().toISOString(), Path: update.address.pathname.replace(/^\//, "") },
    };
    const body = JSON.stringify(own);
    const answer = await this.#server.send({ ...lock, body });
    const holder = parsed(lockSchema, answer.text);
    // Where an answer was lost, the lock that the next attempt finds is our own.
    if (!isDone(answer.status) && holder?.ID !== own.ID) {
      if (LOCKED.includes(answer.status)) throw this.#lockedError(holder);
      throw this.#refusal("lock", lock, answer);
    }
    this.#lockId = own.ID;
    return { release: () => this.#release(own.ID, body) };
  }

  /** Frees a lock whose run is gone. @throws InputFileError where the server has another lock, or no locks. */
  async unlock(id: string): Promise<void> {
    const { unlock, update } = this.#settings;
    if (unlock === undefined)
      throw new InputFileError(
        "TF_HTTP_LOCK_ADDRESS",
        `it is not set, so there is no lock to free. Set it as it is set for apply, such as ${shownAddress(update.address)}/lock.`,
      );
    const answer = await this.#unlock(unlock, id, JSON.stringify({ ID: id }));
    if (answer === undefined) return;
    if (!LOCKED.includes(answer.status)) throw this.#refusal("unlock", unlock, answer);
    const holder = parsed(lockSchema, answer.text);
    const held = holder === undefined ? "" : `: it is of ${this.#whoOf(holder)}`;
    throw new InputFileError(
      shownAddress(unlock.address),
      `the lock has another ID than ${id}${held}. Nothing was freed. If that run has been killed, ${this.#freeing(holder)}.`,
    );
  }

  async read(): Promise<NetworkDocument | undefined> {
    const envelope = await this.#envelope();
    if (envelope === undefined || envelope.record === null) return undefined;
    const address = shownAddress(this.#settings.update.address);
    return readRecord(
      address,
      JSON.stringify(envelope.record) ?? "",
      `delete it (curl -X DELETE ${shellWord(address)})`,
    );
  }

  write(record: NetworkDocument): Promise<void> {
    return this.#write(JSON.parse(documentText(record)));
  }

  /** Writes that there is nothing on record: to delete a state, GitLab wants more rights than to write it. */
  remove(): Promise<void> {
    return this.#write(null);
  }

  async #write(record: unknown): Promise<void> {
    if (this.#serial === 0) await this.#envelope();
    const serial = this.#serial + 1;
    const { update } = this.#settings;
    const address = new URL(update.address);
    if (this.#lockId !== undefined) address.searchParams.set("ID", this.#lockId);
    const body = JSON.stringify({ format: FORMAT, version: 1, serial, record });
    const answer = await this.#server.send({ ...update, address, body });
    // A write whose answer was lost is refused the second time: its serial is there.
    const isThere = !isDone(answer.status) && (await this.#isWritten(serial, body));
    if (LOCKED.includes(answer.status) && !isThere) throw this.#lockedError(parsed(lockSchema, answer.text));
    if (!isDone(answer.status) && !isThere) throw this.#refusal("write", update, answer);
    this.#serial = serial;
  }

  async #isWritten(serial: number, body: string): Promise<boolean> {
    const { text } = await this.#server.send({ ...this.#settings.update, method: "GET" });
    const found = parsed(envelopeSchema, text);
    const { record } = JSON.parse(body) as { record: unknown };
    return found?.serial === serial && JSON.stringify(found.record) === JSON.stringify(record);
  }

  async #envelope(): Promise<z.output<typeof envelopeSchema> | undefined> {
    const { update } = this.#settings;
    const answer = await this.#server.send({ ...update, method: "GET" });
    const { status, text } = answer;
    if (ABSENT.includes(status) || (status === 200 && text.trim() === "")) return undefined;
    if (status !== 200) throw this.#refusal("read", update, answer);
    const envelope = parsed(envelopeSchema, text);
    const address = shownAddress(update.address);
    if (envelope === undefined) throw new InputFileError(address, this.#server.noRecord(address, answer));
    this.#serial = envelope.serial;
    return envelope;
  }

  /** Frees a lock. Returns what the server answers where it refuses to. */
  async #unlock(unlock: Endpoint, id: string, body: string): Promise<HttpResponse | undefined> {
    const answer = await this.#server.send({ ...unlock, body });
    this.#lockId = undefined;
    const isOther = LOCKED.includes(answer.status) && parsed(lockSchema, answer.text)?.ID !== id;
    // Where an answer was lost, the second attempt finds no lock.
    return isDone(answer.status) || (LOCKED.includes(answer.status) && !isOther) || answer.status === 404
      ? undefined
      : answer;
  }

  async #release(id: string, body: string): Promise<void> {
    const { unlock } = this.#settings;
    if (unlock === undefined) return;
    const answer = await this.#unlock(unlock, id, body);
    if (answer === undefined) return;
    if (LOCKED.includes(answer.status)) throw this.#lostError(parsed(lockSchema, answer.text));
    const refusal = this.#server.refusal("unlock", unlock, answer);
    const fix = `The run has ended, and its lock stays: ${this.#freeing({ ID: id })}.`;
    throw new InputFileError(shownAddress(unlock.address), `${refusal} ${fix}`);
  }

  #whoOf({ Who: who = "another run", Operation: operation = "", Created: created = "" }: Partial<Holder> = {}): string {
    const what = [operation, created === "" ? "" : `since ${created}`].filter((word) => word !== "").join(", ");
    return this.#server.said(what === "" ? who : `${who} (${what})`);
  }

  /** How a lock is freed, as a clause. */
  #freeing(holder: Holder | undefined): string {
    if (holder === undefined) return "free the lock on the server";
    const record = this.name === HTTP_RECORD ? "" : ` --record ${shellWord(this.name)}`;
    return `run cdktf-maas unlock ${shellWord(this.#server.said(holder.ID))}${record}`;
  }

  #lockedError(holder: Holder | undefined): RecordLockedError {
    if (this.#lockId !== undefined) return this.#lostError(holder);
    const { lock, update } = this.#settings;
    return new RecordLockedError(shownAddress((lock ?? update).address), {
      who: this.#whoOf(holder),
      free: `if it has been killed, ${this.#freeing(holder)} and run the command again`,
    });
  }

  #lostError(holder: Holder | undefined): RecordLockedError {
    const { lock, update } = this.#settings;
    return new RecordLockedError(shownAddress((lock ?? update).address), { who: this.#whoOf(holder), isLost: true });
  }

  #refusal(purpose: Purpose, endpoint: Endpoint, answer: HttpResponse): InputFileError {
    return new InputFileError(shownAddress(endpoint.address), this.#server.refusal(purpose, endpoint, answer));
  }
}
