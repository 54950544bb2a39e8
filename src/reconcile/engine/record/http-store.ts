import { createHash, randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { version } from "../../../../package.json";
import type { HttpResponse } from "../../../maas/response";
import { Transport } from "../../../maas/transport";
import { InputFileError, readRecord } from "../input-file";
import { HTTP_RECORD, type HttpSettings, httpSettings } from "./http-settings";
import { type RecordLock, RecordLockedError, type RecordStore } from "./record-store";

const FORMAT = "maas-network-record";

/** What is kept at the address. GitLab wants the `serial`, which grows by one with each write. A destroy leaves no record in it. */
const envelopeSchema = z.object({
  format: z.literal(FORMAT),
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

/** Terraform's own: a request that may have been lost is sent this many times. */
const ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const TIMEOUT_MS = 30_000;

/** Statuses that say who holds the lock: 409 of GitLab, 423 of others. */
const LOCKED: readonly number[] = [409, 423];
/** Statuses that say that there is nothing yet. */
const ABSENT: readonly number[] = [204, 404];

const isDone = (status: number): boolean => status >= 200 && status < 300;

function parsed<T>(schema: { safeParse(value: unknown): { success: boolean; data?: T } }, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
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

interface Call {
  readonly method: string;
  readonly address: URL;
  readonly body?: string;
}

/**
 * A record and its lock behind Terraform's HTTP backend, as GitLab and others serve it: it outlives the machine of a run, and
 * two runs never apply at once. The settings are Terraform's own, `TF_HTTP_ADDRESS` and so on.
 */
export class HttpRecordStore implements RecordStore {
  readonly isKept = true;
  readonly #settings: HttpSettings;
  /** The last serial that was seen; 0 = none yet. */
  #serial = 0;
  #lockId: string | undefined;

  /** @throws InputFileError where the settings can't be read. */
  constructor(
    readonly name: string,
    environment: NodeJS.ProcessEnv = process.env,
    private readonly pauseMs = PAUSE_MS,
  ) {
    this.#settings = httpSettings(name, environment);
  }

  async lock(): Promise<RecordLock> {
    const { lock, address } = this.#settings;
    if (lock === undefined) return { release: () => Promise.resolve() };
    const own = {
      ...{ ID: randomUUID(), Operation: "cdktf-maas", Info: "", Who: whoami(), Version: version },
      ...{ Created: new Date().toISOString(), Path: address.pathname.replace(/^\//, "") },
    };
    const body = JSON.stringify(own);
    const { status, text } = await this.#send({ ...lock, body });
    const holder = parsed(lockSchema, text);
    // Where an answer was lost, the lock that the next attempt finds is our own.
    if (!isDone(status) && holder?.ID !== own.ID) {
      if (LOCKED.includes(status)) throw this.#lockedError(holder);
      throw this.#refusal("can't be locked", lock.address, status, text);
    }
    this.#lockId = own.ID;
    return { release: () => this.#unlock(own.ID, body) };
  }

  /** Frees a lock whose run is gone. @throws InputFileError where the server has no such lock, or no locks. */
  async unlock(id: string): Promise<void> {
    if (this.#settings.unlock === undefined)
      throw new InputFileError(
        "TF_HTTP_LOCK_ADDRESS",
        `it is not set, so there is no lock to free. Set it as it is set for apply, such as ${this.#settings.address.href}/lock.`,
      );
    await this.#unlock(id, JSON.stringify({ ID: id }));
  }

  async read(): Promise<NetworkDocument | undefined> {
    const envelope = await this.#envelope();
    if (envelope === undefined || envelope.record === null) return undefined;
    const href = this.#settings.address.href;
    return readRecord(href, JSON.stringify(envelope.record), `delete it (curl -X DELETE ${href})`);
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
    const { address: bare, updateMethod: method } = this.#settings;
    const address = new URL(bare);
    if (this.#lockId !== undefined) address.searchParams.set("ID", this.#lockId);
    const body = JSON.stringify({ format: FORMAT, version: 1, serial, record });
    const { status, text } = await this.#send({ method, address, body });
    // A write whose answer was lost is refused the second time: its serial is there.
    const isThere = !isDone(status) && (await this.#isWritten(serial, body));
    if (LOCKED.includes(status) && !isThere) throw this.#lockedError(parsed(lockSchema, text));
    if (!isDone(status) && !isThere) throw this.#refusal("can't be written", bare, status, text);
    this.#serial = serial;
  }

  async #isWritten(serial: number, body: string): Promise<boolean> {
    const { text } = await this.#send({ method: "GET", address: this.#settings.address });
    const found = parsed(envelopeSchema, text);
    const { record } = JSON.parse(body) as { record: unknown };
    return found?.serial === serial && JSON.stringify(found.record) === JSON.stringify(record);
  }

  async #envelope(): Promise<z.output<typeof envelopeSchema> | undefined> {
    const { address } = this.#settings;
    const { status, text } = await this.#send({ method: "GET", address });
    if (ABSENT.includes(status) || (status === 200 && text.trim() === "")) return undefined;
    if (status !== 200) throw this.#refusal("can't be read", address, status, text);
    const envelope = parsed(envelopeSchema, text);
    if (envelope === undefined)
      throw new InputFileError(
        address.href,
        "what is there is no record of cdktf-maas, and may be a state of Terraform. Nothing was changed. " +
          `Give the record an address of its own, such as ${address.href}-maas, in TF_HTTP_ADDRESS.`,
      );
    this.#serial = envelope.serial;
    return envelope;
  }

  async #unlock(id: string, body: string): Promise<void> {
    const { unlock } = this.#settings;
    if (unlock === undefined) return;
    const { status, text } = await this.#send({ ...unlock, body });
    this.#lockId = undefined;
    const holder = parsed(lockSchema, text);
    if (LOCKED.includes(status) && holder?.ID !== id) throw this.#lockedError(holder);
    // Where an answer was lost, the second attempt finds no lock.
    if (!isDone(status) && status !== 404) throw this.#refusal("can't be unlocked", unlock.address, status, text);
  }

  #lockedError(holder: z.output<typeof lockSchema> | undefined): RecordLockedError {
    const { ID: id, Who: who = "another run", Operation: operation = "", Created: created = "" } = holder ?? {};
    const what = [operation, created === "" ? "" : `since ${created}`].filter((word) => word !== "").join(", ");
    const record = this.name === HTTP_RECORD ? "" : ` --record ${this.name}`;
    const free = id === undefined ? "free the lock on the server" : `run cdktf-maas unlock ${id}${record}`;
    return new RecordLockedError(this.#settings.lock?.address.href ?? this.#settings.address.href, {
      who: what === "" ? who : `${who} (${what})`,
      free: `if it has been killed, ${free} and run the command again`,
    });
  }

  #refusal(what: string, { href }: URL, status: number, text: string): InputFileError {
    const isDenied = status === 401 || status === 403;
    const fix = isDenied
      ? "Set TF_HTTP_USERNAME and TF_HTTP_PASSWORD to a user who may read and write there."
      : "Look at the server's log, or keep the record elsewhere with --record.";
    const said = text.trim().slice(0, 200);
    return new InputFileError(
      href,
      `the record ${what}: the server answers ${status}${said === "" ? "" : ` (${said})`}. ${fix}`,
    );
  }

  /** The answer, whatever its status, of the last attempt. @throws InputFileError where the server does not answer. */
  async #send({ method, address, body }: Call): Promise<HttpResponse> {
    const { authorization, ca, skipsVerification } = this.#settings;
    const transport = new Transport({
      apiUrl: address,
      timeoutMs: TIMEOUT_MS,
      ca,
      insecureSkipVerify: skipsVerification,
    });
    const headers = {
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && {
        "content-type": "application/json",
        "content-md5": createHash("md5").update(body).digest("base64"),
      }),
    };
    try {
      for (let attempt = 1; ; attempt += 1) {
        const isLast = attempt === ATTEMPTS;
        try {
          const response = await transport.send({ method, url: address, headers, body, signal: undefined });
          if (response.status < 500 || isLast) return response;
        } catch (cause) {
          if (isLast) throw this.#unreachable(address, cause);
        }
        await sleep(this.pauseMs);
      }
    } finally {
      await transport.close();
    }
  }

  #unreachable({ href }: URL, cause: unknown): InputFileError {
    const fix = "Check TF_HTTP_ADDRESS and the way there, or keep the record elsewhere with --record.";
    return new InputFileError(
      href,
      `the server of the record does not answer (${(cause as Error).message}). ${fix}`,
      [],
      {
        cause,
      },
    );
  }
}
