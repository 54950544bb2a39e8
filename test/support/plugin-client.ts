import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { X509Certificate } from "node:crypto";
import { Client, credentials } from "@grpc/grpc-js";
import { GRPCControllerDefinition } from "../../src/provider/protocol/grpc-controller_pb";
import { type MessageFns, ProviderDefinition } from "../../src/provider/protocol/tfplugin6_pb";
import { type Certificate, selfSignedCertificate } from "../../src/provider/rpc/certificate";

type Methods = (typeof ProviderDefinition)["methods"];

/** What Terraform sends in a call of the plugin. What is left out has its default. */
export type Sent<R extends keyof Methods> = Parameters<Methods[R]["requestType"]["fromPartial"]>[0];

/** What the plugin answers. */
export type Answered<R extends keyof Methods> = ReturnType<Methods[R]["responseType"]["decode"]>;

/** A method of a service, whatever its messages are. */
interface Method {
  readonly name: string;
  readonly requestType: Pick<MessageFns<object>, "encode" | "fromPartial">;
  readonly responseType: Pick<MessageFns<object>, "decode">;
}

export const requestBytes = ({ requestType }: Method, request: object): Uint8Array =>
  requestType.encode(requestType.fromPartial(request)).finish();

type PluginProcess = ChildProcessByStdio<null, Readable, Readable>;

export interface PluginOptions {
  /** Added to the environment of the plugin; undefined removes a variable. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Without TLS, as under TF_DISABLE_PLUGIN_TLS. */
  readonly plaintext?: boolean;
}

/** How a plugin's process has ended. */
export interface PluginExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The environment in which Terraform starts a plugin. */
export const LAUNCH_ENVIRONMENT = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "5,6",
  PLUGIN_MIN_PORT: "10000",
  PLUGIN_MAX_PORT: "25000",
};

/** Starts a plugin's process as it is, without a handshake. */
export function spawnPlugin(file: string, environment: PluginOptions["environment"] = {}): PluginProcess {
  return spawn(file, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
}

/** A running provider plugin, started and called the way Terraform does, over the real protocol. */
export class PluginClient {
  /** Resolves when the process has ended. */
  readonly exit: Promise<PluginExit>;
  private readonly stderr: string[] = [];
  private readonly channels: Client[] = [];
  private handshake: readonly string[] = [];

  private constructor(
    private readonly child: PluginProcess,
    private readonly certificate: Certificate,
    private readonly plaintext: boolean,
  ) {
    this.exit = once(child, "close").then(([code, signal]: unknown[]) => ({ code, signal }) as PluginExit);
    child.stderr.setEncoding("utf8").on("data", (text: string) => this.stderr.push(text));
  }

  /**
   * Starts the plugin and waits for its handshake.
   *
   * @param file an executable.
   * @throws Error with what the plugin wrote to stderr, when it ends without a handshake.
   */
  static async start(file: string, options: PluginOptions = {}): Promise<PluginClient> {
    const certificate = selfSignedCertificate();
    const plaintext = options.plaintext ?? false;
    const child = spawnPlugin(file, {
      ...LAUNCH_ENVIRONMENT,
      ...(plaintext ? {} : { PLUGIN_CLIENT_CERT: certificate.pem }),
      ...options.environment,
    });
    const plugin = new PluginClient(child, certificate, plaintext);
    const lines = createInterface({ input: child.stdout });
    const line = await Promise.race([
      once(lines, "line").then(([text]) => text as string),
      plugin.exit.then(({ code }) => {
        throw new Error(`the plugin ended with code ${code} before its handshake: ${plugin.log}`);
      }),
    ]);
    plugin.handshake = line.split("|");
    return plugin;
  }

  get processId(): number {
    return this.child.pid ?? NaN;
  }

  /** The path of its socket, or host and port. */
  get address(): string {
    return this.handshake[3] ?? "";
  }

  /** The fields of the handshake line. */
  get fields(): readonly string[] {
    return this.handshake;
  }

  /** What it has written to stderr. */
  get log(): string {
    return this.stderr.join("");
  }

  /** Calls one RPC. Rejects with grpc-js's ServiceError when it ends with a status that isn't OK. */
  call<R extends keyof Methods>(
    rpc: R,
    request: Sent<R>,
    options: { signal?: AbortSignal } = {},
  ): Promise<Answered<R>> {
    const { fullName, methods } = ProviderDefinition;
    return this.unary(`/${fullName}/`, methods[rpc], request, options.signal) as Promise<Answered<R>>;
  }

  /** Asks the plugin to end, and waits for it. */
  async shutdown(): Promise<PluginExit> {
    const { fullName, methods } = GRPCControllerDefinition;
    await this.unary(`/${fullName}/`, methods.shutdown, {});
    this.disconnect();
    return this.exit;
  }

  /** Ends the process without asking, if it is still there; for the end of a test. */
  async kill(signal: NodeJS.Signals = "SIGTERM"): Promise<PluginExit> {
    this.disconnect();
    this.child.kill(signal);
    return this.exit;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  disconnect(): void {
    this.channels.splice(0).forEach((channel) => channel.close());
  }

  /** A channel to the plugin that shows the given certificate; for tests of who is let in. */
  connect(certificate = this.certificate): Client {
    const target = this.handshake[2] === "unix" ? `unix:${this.address}` : this.address;
    const channel = new Client(target, this.credentials(certificate), {
      "grpc.ssl_target_name_override": "localhost",
      "grpc.default_authority": "localhost",
      "grpc.max_receive_message_length": 256 * 1024 * 1024,
      "grpc.max_send_message_length": -1,
    });
    this.channels.push(channel);
    return channel;
  }

  /** Trusts the one certificate that the handshake names. */
  private credentials(certificate: Certificate): ReturnType<typeof credentials.createInsecure> {
    if (this.plaintext) return credentials.createInsecure();
    const server = new X509Certificate(Buffer.from(this.handshake[5] ?? "", "base64"));
    const key = certificate.key.export({ type: "pkcs8", format: "pem" });
    return credentials.createSsl(Buffer.from(server.toString()), Buffer.from(key), Buffer.from(certificate.pem));
  }

  private unary(prefix: string, method: Method, request: object, signal?: AbortSignal): Promise<unknown> {
    const channel = this.channels[0] ?? this.connect();
    return new Promise((resolve, reject) => {
      const call = channel.makeUnaryRequest(
        `${prefix}${method.name}`,
        (message: Uint8Array) => Buffer.from(message),
        (bytes) => method.responseType.decode(bytes),
        requestBytes(method, request),
        (error, response) => (error === null ? resolve(response) : reject(error)),
      );
      signal?.addEventListener("abort", () => call.cancel());
    });
  }
}
