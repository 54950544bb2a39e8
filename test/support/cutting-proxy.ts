import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** When a call is cut off: before the region has seen it, or after it has done it and before it is answered. */
export type Cut = "before" | "after";

/** Stands between a program and a region, counts the calls, and lets somebody end the program at one of them. */
export class CuttingProxy {
  #calls = 0;
  #writes = 0;
  #onWrite: { readonly at: number; readonly end: () => void } | undefined;
  #cut: { readonly at: number; readonly when: Cut; readonly end: () => void } | undefined;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param region URL of the region's API. */
  static async start(region: string): Promise<CuttingProxy> {
    const target = new URL(region);
    const server = createServer((incoming, answer) => {
      const call = proxy.#count(incoming.method ?? "GET");
      if (call === "before") return void incoming.socket.destroy();
      const { method, headers, url: path } = incoming;
      const outgoing = request({ host: target.hostname, port: target.port, method, headers, path }, (reply) => {
        if (call === "after") {
          reply.resume().on("end", () => {
            if (proxy.#onWrite?.at === proxy.#writes) proxy.#onWrite.end();
            incoming.socket.destroy();
          });
          return;
        }
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      });
      outgoing.on("error", () => answer.destroy());
      incoming.pipe(outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const proxy = new CuttingProxy(server, `http://127.0.0.1:${port}${target.pathname}`);
    return proxy;
  }

  /** The calls since the last {@link cutAt}. */
  get calls(): number {
    return this.#calls;
  }

  /** Counts from now on, and ends the program at that call (1 = the first one); 0 = never. */
  cutAt(at: number, when: Cut, end: () => void): void {
    this.#calls = 0;
    this.#cut = { at, when, end };
  }

  /** Ends the program when the region has done that change (1 = the first one from now on); 0 = never. */
  onWrite(at: number, end: () => void): void {
    this.#writes = 0;
    this.#onWrite = { at, end };
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Counts a call; tells whether and how it is cut off. */
  #count(method: string): Cut | undefined {
    this.#calls += 1;
    if (method !== "GET") this.#writes += 1;
    if (method !== "GET" && this.#onWrite?.at === this.#writes) return "after";
    const { at, when, end } = this.#cut ?? {};
    if (at !== this.#calls || end === undefined) return undefined;
    end();
    return when;
  }
}
