/** Several pieces of work at a time, no more than it has lanes. The first that fails stops the others. */
export class Lanes {
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly lanes: number,
    signal: AbortSignal | undefined,
  ) {
    this.#signal = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal]);
  }

  /** Starts work as soon as a lane is free. @throws what other work failed with */
  async start(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    while (this.#running.size >= this.lanes) await Promise.race(this.#running);
    this.#check();
    const running = work(this.#signal)
      .catch((error: unknown) => {
        this.#failure ??= { error };
        this.#stop.abort();
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits until all that was started has ended. @throws what any of it failed with */
  async end(): Promise<void> {
    await Promise.all(this.#running);
    this.#check();
  }

  /** Stops what still runs. */
  async cancel(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
