import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a front answers in place of a region's reply. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Stands in front of a region, and answers otherwise than it does: as a hostile region, or a proxy that echoes what it is sent. */
export class RewritingFront {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param rewrite gives the answer, from the region's and from the headers of the call. */
  static async start(
    region: string,
    rewrite: (reply: Reply, sent: Readonly<Record<string, unknown>>) => Reply,
  ): Promise<RewritingFront> {
    const target = new URL(region);
    const server = createServer((incoming, answer) => {
      const { method, url: path, headers } = incoming;
      const outgoing = request({ hostname: target.hostname, port: target.port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const type = response.headers["content-type"] ?? "text/plain";
          const reply = {
            status: response.statusCode ?? 502,
            headers: { "content-type": type },
            body: Buffer.concat(chunks).toString(),
          };
          const { status, headers: told, body } = rewrite(reply, headers);
          answer.writeHead(status, told).end(status === 204 ? undefined : body);
        });
      });
      outgoing.on("error", () => incoming.socket.destroy());
      incoming.pipe(outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return new RewritingFront(server, `http://127.0.0.1:${port}${target.pathname}`);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
