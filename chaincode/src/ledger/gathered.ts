/** The channel and the id of a transaction. */
export type Of = [channel: string, transaction: string];

interface Asked<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer | Promise<Answer>) => void;
}

/** Gathers what a transaction asks for before it waits for anything, and sends that together. */
export class Gathered<Item, Answer> {
  readonly #gathered = new Map<string, Asked<Item, Answer>[]>();

  /**
   * @param most the number of items that may be sent together
   * @param send returns the answers in the order of the items
   */
  constructor(
    private readonly most: () => number,
    private readonly send: (items: readonly Item[], of: Of) => Promise<readonly Answer[]>,
  ) {}

  ask(item: Item, of: Of): Promise<Answer> {
    return new Promise((resolve) => {
      const key = of.join('/');
      const gathered = this.#gathered.get(key);
      if (gathered !== undefined) gathered.push({ item, resolve });
      else {
        this.#gathered.set(key, [{ item, resolve }]);
        // After all that can go on without an answer.
        queueMicrotask(() => {
          process.nextTick(() => {
            this.#sendAll(key, of);
          });
        });
      }
    });
  }

  #sendAll(key: string, of: Of): void {
    const gathered = this.#gathered.get(key) ?? [];
    this.#gathered.delete(key);
    const most = Math.max(1, this.most());
    for (let start = 0; start < gathered.length; start += most) {
      const part = gathered.slice(start, start + most);
      const answers = this.send(
        part.map(({ item }) => item),
        of,
      );
      part.forEach(({ resolve }, at) => {
        resolve(answers.then((all) => all[at] as Answer));
      });
    }
  }
}
