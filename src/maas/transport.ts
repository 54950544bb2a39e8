import { EnvHttpProxyAgent } from "undici";
import { proxyFromEnvironment } from "./proxy-environment";
import type { HttpResponse } from "./response";
import type { Method } from "./retry";
import { trust, type TrustOptions } from "./trust";

/** Connections kept to one region; more in parallel make it no faster. */
const CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 10_000;

export interface TransportOptions extends TrustOptions {
  /** Milliseconds without progress, for the headers and for the body each. */
  readonly timeoutMs: number;
}

/** One attempt of a call, ready to be sent. */
export interface HttpRequest {
  readonly method: Method;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Sends requests over kept connections, through the proxies that the environment names; follows no redirect. */
export class Transport {
  readonly #agent: EnvHttpProxyAgent;

  /** @throws MaasConfigError for a certificate file or a proxy address that cannot be used. */
  constructor(options: TransportOptions) {
    const tls = { ...trust(options), timeout: Math.min(CONNECT_TIMEOUT_MS, options.timeoutMs) };
    this.#agent = new EnvHttpProxyAgent({
      ...proxyFromEnvironment(process.env),
      // Proxies commonly allow CONNECT to port 443 only, and the API without TLS is on 5240.
      proxyTunnel: false,
      connections: CONNECTIONS,
      connect: tls,
      requestTls: tls,
      proxyTls: tls,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
    });
  }

  /** The answer, whatever its status. Errors: those of undici and Node's sockets, as they are. */
  async send({ method, url, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
    const response = await this.#agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
  }

  /** Waits for what is under way, then closes the connections. */
  close(): Promise<void> {
    return this.#agent.close();
  }
}
