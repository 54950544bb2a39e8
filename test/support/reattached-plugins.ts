import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controllerMethods, type ProviderHandlers, providerMethods } from "../../src/provider/rpc/dispatch";
import { answerGrpc, type Logger } from "../../src/provider/rpc/grpc";

const ignore = (): void => undefined;

/** A log that nobody reads. */
export const SILENT: Logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Whether providers run in processes of their own, as for users: always against a shared region, which CI has too. */
export const inProcesses = process.env.MAAS_E2E_URL !== undefined || process.env.MAAS_E2E_PLUGIN === "process";

/** Makes the handlers of a provider. */
export type MakeProvider = () => ProviderHandlers;

/** A provider behind a socket of its own. Each connection has handlers of its own, which know as little of the others as a process does. */
class ReattachedPlugin {
  readonly #folder = mkdtempSync(join(tmpdir(), "cdktf-maas-plugin-"));
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #server: Http2Server;

  constructor(make: MakeProvider) {
    this.#server = createServer();
    this.#server.on("session", (session) => {
      this.#sessions.add(session);
      session.once("close", () => this.#sessions.delete(session));
      const methods = [...providerMethods(make(), SILENT), ...controllerMethods(() => session.close())];
      answerGrpc(session, Promise.resolve(new Map(methods)));
    });
    this.#server.listen({ path: this.#socket });
  }

  get #socket(): string {
    return join(this.#folder, "socket");
  }

  /** How Terraform finds it. */
  get reattach(): object {
    const Addr = { Network: "unix", String: this.#socket };
    return { Protocol: "grpc", ProtocolVersion: 6, Pid: process.pid, Test: true, Addr };
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const session of this.#sessions) session.destroy();
    await closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Runs `act` with providers in this process, to which Terraform connects in place of starting them: its own way to debug a
 * provider. A run of Terraform starts each provider up to four times, and most of its CPU time goes into that.
 *
 * @param providers by the address that the configuration has for each.
 * @param act gets the variable of the environment that Terraform needs.
 */
export async function withReattached<T>(
  providers: Readonly<Record<string, MakeProvider>>,
  act: (environment: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const plugins = Object.entries(providers).map(([address, make]) => [address, new ReattachedPlugin(make)] as const);
  try {
    const reattach = Object.fromEntries(plugins.map(([address, plugin]) => [address, plugin.reattach]));
    return await act({ TF_REATTACH_PROVIDERS: JSON.stringify(reattach) });
  } finally {
    await Promise.all(plugins.map(([, plugin]) => plugin.stop()));
  }
}
