import type { Server } from "node:http";
import type { FastifyInstance } from "fastify";
import { ApiKey } from "./http/auth";
import { type FaultInput, Faults } from "./http/faults";
import { openLog, type RequestLog } from "./http/logs";
import { buildServer, listenAlso } from "./http/server";
import { Service } from "./http/service";
import { type NewsByRack, readRackNews } from "./resources/node/racks";
import type { Seed } from "./seed/notation";
import { chooseSeed } from "./seed/read";
import { type RegionState, readState } from "./seed/state";
import { StateFile } from "./seed/state-file";
import { documentOf } from "./seed/write";
import { MaasVersion } from "./versions";

export interface SimulatorOptions {
  /** TCP port, the same on both loopbacks; 0 (the default) takes a free one. */
  readonly port?: number;
  /** `3.6` (the default), `3.4`, `2.8`, `3.7`, or a full release such as `3.4.10`. */
  readonly maasVersion?: string;
  /** The administrator's key, `consumer:token:secret`; random when left out. */
  readonly adminKey?: string;
  /** The plain user's key; random when left out. */
  readonly userKey?: string;
  /** What the region holds at first and after a reset: `default`, `empty`, the path of a seed or a network document, or the seed itself. */
  readonly seed?: Seed | string;
  /** Faults to begin with. */
  readonly faults?: FaultInput;
  /** Keeps the region's state over restarts. */
  readonly stateFile?: string;
  /** Gets each exchange as a JSON line; never a key. */
  readonly logFile?: string;
}

const LOOPBACKS = ["127.0.0.1", "::1"] as const;
const PORT_ATTEMPTS = 10;

/** A running MAAS region API on both loopback addresses. */
export class MaasSimulator {
  private constructor(
    private readonly service: Service,
    private readonly app: FastifyInstance,
    private readonly ipv6: Server | undefined,
    private readonly closers: readonly (() => Promise<void>)[],
    /** The base URL over IPv4: `http://127.0.0.1:5240/MAAS`. */
    readonly url: string,
    /** The base URLs over IPv4 and, where the host has it, IPv6: `http://[::1]:5240/MAAS`. */
    readonly urls: readonly string[],
    /** The administrator's key. */
    readonly apiKey: string,
    /** The key of a user who is no administrator. */
    readonly userApiKey: string,
  ) {}

  /**
   * Starts a region.
   * @throws RangeError for a version or a key that cannot be read, SeedError for a seed that cannot be loaded
   */
  static async start(options: SimulatorOptions = {}): Promise<MaasSimulator> {
    const version = MaasVersion.parse(options.maasVersion ?? "3.6");
    const adminKey = readKey(options.adminKey);
    const userKey = readKey(options.userKey);
    const seed = chooseSeed(options.seed ?? "default", version);
    const stateFile = options.stateFile === undefined ? undefined : new StateFile(options.stateFile);
    const log = options.logFile === undefined ? undefined : openLog(options.logFile);
    const service: Service = new Service({
      version,
      adminKey,
      userKey,
      faults: new Faults(options.faults),
      seed,
      initial: stateFile?.load(),
      onCall: log?.write,
      onChange: stateFile === undefined ? undefined : () => stateFile.save(() => service.store),
    });
    const { app, ipv6, port } = await listen(service, options.port ?? 0);
    const hosts = ipv6 === undefined ? ["127.0.0.1"] : ["127.0.0.1", "[::1]"];
    const urls = hosts.map((host) => `http://${host}:${port}/MAAS`);
    const closers = [() => stateFile?.flush(), () => log?.close()].map((close) => async () => close());
    return new MaasSimulator(service, app, ipv6, closers, urls[0] ?? "", urls, adminKey.toString(), userKey.toString());
  }

  /** The MAAS calls answered so far. */
  get requests(): RequestLog {
    return this.service.log;
  }

  /** The faults in force; `faults.set(...)` changes them. */
  get faults(): Faults {
    return this.service.faults;
  }

  /** The region as it is now, by natural keys. */
  get state(): RegionState {
    return readState(this.service.store, this.service.version);
  }

  /** The region as it is, in the notation of seeds: `start({ seed: document })` makes the same region again. */
  get document(): Seed {
    return documentOf(this.service.store);
  }

  /** Back to the seed; faults, keys and the log stay. */
  reset(): void {
    this.service.reset();
  }

  /**
   * Lets every rack report its network and its services, as real racks do when they change.
   * @param news what has changed on their hosts, by hostname: `{ rack1: { services: { dhcpd: "running" } } }`
   * @throws RackNewsError for news of a rack, an interface or a service that the region does not have
   */
  reportRacks(news: NewsByRack = {}): void {
    this.service.reportRacks(readRackNews(news));
  }

  /** Closes both listeners and writes what is still to be written. */
  async stop(): Promise<void> {
    const { ipv6 } = this;
    if (ipv6 !== undefined) {
      ipv6.closeAllConnections();
      await new Promise<void>((resolve) => ipv6.close(() => resolve()));
    }
    await this.app.close();
    for (const close of this.closers) await close();
  }
}

const readKey = (given: string | undefined) => (given === undefined ? ApiKey.random() : ApiKey.parse(given));

interface Listening {
  readonly app: FastifyInstance;
  readonly ipv6: Server | undefined;
  readonly port: number;
}

/** The same port on both loopbacks: a free one of IPv4 may be taken on IPv6, then another is tried. */
async function listen(service: Service, wanted: number): Promise<Listening> {
  for (let attempt = 1; ; attempt++) {
    const app = buildServer(service);
    await app.listen({ host: LOOPBACKS[0], port: wanted });
    const port = (app.server.address() as { port: number }).port;
    try {
      return { app, ipv6: await listenAlso(app, LOOPBACKS[1], port), port };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") return { app, ipv6: undefined, port };
      await app.close();
      if (wanted !== 0 || code !== "EADDRINUSE" || attempt >= PORT_ATTEMPTS) throw error;
    }
  }
}
