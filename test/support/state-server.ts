import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * The rules of a server of Terraform's HTTP backend. `gitlab`: locks by POST and DELETE at `/lock`, 409, a `serial` that grows by
 * one (https://docs.gitlab.com/user/infrastructure/iac/terraform_state/). `plain`: LOCK and UNLOCK at the address, 423
 * (https://developer.hashicorp.com/terraform/language/backend/http).
 */
export type StateRules = "gitlab" | "plain";

/** The members of a lock that Terraform sends. */
const LOCK_MEMBERS = ["ID", "Operation", "Info", "Who", "Version", "Created", "Path"];

/** Who may use it. */
export const USER = "gitlab-ci-token";
export const PASSWORD = "job-token:secret";

interface Answer {
  readonly status: number;
  readonly body?: string;
}

/** A small server of Terraform's HTTP backend, with one state. */
export class StateServer {
  /** What is kept; undefined = nothing yet. */
  state: string | undefined;
  lock: string | undefined;
  /** What is done with the answers to the next requests: `lose` carries the request out and cuts the connection, a number is answered without carrying it out. */
  readonly faults: ("lose" | number)[] = [];
  readonly requests: string[] = [];
  /** Bodies of comments on merge requests. */
  readonly notes: string[] = [];
  readonly #server: Server;

  /** Of the state, where it listens. */
  address = "";

  private constructor(readonly rules: StateRules) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(rules: StateRules): Promise<StateServer> {
    const server = new StateServer(rules);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    server.address = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}/terraform/state/maas-lab`;
    return server;
  }

  stop(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /** The settings with which Terraform, and the engine, use it. */
  get environment(): NodeJS.ProcessEnv {
    const { address } = this;
    const credentials = { TF_HTTP_ADDRESS: address, TF_HTTP_USERNAME: USER, TF_HTTP_PASSWORD: PASSWORD };
    if (this.rules === "plain")
      return { ...credentials, TF_HTTP_LOCK_ADDRESS: address, TF_HTTP_UNLOCK_ADDRESS: address };
    const at = `${address}/lock`;
    const methods = { TF_HTTP_LOCK_METHOD: "POST", TF_HTTP_UNLOCK_METHOD: "DELETE" };
    return { ...credentials, TF_HTTP_LOCK_ADDRESS: at, TF_HTTP_UNLOCK_ADDRESS: at, ...methods };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "" } = request;
    this.requests.push(`${method} ${url.replace(/^.*\/state\/[^/?]+/, "")}`);
    const fault = this.faults.shift();
    const answer =
      typeof fault === "number" ? { status: fault } : this.#answer(request, Buffer.concat(chunks).toString("utf8"));
    if (fault === "lose") return void request.socket.destroy();
    response.writeHead(answer.status).end(answer.body ?? "");
  }

  #answer({ method = "", url = "", headers }: IncomingMessage, body: string): Answer {
    if (url.endsWith("/notes")) {
      if (headers["private-token"] !== "note-token") return { status: 401 };
      this.notes.push(new URLSearchParams(body).get("body") ?? "");
      return { status: 201, body: "{}" };
    }
    const expected = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
    if (headers.authorization !== expected) return { status: 401, body: "HTTP Basic: Access denied" };
    if (body !== "" && headers["content-md5"] !== createHash("md5").update(body).digest("base64"))
      return { status: 400, body: "Content-MD5" };
    const { pathname, searchParams } = new URL(url, this.address);
    const isLockPath = pathname.endsWith("/lock") === (this.rules === "gitlab");
    const [lock, unlock] = this.rules === "gitlab" ? ["POST", "DELETE"] : ["LOCK", "UNLOCK"];
    if (isLockPath && method === lock) return this.#lock(body);
    if (isLockPath && method === unlock) return this.#unlock(body);
    if (method === "GET") return this.state === undefined ? { status: 404 } : { status: 200, body: this.state };
    return method === "POST" ? this.#write(body, searchParams.get("ID")) : { status: 405 };
  }

  get #locked(): Answer {
    return { status: this.rules === "gitlab" ? 409 : 423, body: this.lock ?? "" };
  }

  #lock(body: string): Answer {
    const missing = LOCK_MEMBERS.filter((name) => !(name in (JSON.parse(body) as object)));
    if (missing.length > 0) return { status: 400, body: `${missing.join()} is missing` };
    if (this.lock !== undefined) return this.#locked;
    this.lock = body;
    return { status: 200 };
  }

  #unlock(body: string): Answer {
    const { ID: id } = JSON.parse(body) as { ID: string };
    if (this.lock === undefined) return { status: 404 };
    if (id !== (JSON.parse(this.lock) as { ID: string }).ID) return this.#locked;
    this.lock = undefined;
    return { status: 200 };
  }

  #write(body: string, id: string | null): Answer {
    if (this.lock !== undefined && id !== (JSON.parse(this.lock) as { ID: string }).ID) return this.#locked;
    const serialOf = (text: string): unknown => (JSON.parse(text) as { serial?: unknown }).serial;
    const next = this.state === undefined ? 1 : Number(serialOf(this.state)) + 1;
    if (this.rules === "gitlab" && serialOf(body) !== next)
      return { status: 422, body: "Version has already been taken" };
    this.state = body;
    return { status: 200 };
  }
}
