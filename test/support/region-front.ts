import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { request as requestTls } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Faults } from "../../src/simulator";

/** One call that reached the region, or a fault in its place. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
}

/** How long one of two may take while the other one is held: it may wait for that one. */
const WAIT_MS = 100;

/**
 * Stands in front of a region that has no controls for tests: it keeps the log of the calls, and plays faults, as the
 * simulator does for itself.
 */
export class RegionFront {
  /** How many calls all of them have seen. */
  static calls = 0;

  readonly faults = new Faults();
  /** Holds a call before the region sees it, until what it returns resolves; `at` counts the calls from 1 since {@link forget}. */
  hold: (at: number) => Promise<void> | undefined = () => undefined;
  /** What is said of a call that is refused in place of the region, as MAAS refuses what it does not take. */
  refuses: (call: SeenRequest) => string | undefined = () => undefined;
  #seen: SeenRequest[] = [];

  private constructor(
    private readonly server: Server,
    /** The region's URL as the tests reach it. */
    readonly url: string,
  ) {}

  /** @param region URL of the region. */
  static async start(region: string): Promise<RegionFront> {
    const target = new URL(region);
    const server = createServer((incoming, answer) => {
      void front.#serve(target, incoming, answer).catch(() => incoming.socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const front = new RegionFront(server, `http://127.0.0.1:${port}${target.pathname}`);
    return front;
  }

  /** The calls since the last {@link forget}. */
  get seen(): readonly SeenRequest[] {
    return [...this.#seen];
  }

  forget(): void {
    this.#seen = [];
  }

  /** Begins the first, holds it at that call, lets the second one run, and goes on. Whether the first one made so many calls. */
  async interleave(at: number, first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<boolean> {
    this.forget();
    let reached: () => void = () => undefined;
    const isReached = new Promise<true>((resolve) => (reached = () => resolve(true)));
    let goOn: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (goOn = resolve));
    this.hold = (call) => (call === at ? (reached(), released) : undefined);
    const one = first();
    const isHeld = await Promise.race([isReached, one.then(() => false), wait(WAIT_MS).then(() => false)]);
    const other = second();
    await Promise.race([other, wait(WAIT_MS)]);
    goOn();
    await Promise.all([one, other]);
    return isHeld;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  async #serve(target: URL, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/", headers } = incoming;
    RegionFront.calls += 1;
    this.#seen.push({ method, path });
    await this.hold(this.#seen.length);
    const refusal = this.refuses({ method, path });
    if (refusal !== undefined) {
      incoming.resume();
      answer.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ __all__: [refusal] }));
      return;
    }
    const fault = this.faults.draw(method, path);
    await wait(this.faults.settings.latency);
    if (fault === "drop-before") return void incoming.socket.destroy();
    if (fault !== undefined && /^\d+$/.test(fault)) {
      incoming.resume();
      answer.writeHead(Number(fault), { "content-type": "text/plain" }).end(`${fault} played by the test.`);
      return;
    }
    const send = target.protocol === "https:" ? requestTls : request;
    const options = { method, headers: { ...headers, host: target.host }, host: target.hostname, port: target.port };
    const outgoing = send({ ...options, path }, (reply) => {
      if (fault === "drop-after") return void reply.resume().on("end", () => incoming.socket.destroy());
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    outgoing.on("error", () => answer.destroy());
    incoming.pipe(outgoing);
  }
}
