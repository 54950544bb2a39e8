import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { unzipSync } from "fflate";

/** Shorter texts are no secrets: keys of tests have words such as `consumer` in them, which messages have too. */
const SHORTEST = 12;

/** A secret is told by any of these parts of it, so that one that was cut is found as well. */
const PART = 8;

/** Files that are larger are programs. */
const LARGEST = 2 ** 23;

const partsOf = (text: string, length = PART): string[] =>
  Array.from({ length: Math.floor(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );

/** The base64 that a text has inside of a longer one, without the characters at both ends that hold bits of the neighbours. */
const base64Of = (text: string): string[] =>
  [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const whole = bytes.toString("base64").slice(before === 0 ? 0 : before + 1, Math.floor((bytes.length * 4) / 3));
    return partsOf(whole, SHORTEST).flatMap((part) => [part, part.replaceAll("+", "-").replaceAll("/", "_")]);
  });

/** What a secret looks like in a text: plain, encoded for a URL, in base64 and in hexadecimal digits. */
function formsOf(secret: string): string[] {
  const hex = partsOf(secret).map((part) => Buffer.from(part).toString("hex"));
  const url = encodeURIComponent(secret);
  return [...partsOf(secret), ...partsOf(url), ...base64Of(secret), ...base64Of(url), ...hex].concat(
    hex.map((digits) => digits.toUpperCase()),
  );
}

/** The password in a URL, such as that of a proxy. */
const passwordIn = (text: string): string[] => [/^\w+:\/\/[^/:@]*:([^/@]*)@/.exec(text)?.[1] ?? []].flat();

/** What an environment has that nobody may be shown: API keys in their three parts, passwords, and those in URLs. */
const secretsIn = (environment: NodeJS.ProcessEnv): string[] =>
  Object.entries(environment).flatMap(([name, value = ""]) =>
    /^(MAAS_API_KEY|TF_HTTP_PASSWORD|TF_VAR_.*key)$/.test(name) ? value.split(":") : passwordIn(value),
  );

/**
 * Looks for secrets in whatever a run leaves: outputs, logs, files, errors, arguments of processes. It has its own idea of how a secret
 * may be written, so that it shares no mistake with the code that is to keep it secret.
 */
export class SecretScan {
  readonly #forms: readonly string[];

  constructor(secrets: readonly string[]) {
    const long = secrets.filter((secret) => secret.length >= SHORTEST);
    this.#forms = [...new Set(long.flatMap(formsOf))];
  }

  /** For an API key, which is three secrets. */
  static ofKey(key: string): SecretScan {
    return new SecretScan(key.split(":"));
  }

  /** For what a program is given in its environment. */
  static of(environment: NodeJS.ProcessEnv): SecretScan {
    return new SecretScan(secretsIn(environment));
  }

  /** The text around the first secret in it; undefined = there is none. */
  inText(text: string): string | undefined {
    const form = this.#forms.find((one) => text.includes(one));
    if (form === undefined) return undefined;
    const at = text.indexOf(form);
    return text.slice(Math.max(0, at - 80), at + form.length + 20);
  }

  /** The same of a value with all that it holds: hidden members, causes, what inspection and JSON show. */
  inValue(value: unknown): string | undefined {
    return this.inText(inspect(value, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null }));
  }

  /** Files below a folder that have a secret in them, each with what is around it. Archives are looked into. */
  inFolder(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
      const entry = lstatSync(join(folder, name), { throwIfNoEntry: false });
      if (entry?.isFile() !== true || entry.size > LARGEST) return [];
      const found = contentsOf(readFileSync(join(folder, name))).flatMap((text) => this.inText(text) ?? []);
      return found.map((around) => `${name}: ${around}`);
    });
  }

  /**
   * Arguments of the processes that this one has started, and of those that they have, that have a secret in them: `ps` shows them to
   * everybody. Not of others: a test that runs beside this one may give the same key as an argument. So what a program that has
   * ended has left running is not looked at.
   */
  inProcesses(): string[] {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const parents = new Map(pids.map((pid) => [pid, parentOf(pid)]));
    const isOurs = (pid: string): boolean => {
      // Read one after the other, and a number may be another process's by then: no chain is longer than the list.
      for (let at: string | undefined = pid, steps = 0; at !== undefined && steps <= pids.length; steps += 1) {
        if (at === String(process.pid)) return true;
        at = parents.get(at);
      }
      return false;
    };
    return pids.filter(isOurs).flatMap((pid) => this.inText(argumentsOf(pid)) ?? []);
  }
}

/** What the system says of a process; empty where it has ended. */
function aboutProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

const parentOf = (pid: string): string | undefined => /^PPid:\s+(\d+)/m.exec(aboutProcess(pid, "status"))?.[1];

const argumentsOf = (pid: string): string => aboutProcess(pid, "cmdline").replaceAll("\0", " ");

/** A file as text, and what is in it where it is an archive, as a plan of Terraform's is. */
function contentsOf(file: Buffer): string[] {
  const text = file.toString("latin1");
  if (!text.startsWith("PK")) return [text];
  try {
    return Object.values(unzipSync(file)).map((entry) => Buffer.from(entry).toString("latin1"));
  } catch {
    // Cut off by a kill.
    return [text];
  }
}

/** How often the arguments of processes are looked at while one runs, in milliseconds. */
const INTERVAL = 200;

/** What a program that runs is looked at for. */
interface Watched {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Looks at a program while it runs, and at what it has written in the end.
 *
 * @returns what is called with all that it has written, and gives an error where a secret of its environment is shown, unless that was
 * given as an argument too
 */
export function watchSecrets({ args, env }: Watched): (output: string) => Error | undefined {
  const scan = SecretScan.of(env);
  if (scan.inText(args.join(" ")) !== undefined) return () => undefined;
  const found: string[] = [];
  const timer = setInterval(() => found.push(...scan.inProcesses()), INTERVAL);
  return (output) => {
    clearInterval(timer);
    const leaks = [...found.map((text) => `arguments of a process: ${text}`), scan.inText(output) ?? []].flat();
    return leaks.length === 0 ? undefined : new Error(`a secret is shown by ${args.join(" ")}: ${leaks.join("\n")}`);
  };
}

/** @throws Error where a file below the folder has a secret of the environment in it */
export function expectNoSecrets(folder: string, env: NodeJS.ProcessEnv): void {
  const leaks = SecretScan.of(env).inFolder(folder);
  if (leaks.length > 0) throw new Error(`a secret is in a file:\n${leaks.join("\n")}`);
}
