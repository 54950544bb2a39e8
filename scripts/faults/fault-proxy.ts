import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fault, RegionReply } from "./fault-kinds";

/** What is to go wrong, and at which of the calls that it can hit (1 = the first one). */
export interface Plot {
  readonly at: number;
  /** The fault to play; `kill` lets the region do the work and ends the program before it hears of it. */
  readonly fault: Fault | "kill";
  /** Whether it goes wrong at all later calls too, until the program has ended; a kill happens once. */
  readonly lasts?: boolean;
  readonly kill: (this: void) => void;
}

/** One call as it came by. */
export interface SeenCall {
  readonly method: string;
  readonly path: string;
}

/** Whether a fault can hit a call of that method. A kill is of interest only after something was changed. */
export const canHit = (fault: Plot["fault"], method: string): boolean =>
  fault === "kill" ? method !== "GET" : (fault.methods?.includes(method) ?? true);

/** Stands between a program and a region, and plays one fault at one of its calls, or from that call on. Its URL stays, regions come and go. */
export class FaultProxy {
  readonly seen: SeenCall[] = [];
  #plot: Plot | undefined;
  #hits = 0;
  #hit: SeenCall | undefined;
  #target: URL;

  private constructor(private readonly server: Server) {
    this.#target = new URL("http://127.0.0.1:9");
    server.on("request", (incoming: IncomingMessage, response: ServerResponse) => void this.#take(incoming, response));
  }

  static async start(): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FaultProxy(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/MAAS`;
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

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/" } = incoming;
    const call = { method, path };
    this.seen.push(call);
    const plot = this.#plotFor(call);
    try {
      const body = await readAll(incoming);
      if (plot === undefined) return pass(await this.#ask(incoming, body), response);
      if (plot.fault === "kill") {
        await this.#ask(incoming, body);
        plot.kill();
        response.socket?.destroy();
        return;
      }
      const { carriedOut, answer } = plot.fault;
      let reply: RegionReply | undefined;
      for (let time = 0; time < carriedOut; time += 1) reply = await this.#ask(incoming, body);
      answer(response, reply);
    } catch {
      // Either side has gone, as happens when a program is killed.
      response.socket?.destroy();
    }
  }

  #plotFor(call: SeenCall): Plot | undefined {
    const plot = this.#plot;
    if (plot === undefined || !canHit(plot.fault, call.method)) return undefined;
    this.#hits += 1;
    const isHit = plot.lasts === true ? this.#hits >= plot.at : this.#hits === plot.at;
    if (isHit) this.#hit ??= call;
    return isHit ? plot : undefined;
  }

  #ask({ method, url: path, headers }: IncomingMessage, body: Buffer): Promise<RegionReply> {
    const { hostname, port } = this.#target;
    return new Promise((resolve, reject) => {
      const outgoing = request({ hostname, port, method, path, headers, agent: false }, (reply) => {
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
