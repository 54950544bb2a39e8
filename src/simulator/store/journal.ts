/** How to undo what the running request has changed. One request runs at a time: handlers never wait. */
export class Journal {
  private undo: (() => void)[] | undefined;

  record(step: () => void): void {
    this.undo?.push(step);
  }

  /** Runs the work; when it throws, the store is as it was before. */
  transaction<T>(work: () => T): T {
    if (this.undo !== undefined) return work();
    this.undo = [];
    try {
      return work();
    } catch (error) {
      const steps = this.undo;
      this.undo = undefined;
      for (const step of steps.reverse()) step();
      throw error;
    } finally {
      this.undo = undefined;
    }
  }
}
