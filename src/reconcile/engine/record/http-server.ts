import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { tryUrl } from "../../../maas/api-url";
import { unanswered } from "../../../maas/network-failure";
import { headerOf, type HttpResponse, isHtml, plainText } from "../../../maas/response";
import { Transport } from "../../../maas/transport";
import { InputFileError } from "../input-error";
import { type Endpoint, type HttpSettings, shownAddress } from "./http-settings";

const TIMEOUT_MS = 30_000;

/** A request to the server. */
export interface Call extends Endpoint {
  readonly body?: string;
}

/** What a request is for, and what has become of it where the server refuses it. */
const REFUSED = {
  ...{ read: "can't be read", write: "can't be written", lock: "can't be locked", unlock: "can't be unlocked" },
};

export type Purpose = keyof typeof REFUSED;

/** The characters of a server's own text that a message shows. */
const LONGEST = 200;

/** The server of a record, and what is told of its answers. Nothing that is told has a password or a token in it. */
export class RecordServer {
  constructor(
    private readonly settings: HttpSettings,
    private readonly pauseMs: number,
  ) {}

  /** The answer, whatever its status, of the last attempt. @throws InputFileError where the server does not answer. */
  async send({ method, address, authorization, body }: Call): Promise<HttpResponse> {
    const { tls, skipsVerification, retries } = this.settings;
    const transport = new Transport({
      ...{ apiUrl: address, timeoutMs: TIMEOUT_MS, insecureSkipVerify: skipsVerification },
      ...tls,
    });
    const headers = {
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined && {
        "content-type": "application/json",
        "content-md5": createHash("md5").update(body).digest("base64"),
      }),
    };
    try {
      for (let attempt = 0; ; attempt += 1) {
        const isLast = attempt >= retries.max;
        try {
          const response = await transport.send({ method, url: address, headers, body, signal: undefined });
          const isBusy = response.status >= 500 || response.status === 429;
          if (!isBusy || isLast) return response;
        } catch (cause) {
          if (isLast || !unanswered(cause).mayPass) throw this.#unreachable(address, cause);
        }
        await sleep(Math.min(this.pauseMs * 2 ** attempt, retries.waitMax));
      }
    } finally {
      await transport.close();
    }
  }

  #unreachable(address: URL, cause: unknown): InputFileError {
    const { why, isUntrusted } = unanswered(cause);
    const fix = isUntrusted
      ? "Set TF_HTTP_CLIENT_CA_CERTIFICATE_PEM to the text of the authority's certificate in PEM form."
      : "Check TF_HTTP_ADDRESS and the way there, or keep the record elsewhere with --record.";
    const problem = `the server of the record does not answer (${this.said(why)}). ${fix}`;
    return new InputFileError(shownAddress(address), problem, [], { cause });
  }

  /** A text of the server's in one line. */
  said(text: string, isPage = false): string {
    return plainText(this.settings.redact(text), isPage).slice(0, LONGEST);
  }

  /** What to say where the server refuses a request. */
  refusal(purpose: Purpose, { address, method }: Endpoint, answer: HttpResponse): string {
    const { status } = answer;
    const to = headerOf(answer, "location");
    const words = [this.said(answer.text, isHtml(answer)), to === undefined ? "" : `to ${this.#target(to, address)}`];
    const said = words.filter((text) => text !== "").join(" ");
    return `the record ${REFUSED[purpose]}: the server answers ${status}${said === "" ? "" : ` (${said})`}. ${fixOf(purpose, status, method)}`;
  }

  #target(location: string, from: URL): string {
    const target = tryUrl(location, from.href);
    return target === undefined ? this.said(location) : shownAddress(target);
  }

  /** What to say where the server has something that is no record. */
  noRecord(address: string, answer: HttpResponse): string {
    const text = this.said(answer.text, isHtml(answer));
    return isHtml(answer) || /^\s*</.test(answer.text)
      ? `what is there is a page in HTML${text === "" ? "" : ` (${text})`}, and no record. Nothing was changed. ` +
          "Check TF_HTTP_ADDRESS, and whether a proxy or a log-in page stands before the server."
      : "what is there is no record of cdktf-maas, or one of another version, and may be a state of Terraform. Nothing was changed. " +
          `Give the record an address of its own, such as ${address}-maas, in TF_HTTP_ADDRESS.`;
  }
}

/** Statuses that say that the method or the address is another one. */
const NO_SUCH: readonly number[] = [404, 405, 501];
/** Statuses of a serial that is there already. */
const CONFLICTS: readonly number[] = [400, 412, 422];

function fixOf(purpose: Purpose, status: number, method: string): string {
  const ofLock = purpose === "lock" || purpose === "unlock";
  const setting = ofLock ? `TF_HTTP_${purpose.toUpperCase()}` : "TF_HTTP";
  if (status === 401 || status === 403)
    return "Set TF_HTTP_USERNAME and TF_HTTP_PASSWORD to a user who may read and write there.";
  if (status >= 300 && status < 400)
    return (
      `Redirects are not followed. Set ${setting}_ADDRESS to where it leads, if that is your server; ` +
      "if it is a log-in page, check TF_HTTP_USERNAME and TF_HTTP_PASSWORD."
    );
  if (purpose === "write" && CONFLICTS.includes(status))
    return "If another run has written the record since this one read it, run the command again. Else look at the server's log.";
  if (purpose !== "read" && NO_SUCH.includes(status)) {
    const methods = ofLock ? `${setting}_METHOD` : "TF_HTTP_UPDATE_METHOD";
    return `Check ${setting}_ADDRESS, and ${methods}, which is ${method}. GitLab wants POST to lock and DELETE to unlock.`;
  }
  return "Look at the server's log, or keep the record elsewhere with --record.";
}
