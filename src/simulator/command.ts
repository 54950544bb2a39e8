import { Command, InvalidArgumentError, Option } from "commander";
import type { MaasSimulator } from "./simulator";

interface Options {
  readonly port: number;
  readonly maasVersion: string;
  readonly adminKey?: string;
  readonly userKey?: string;
  readonly seed: string;
  readonly from?: string;
  readonly latency: string;
  readonly fault: readonly string[];
  readonly randomSeed: number;
  readonly state?: string;
  readonly log?: string;
}

/** Lets commander name the option in front of what is wrong with its value. */
const reading =
  <T>(read: (text: string) => T) =>
  (text: string): T => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };

function readPort(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new RangeError(`"${text}" is not a TCP port; give a number from 0 to 65535`);
}

function readNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`"${text}" is not a whole number; give one such as 42`);
}

const collect = (spec: string, specs: readonly string[]): string[] => [...specs, spec];

/** `simulate`: serves the MAAS API on both loopback addresses until it is interrupted. It writes its addresses and keys. */
export function simulateCommand(write: (text: string) => void): Command {
  return new Command("simulate")
    .description("Serve the MAAS 2.0 API of a simulated region on 127.0.0.1 and ::1")
    .addOption(new Option("--port <port>", "TCP port; 0 takes a free one").default(5240).argParser(reading(readPort)))
    .option("--maas-version <version>", "MAAS release to play: 2.8, 3.4, 3.6, 3.7, or a full one such as 3.4.10", "3.6")
    .option("--admin-key <key>", "API key of the administrator, CONSUMER:TOKEN:SECRET (default: random)")
    .option("--user-key <key>", "API key of a plain user, CONSUMER:TOKEN:SECRET (default: random)")
    .option(
      "--seed <seed>",
      "what the region holds: default, empty, or the JSON file of a seed or a network document",
      "default",
    )
    .addOption(
      new Option(
        "--from <file>",
        "begin as this region was: the document of cdktf-maas export, or a state file of --state",
      ).conflicts("seed"),
    )
    .option("--latency <time>", "delay of every reply, such as 20ms", "0")
    .addOption(
      new Option("--fault <spec>", "a fault and its share of calls, such as 409:0.05 or drop-after:0.1; repeatable")
        .default([])
        .argParser(collect),
    )
    .addOption(
      new Option("--random-seed <number>", "seed of the faults' random numbers")
        .default(1)
        .argParser(reading(readNumber)),
    )
    .option("--state <file>", "keep the region's state in this file over restarts")
    .option("--log <file>", "append each exchange to this file as a JSON line")
    .addHelpText("after", "\nExample:\n  $ cdktf-maas simulate --port 5240 --maas-version 3.4 --latency 20ms")
    .action((options: Options, command: Command) => run(options, command, write));
}

async function run(options: Options, command: Command, write: (text: string) => void): Promise<void> {
  const simulator = await start(options).catch((error: unknown) => command.error(`error: ${explain(error, options)}`));
  for (const url of simulator.urls) write(`URL:      ${url}\n`);
  write(`API key:  ${simulator.apiKey}\n`);
  write(`User key: ${simulator.userApiKey}\n`);
  await interrupted();
  await simulator.stop();
}

async function start(options: Options): Promise<MaasSimulator> {
  const { Faults, MaasSimulator: Simulator } = await import("./index.js");
  return Simulator.start({
    port: options.port,
    maasVersion: options.maasVersion,
    seed: options.from ?? options.seed,
    faults: { ...Faults.parse({ latency: options.latency, faults: options.fault }), randomSeed: options.randomSeed },
    ...(options.adminKey === undefined ? {} : { adminKey: options.adminKey }),
    ...(options.userKey === undefined ? {} : { userKey: options.userKey }),
    ...(options.state === undefined ? {} : { stateFile: options.state }),
    ...(options.log === undefined ? {} : { logFile: options.log }),
  });
}

/** A region in this process that is what a file says: the document of an export, or a seed. */
export interface RecordedRegion {
  readonly url: string;
  readonly apiKey: string;
  stop(): Promise<void>;
}

/** Serves the region that a file describes, on a free port. @throws SeedError for a file that describes none */
export async function startRecorded(file: string): Promise<RecordedRegion> {
  const { MaasSimulator: Simulator } = await import("./index.js");
  return Simulator.start({ port: 0, seed: file });
}

function explain(error: unknown, { port }: Options): string {
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    return `port ${port} is taken on a loopback address; give another with --port, or 0 for a free one`;
  }
  return error instanceof Error ? error.message : String(error);
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
