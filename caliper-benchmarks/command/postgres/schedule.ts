type Taker = (at: number | undefined) => void;

/** Hands out transactions in order, each once the ones that it waits for have ended. */
export class Schedule {
  /** The number of transactions that each one still waits for. */
  readonly #waitsFor: number[];
  /** The transactions that wait for each one. */
  readonly #waiting: number[][];
  /** Transactions that may begin, the first one last. */
  readonly #ready: number[] = [];
  /** Callers that wait for the next transaction. */
  readonly #takers: Taker[] = [];
  #unfinished: number;
  #isStopped = false;

  /** @param after for each transaction the positions of those that it waits for */
  constructor(after: readonly (readonly number[])[]) {
    this.#unfinished = after.length;
    this.#waitsFor = after.map(({ length }) => length);
    this.#waiting = after.map(() => []);
    after.forEach((before, at) => {
      for (const position of before) this.#waiting[position]?.push(at);
    });
    for (let at = after.length - 1; at >= 0; at -= 1) if (this.#waitsFor[at] === 0) this.#ready.push(at);
  }

  /** The first transaction that may begin, as soon as there is one; undefined when all have ended, or after `stop`. */
  next(): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#serve();
    });
  }

  /** Marks the transaction as ended. */
  end(at: number): void {
    this.#unfinished -= 1;
    for (const position of this.#waiting[at] ?? []) {
      const left = (this.#waitsFor[position] ?? 0) - 1;
      this.#waitsFor[position] = left;
      if (left === 0) this.#insert(position);
    }
    this.#serve();
  }

  /** Starts no more transactions. */
  stop(): void {
    this.#isStopped = true;
    this.#serve();
  }

  #serve(): void {
    const isOver = this.#isStopped || this.#unfinished === 0;
    while (this.#takers.length > 0 && (isOver || this.#ready.length > 0))
      this.#takers.shift()?.(isOver ? undefined : this.#ready.pop());
  }

  #insert(position: number): void {
    let low = 0;
    let high = this.#ready.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ready[middle] ?? 0) > position) low = middle + 1;
      else high = middle;
    }
    this.#ready.splice(low, 0, position);
  }
}
