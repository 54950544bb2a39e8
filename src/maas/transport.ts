import { type Dispatcher, EnvHttpProxyAgent } from "undici";
import type { ApiUrl } from "./api-url";
import { decompressed } from "./content-encoding";
import { proxyFromEnvironment } from "./proxy-environment";
import type { HttpResponse } from "./response";
import { looksLikeTlsPort, speaksTls, TlsPortError, trust, type TrustOptions } from "./tls";

/** Connections kept to one region; more in parallel make it no faster. */
const CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 10_000;
/** The longest pause within an answer. */
const PROGRESS_TIMEOUT_MS = 60_000;
/** 2,000 machines with their interfaces are about 60 MB. */
const MAX_BYTES = 256 * 2 ** 20;

export interface TransportOptions extends TrustOptions {
  /** The server, which every request goes to. */
  readonly apiUrl: ApiUrl | URL;
  /** Milliseconds for one attempt, from its start to the end of the answer. */
  readonly timeoutMs: number;
  /** The largest answer that is read; 256 MiB by default. */
  readonly maxBytes?: number | undefined;
}

/** An answer that passes one of the limits. */
class LimitError extends Error {
  constructor(
    readonly code: "MAAS_ANSWER_TIMEOUT" | "MAAS_ANSWER_SIZE",
    message: string,
  ) {
    super(message);
  }
}

/** One attempt of a call, ready to be sent. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Sends requests over kept connections, through the proxies that the environment names; follows no redirect. */
export class Transport {
  readonly #agent: EnvHttpProxyAgent;
  readonly #timeoutMs: number;
  readonly #maxBytes: number;
  /** Whether the region has answered anything. */
  #isReached = false;

  /** @throws MaasConfigError for a certificate file or a proxy address that cannot be used. */
  constructor(options: TransportOptions) {
    const tls = { ...trust(options), timeout: Math.min(CONNECT_TIMEOUT_MS, options.timeoutMs) };
    this.#agent = new EnvHttpProxyAgent({
      ...proxyFromEnvironment(new URL(options.apiUrl.toString()), process.env),
      // Proxies commonly allow CONNECT to port 443 only, and the API without TLS is on 5240.
      proxyTunnel: false,
      connections: CONNECTIONS,
      connect: tls,
      requestTls: tls,
      proxyTls: tls,
      headersTimeout: 0,
      bodyTimeout: Math.min(PROGRESS_TIMEOUT_MS, options.timeoutMs),
    });
    this.#timeoutMs = options.timeoutMs;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
  }

  /** The answer, whatever its status. Errors: those of undici and Node's sockets, as they are. */
  async send({ method, url, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#timeoutMs);
    try {
      const response = await this.#agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        signal: signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]),
      });
      this.#isReached = true;
      return { status: response.statusCode, headers: response.headers, text: await this.#textOf(response) };
    } catch (error) {
      if (limit.signal.aborted)
        throw new LimitError("MAAS_ANSWER_TIMEOUT", `no whole answer within ${this.#timeoutMs / 1000} s`);
      const isDoubtful = !this.#isReached && url.protocol === "http:" && signal?.aborted !== true;
      if (isDoubtful && looksLikeTlsPort(error) && (await speaksTls(url)))
        throw new TlsPortError("it has answered a TLS handshake", { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #textOf({ body, headers }: Dispatcher.ResponseData): Promise<string> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // Leaving the loop ends the connection.
      if (bytes > this.#maxBytes) throw this.#tooLong();
      chunks.push(chunk);
    }
    const coding = [headers["content-encoding"]].flat().join(",");
    const text = await decompressed(Buffer.concat(chunks), coding, this.#maxBytes);
    if (text === undefined) throw this.#tooLong();
    return text.toString("utf8");
  }

  #tooLong(): LimitError {
    return new LimitError("MAAS_ANSWER_SIZE", `it is longer than ${this.#maxBytes} bytes`);
  }

  /** Waits for what is under way, then closes the connections. */
  close(): Promise<void> {
    return this.#agent.close();
  }
}
