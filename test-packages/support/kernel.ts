import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { kernelEnvironment } from "./bindings";
import { type Project, ROOT } from "./project";

/** The kernel by itself, as one file that needs nothing else. What embeds it in Python, Java and Go is the same code. */
const RUNTIME = "@jsii/runtime@1.140.0";

/** An object of the kernel, as it is passed. */
export interface Reference {
  readonly "$jsii.byref": string;
}

type Value = unknown;

/** What the kernel answers, or asks. */
interface Answer {
  readonly ok?: { readonly value?: Value; readonly result?: Value };
  readonly error?: string;
  readonly callback?: {
    readonly cbid: string;
    readonly cookie: string;
    readonly invoke: { readonly args: readonly Value[] };
  };
}

/** Unpacks the kernel in a project, and packs the packages of `node_modules` that are loaded into it. @returns their tarballs */
export function packedWithKernel(project: Project, names: readonly string[]): ReadonlyMap<string, string> {
  const pack = (what: string): string =>
    project.succeed("npm", ["pack", "--silent", "--ignore-scripts", "--prefer-offline", what]).trim();
  project.succeed("tar", ["-xzf", pack(RUNTIME)]);
  return new Map(names.map((name) => [name, join(project.folder, pack(join(ROOT, "node_modules", name)))]));
}

/** jsii's kernel as a process, driven with the calls that a program in another language makes. One call at a time. */
export class Kernel {
  /** What is called back, by cookie. */
  readonly #callbacks = new Map<string, (args: readonly Value[]) => void>();
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  /** @param agent the host, as it introduces itself: `Java/17.0.15`, `go1.24.1/linux/amd64` */
  constructor(project: Project, agent: string) {
    mkdirSync(join(project.folder, "kernel"), { recursive: true });
    const program = join(project.folder, "package", "webpack", "bin", "jsii-runtime.js");
    this.#process = spawn(process.execPath, [program], {
      cwd: project.folder,
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, ...kernelEnvironment(project), JSII_AGENT: agent },
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async #read(): Promise<Answer> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("the kernel has ended");
    return JSON.parse(line.value) as Answer;
  }

  async #ask(question: object): Promise<Value> {
    this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    const { ok, error, callback } = await this.#read();
    if (callback !== undefined) {
      this.#callbacks.get(callback.cookie)?.(callback.invoke.args);
      return this.#ask({ complete: { cbid: callback.cbid, result: null } });
    }
    if (ok === undefined) throw new Error(error);
    return ok.value ?? ok.result ?? ok;
  }

  /** Says hello, and loads packages: what they depend on first. */
  async load(packages: readonly (readonly [name: string, version: string, tarball: string])[]): Promise<void> {
    await this.#read();
    for (const [name, version, tarball] of packages) await this.#ask({ api: "load", name, version, tarball });
  }

  async create(fqn: string, ...args: readonly Value[]): Promise<Reference> {
    return (await this.#ask({ api: "create", fqn, args })) as Reference;
  }

  /** An object of the host's own, with one method. */
  async implement(fqn: string, method: string, called: (args: readonly Value[]) => void): Promise<Reference> {
    this.#callbacks.set(fqn, called);
    const made = { interfaces: [fqn], overrides: [{ method, cookie: fqn }] };
    return (await this.#ask({ api: "create", fqn: "Object", args: [], ...made })) as Reference;
  }

  get(objref: Reference, property: string): Promise<Value> {
    return this.#ask({ api: "get", objref, property });
  }

  invoke(objref: Reference, method: string, ...args: readonly Value[]): Promise<Value> {
    return this.#ask({ api: "invoke", objref, method, args });
  }

  async static(fqn: string, method: string, ...args: readonly Value[]): Promise<Reference> {
    return (await this.#ask({ api: "sinvoke", fqn, method, args })) as Reference;
  }

  async end(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.stdin.end();
    await ended;
  }
}
