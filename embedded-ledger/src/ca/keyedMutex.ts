/** Runs tasks with the same key one after another, in order of arrival. */
export class KeyedMutex {
  private readonly last = new Map<string, Promise<unknown>>();

  /** @returns the task's result; an earlier task may have failed */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    const running = before.then(task, task);
    this.last.set(key, running);
    try {
      return await running;
    } finally {
      if (this.last.get(key) === running) this.last.delete(key);
    }
  }
}
