import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { BRIEF_MS, type Condition } from "./conditions";
import type { Fault, RegionReply } from "./fault-kinds";
import { Front } from "./front";
import type { NameServer } from "./name-server";

/** A program that is ended without warning (SIGKILL), and when: before the region gets the request, or before it hears of the reply. */
export interface Kill {
  readonly name: string;
  readonly victim: string;
  /** `during`: at a moment, whatever is under way. */
  readonly when: "before" | "after" | "during";
  /** Whether what sends the request lives on, and gets its reply. */
  readonly isHeard?: true;
}

/** Lets the region do the work and ends the program, with all that it has started, before it hears of it. */
export const KILL: Kill = { name: "killed right after the commit", victim: "all", when: "after" };

/** What is to go wrong, and at which of the calls that it can hit (1 = the first one), or after how many milliseconds. */
export interface Plot {
  readonly at: number;
  readonly fault: Fault | Condition | Kill;
  /** Whether it goes wrong at all later calls too, until the program has ended; a kill happens once. */
  readonly lasts?: boolean;
  readonly kill: (this: void, victim: string) => void;
}

/** One call as it came by. */
export interface SeenCall {
  readonly method: string;
  readonly path: string;
}

export const isKill = (fault: Plot["fault"]): fault is Kill => "victim" in fault;
const isCondition = (fault: Plot["fault"]): fault is Condition => "begin" in fault;

/** Whether a fault can hit a call of that method. A kill is of interest only around a change. */
export function canHit(fault: Plot["fault"], method: string): boolean {
  if (isKill(fault)) return fault.when !== "during" && method !== "GET";
  return isCondition(fault) || (fault.methods?.includes(method) ?? true);
}

/** Stands between a program and a region, and plays one fault at one of its calls, or from that call on. Its URL stays, regions come and go. */
export class FaultProxy {
  readonly seen: SeenCall[] = [];
  #plot: Plot | undefined;
  #hits = 0;
  #hit: SeenCall | undefined;
  #target = new URL("http://127.0.0.1:9");
  #end: (() => Promise<void>) | undefined;
  /** A connection for each call would take a fifth of the time of tests. */
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(readonly front: Front) {}

  /** @param names the DNS server by which it is found by name and speaks TLS; absent = plain HTTP at an address */
  static async start(names?: NameServer): Promise<FaultProxy> {
    const listener = (incoming: IncomingMessage, response: ServerResponse): void =>
      void proxy.#take(incoming, response);
    const front = names === undefined ? await Front.plain(listener) : await Front.named(listener, names);
    const proxy: FaultProxy = new FaultProxy(front);
    return proxy;
  }

  get url(): string {
    return this.front.url;
  }

  /** The first call that the fault has hit; undefined = it had no occasion. */
  get hit(): SeenCall | undefined {
    return this.#hit;
  }

  /** From now on stands before that region, and plays that fault. */
  aim(region: string, plot?: Plot): void {
    this.#target = new URL(region);
    this.#plot = plot;
    this.#hits = 0;
    this.#hit = undefined;
    this.seen.length = 0;
  }

  /** Ends what lasts. */
  async calm(): Promise<void> {
    this.#plot = undefined;
    await this.#end?.();
  }

  async stop(): Promise<void> {
    await this.calm();
    this.#agent.destroy();
    await this.front.stop();
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/" } = incoming;
    const { instead } = this.front;
    if (instead !== undefined) return instead(incoming, response);
    const call = { method, path };
    this.seen.push(call);
    const plot = this.#plotFor(call);
    try {
      const body = await readAll(incoming);
      if (plot === undefined) pass(await this.#ask(incoming, body), response);
      else await this.#play(plot, incoming, body, response);
    } catch {
      // Either side has gone, as happens when a program is killed.
      response.socket?.destroy();
    }
  }

  async #play(plot: Plot, incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const { fault, kill, lasts } = plot;
    if (isCondition(fault)) {
      this.#begin(fault, fault.ms ?? (lasts === true ? undefined : BRIEF_MS));
      return void response.socket?.destroy();
    }
    if (isKill(fault)) {
      const { victim, when, isHeard } = fault;
      const reply = when === "after" ? await this.#ask(incoming, body) : undefined;
      kill(victim);
      if (isHeard !== true) return void response.socket?.destroy();
      return pass(reply ?? (await this.#ask(incoming, body)), response);
    }
    const { carriedOut, answer, sent } = fault;
    let reply: RegionReply | undefined;
    for (let time = 0; time < carriedOut; time += 1) reply = await this.#ask(incoming, body, sent?.(incoming.headers));
    answer(response, reply);
  }

  #begin({ begin, end }: Condition, ms: number | undefined): void {
    if (this.#end !== undefined) return;
    const timer = ms === undefined ? undefined : setTimeout(() => void this.#end?.(), ms);
    this.#end = async () => {
      clearTimeout(timer);
      this.#end = undefined;
      await end(this.front);
    };
    begin(this.front);
  }

  #plotFor(call: SeenCall): Plot | undefined {
    const plot = this.#plot;
    if (plot === undefined || !canHit(plot.fault, call.method)) return undefined;
    this.#hits += 1;
    const isOngoing = plot.lasts === true && !isCondition(plot.fault);
    const isHit = isOngoing ? this.#hits >= plot.at : this.#hits === plot.at;
    if (isHit) this.#hit ??= call;
    return isHit ? plot : undefined;
  }

  #ask(incoming: IncomingMessage, body: Buffer, headers = incoming.headers): Promise<RegionReply> {
    const { hostname, port } = this.#target;
    const { method, url: path } = incoming;
    return new Promise((resolve, reject) => {
      const outgoing = request({ hostname, port, method, path, headers, agent: this.#agent }, (reply) => {
        readAll(reply).then(
          (text) => resolve({ status: reply.statusCode ?? 502, headers: reply.headers, body: text }),
          reject,
        );
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
}

function pass({ status, headers, body }: RegionReply, response: ServerResponse): void {
  const { "transfer-encoding": _chunked, connection: _connection, ...kept } = headers;
  response.writeHead(status, { ...kept, ...(status !== 204 && { "content-length": String(body.length) }) }).end(body);
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
