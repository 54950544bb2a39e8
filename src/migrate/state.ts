import { quoted } from "../../lib/model/document/error";
import { ProblemError } from "../../lib/model/problem";

/** An instance of a resource in a state. */
export interface Instance {
  /** The module that it is in: `module.net["a"]`; empty for the root module. */
  readonly module: string;
  readonly index: string | number | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A state that is none. */
export class StateError extends ProblemError {
  override readonly name = "StateError";
  constructor(file: string, problem: string, options?: { readonly cause?: unknown }) {
    super(
      "MAAS-MIG-03",
      `${file}: ${problem}. Name another one with --state, or leave it out. Nothing was written.`,
      [],
      options,
    );
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const recordsIn = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

/** An address without the indexes of instances: `module.net.maas_subnet.v4`. */
export const withoutIndexes = (address: string): string => address.replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]/g, "");

/** What a state file (version 4) says. Unlike Terraform it does not need to know its schemas. */
export class State {
  private constructor(
    private readonly instances: ReadonlyMap<string, readonly Instance[]>,
    /** Where the providers of the resources come from: `registry.terraform.io/canonical/maas`. */
    readonly providers: ReadonlySet<string>,
  ) {}

  /** @throws StateError */
  static parse(file: string, text: string): State {
    let json: unknown;
    try {
      json = text.trim() === "" ? { version: 4, resources: [] } : JSON.parse(text);
    } catch (cause) {
      throw new StateError(file, `it is no JSON (${(cause as Error).message})`, { cause });
    }
    if (!isRecord(json) || !("version" in json)) throw new StateError(file, "it is no Terraform state");
    if (json.version !== 4)
      throw new StateError(
        file,
        `it is a state of version ${quoted(json.version)}, and that of Terraform 0.12 or later is 4`,
      );
    const instances = new Map<string, readonly Instance[]>();
    const providers = new Set<string>();
    for (const [index, resource] of recordsIn(json.resources).entries()) {
      const { mode, type, name, module, provider, instances: rows } = resource;
      if (typeof type !== "string" || typeof name !== "string") {
        const member = typeof type === "string" ? "name" : "type";
        throw new StateError(
          file,
          `the ${member} of resource ${index + 1} is ${quoted(resource[member])}, and must be a text`,
        );
      }
      const address = `${mode === "data" ? "data." : ""}${type}.${name}`;
      const [, source] = /provider\["([^"]+)"\]/.exec(typeof provider === "string" ? provider : "") ?? [];
      if (source !== undefined) providers.add(source);
      const place = typeof module === "string" ? module : "";
      const read = recordsIn(rows).map(({ index_key: key, attributes }): Instance => ({
        module: place,
        index: typeof key === "string" || typeof key === "number" ? key : undefined,
        attributes: isRecord(attributes) ? attributes : {},
      }));
      instances.set(address, [...(instances.get(address) ?? []), ...read]);
    }
    return new State(instances, providers);
  }

  /** What the state has of these modules alone: their addresses without indexes. */
  within(modules: readonly string[]): State {
    const isIn = ({ module }: Instance): boolean => modules.includes(withoutIndexes(module));
    return new State(new Map([...this.instances].map(([address, all]) => [address, all.filter(isIn)])), this.providers);
  }

  /** The instances of a resource; none where the state does not have it. */
  of(address: string): readonly Instance[] {
    return this.instances.get(address) ?? [];
  }
}
