import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './answers.js';
import { callMessage, messageCase } from './messages.js';
import { Random } from './random.js';
import { honestRequests, type SignedRequest } from './requests.js';
import { callTransaction, transactionCase } from './transactions.js';
import { World } from './world.js';

export type Kind = 'transactions' | 'messages';

export interface FuzzOptions {
  /** How many transactions, and how many messages. */
  readonly count: number;
  readonly seed: string;
  /** One case alone, as `transactions:17`. */
  readonly only?: { readonly kind: Kind; readonly index: number } | undefined;
  /** Folder of the cases that failed; nothing is written where none does. */
  readonly failures: string;
  readonly onProgress: (line: string) => void;
}

interface Memory {
  readonly kind: Kind;
  readonly processId: number;
  firstBytes: number;
  secondBytes: number;
}

export interface FuzzResult {
  readonly seed: string;
  readonly count: number;
  readonly seconds: number;
  /** How many calls came to what, by kind. */
  readonly outcomes: Record<Kind, Record<string, number>>;
  readonly failures: { case: string; fault: string }[];
  /** Of the ledger's process and each of its contracts': the most bytes in the first half of a kind, and in the second. */
  readonly memory: Memory[];
}

const atOnce = 32;
/** Requests are dated: peers refuse those of a quarter of an hour ago. */
const freshCases = 1000;
const lookEvery = 200;
const progressEvery = 1000;

/** Calls a ledger with mutated transactions and messages, and tells what it answered. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const started = Date.now();
  const world = await World.start();
  try {
    const run = new Run(world, options);
    await run.all('transactions', (index) => run.transaction(index));
    await run.all('messages', (index) => run.message(index));
    await run.goesOn();
    return { ...run.result(), seconds: Math.round((Date.now() - started) / 1000) };
  } finally {
    await world.close();
  }
}

class Run {
  readonly #outcomes: FuzzResult['outcomes'] = { transactions: {}, messages: {} };
  readonly #failures: FuzzResult['failures'] = [];
  readonly #memory = new Map<string, Memory>();
  readonly #processes: readonly number[];
  readonly #requests = new Map<number, Promise<SignedRequest[]>>();

  constructor(
    private readonly world: World,
    private readonly options: FuzzOptions,
  ) {
    this.#processes = [...world.processes().keys()];
  }

  async all(kind: Kind, call: (index: number) => Promise<Outcome>): Promise<void> {
    const { count, only, onProgress } = this.options;
    if (only !== undefined && only.kind !== kind) return;
    let next = only?.index ?? 0;
    const end = only === undefined ? count : next + 1;
    const worker = async (): Promise<void> => {
      while (next < end) {
        const index = next++;
        this.#note(
          kind,
          index,
          await call(index).catch((error: unknown) => ({ name: 'threw', fault: String(error) })),
        );
        if (index % lookEvery === 0) this.#look(kind, index < end / 2 ? 'firstBytes' : 'secondBytes');
        if ((index + 1) % progressEvery === 0)
          onProgress(
            `${kind}: ${String(index + 1)} of ${String(end)}, ${String(this.#failures.length)} failed`,
          );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  transaction(index: number): Promise<Outcome> {
    return callTransaction(this.world, transactionCase(this.#random('transactions', index), this.world));
  }

  async message(index: number): Promise<Outcome> {
    const random = this.#random('messages', index);
    const caller = random.pick(this.world.callers);
    const batch =
      Math.floor(index / freshCases) * this.world.callers.length + this.world.callers.indexOf(caller);
    const requests = this.#requests.get(batch) ?? honestRequests(this.world, caller);
    this.#requests.set(batch, requests);
    return callMessage(this.world, await messageCase(random, await requests, caller));
  }

  /** Every process that was there still is, and the market answers. */
  async goesOn(): Promise<void> {
    const now = [...this.world.processes().keys()];
    const gone = this.#processes.filter((id) => !now.includes(id));
    if (gone.length > 0)
      this.#failures.push({ case: 'the end', fault: `${String(gone.length)} processes ended` });
    const honest = { caller: 0, submits: false, name: 'MarketContract:GetConfig', arguments: ['{}'] };
    const { name } = await callTransaction(this.world, honest);
    if (name !== 'accepted') this.#failures.push({ case: 'the end', fault: `an honest call: ${name}` });
  }

  result(): Omit<FuzzResult, 'seconds'> {
    const { seed, count } = this.options;
    const memory = [...this.#memory.values()];
    return { seed, count, outcomes: this.#outcomes, failures: this.#failures, memory };
  }

  #random(kind: Kind, index: number): Random {
    return new Random(`${this.options.seed}/${kind}/${String(index)}`);
  }

  #note(kind: Kind, index: number, { name, fault }: Outcome): void {
    this.#outcomes[kind][name] = (this.#outcomes[kind][name] ?? 0) + 1;
    if (fault === undefined) return;
    const failed = `${kind}:${String(index)}`;
    this.#failures.push({ case: failed, fault });
    const { failures, seed } = this.options;
    mkdirSync(failures, { recursive: true });
    const again = `npm run fuzz -- --seed ${seed} --only ${failed}`;
    const file = join(failures, `${seed}-${kind}-${String(index)}.json`);
    writeFileSync(file, `${JSON.stringify({ seed, case: failed, fault, again }, null, 2)}\n`);
  }

  #look(kind: Kind, half: 'firstBytes' | 'secondBytes'): void {
    for (const [processId, bytes] of this.world.processes()) {
      const key = `${kind}/${String(processId)}`;
      const most = this.#memory.get(key) ?? { kind, processId, firstBytes: 0, secondBytes: 0 };
      most[half] = Math.max(most[half], bytes);
      this.#memory.set(key, most);
    }
  }
}
