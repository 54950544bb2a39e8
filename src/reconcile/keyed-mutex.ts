/** Runs tasks with the same key one after the other, in the order they came; others run at once. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the task when all earlier ones with that key have ended, successfully or not. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const ended = before.then(task, task);
    this.#last.set(key, ended);
    const forget = (): void => {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    };
    void ended.then(forget, forget);
    return ended;
  }
}
