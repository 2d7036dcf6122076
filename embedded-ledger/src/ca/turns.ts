/** Lets work on the same thing be done one after the other, in the order in which it came. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** @returns what the work comes to; what came before may have failed */
  async take<T>(of: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(of) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.last.set(of, turn);
    try {
      return await turn;
    } finally {
      if (this.last.get(of) === turn) this.last.delete(of);
    }
  }
}
