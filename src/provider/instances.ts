import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { KindName } from "../../lib/model/field";

/** Milliseconds to wait for the read of another instance of one object, which Terraform has begun. */
const READ_MS = 2_000;

/**
 * Which instance of Terraform's state an object belongs to. Two have the same object once Terraform has replaced one with
 * create_before_destroy: the new one took the object over, the old one ("deposed") is to be destroyed, in the same run or
 * in the next one. Instances are told apart by the time at which they made the object or took it over: the latest has it.
 */
export class Instances {
  readonly #latest = new Map<string, number>();
  readonly #begun = new Map<string, number>();
  readonly #read = new Map<string, number>();

  /** A time for an instance that is made now: later than that of all others of this process. */
  now(): number {
    return Math.max(Date.now(), ...[...this.#latest.values()].map((time) => time + 1));
  }

  /** Takes in that the instance of that time has the object. */
  has(kind: KindName, id: string, madeAt = 0): void {
    const name = `${kind} ${id}`;
    this.#latest.set(name, Math.max(madeAt, this.#latest.get(name) ?? 0));
  }

  /** Takes in that the object gets into the state anew, by an import. */
  forget(kind: KindName, id: string): void {
    this.#latest.delete(`${kind} ${id}`);
  }

  /** Takes in that Terraform has begun to look at an instance with that object, and will read it. */
  begin(kind: KindName, id: string): void {
    const name = `${kind} ${id}`;
    this.#begun.set(name, (this.#begun.get(name) ?? 0) + 1);
  }

  /** Whether a later instance has the object, so that this one no longer stands for it. */
  isSuperseded(kind: KindName, id: string, madeAt = 0): boolean {
    return (this.#latest.get(`${kind} ${id}`) ?? 0) > madeAt;
  }

  /** Takes in that an instance is read. Resolves once the others of the object, as far as they have begun, are too. */
  async read(kind: KindName, id: string, madeAt = 0): Promise<void> {
    const name = `${kind} ${id}`;
    this.has(kind, id, madeAt);
    this.#read.set(name, (this.#read.get(name) ?? 0) + 1);
    // Terraform begins with all instances of a resource at once.
    await nextTurn();
    const deadline = performance.now() + READ_MS;
    while ((this.#read.get(name) ?? 0) < (this.#begun.get(name) ?? 0) && performance.now() < deadline) await sleep(10);
  }
}
