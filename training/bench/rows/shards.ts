import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createModelOwnerTrainer,
  defineProgram,
  packagePieces,
  readPackage,
  trainOnShard,
  type DataPackage,
  type RowBlock,
  type Template,
  type TrainerState,
  type TrainingProgram,
} from '@veritrain/training';
import { Drbg } from '../../src/drbg.js';
import { startWatch, type Times } from '../support/stopwatch.js';
import type { Benchmark, Measured } from './benchmark.js';

const context = { channel: 'bench', chaincode: 'bench', couple: 'tc_bench' };
const blockRows = 1000;

/** A round of a host that has yet to open its package. */
export interface ShardRun {
  /** Of the first round: query, opening of the package, sums of its rows, reply with set-up, decryption, step. */
  readonly times: Times;
  /** Of the second, on the opened package. */
  readonly later: Times;
  /** Most memory in use while the package went by, garbage included, above what there was before. */
  readonly memoryBytes: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly precisionBits: number | null;
}

/** A package of so many rows on the disk, in blocks that repeat. */
export class ShardFile {
  readonly template: Template;
  readonly #folder = mkdtempSync(join(tmpdir(), 'veritrain-bench-shards-'));
  readonly #path = join(this.#folder, 'package');
  readonly #rows: number;

  constructor(rows: number, features: number) {
    this.#rows = rows;
    this.template = templateOf(rows, features);
  }

  async write(): Promise<void> {
    const shardSecret = new Uint8Array(32).fill(7);
    const blocks = repeated(blockOf(this.template.features), this.#rows / blockRows);
    const out = createWriteStream(this.#path);
    for (const piece of packagePieces({ template: this.template, subset: 0, blocks, shardSecret }))
      if (!out.write(piece)) await once(out, 'drain');
    out.end();
    await once(out, 'close');
  }

  /** Two rounds. */
  async run(program: TrainingProgram): Promise<ShardRun> {
    const secret = new Uint8Array(32).fill(1);
    const trainer = await createModelOwnerTrainer({ program, template: this.template, secret, ...context });
    const before = usedBytes();
    const stop = startWatch();
    const model = await trainer.modelForRound(trainer.initialState(), 1);
    const { data, most } = await this.#open(program);
    const round = async (state: TrainerState, attempt: number, query: Uint8Array) => {
      const job = { package: data, program, model: query, heKey: trainer.heKey(), ...context, attempt };
      const bytes = await trainOnShard(job);
      return { bytes, ...(await trainer.applyUpdates(state, attempt, [{ subset: 0, bytes }])) };
    };
    const first = await round(trainer.initialState(), 1, model);
    const times = stop();
    const memoryBytes = Math.max(most, usedBytes()) - before;
    const stopLater = startWatch();
    await round(first.state, 2, await trainer.modelForRound(first.state, 2));
    const later = stopLater();
    const { precisionBits } = first.metrics;
    return { times, later, memoryBytes, bytesUp: first.bytes.length, bytesDown: model.length, precisionBits };
  }

  /** The package, read as a stream, and the most memory in use meanwhile. */
  async #open({ family }: TrainingProgram): Promise<{ data: DataPackage; most: number }> {
    let most = 0;
    const watched = async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        most = Math.max(most, usedBytes());
        yield piece;
      }
    };
    const file = createReadStream(this.#path) as AsyncIterable<Uint8Array>;
    const data = await readPackage(watched(file), { family });
    return { data, most };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Objects, and arrays and WebAssembly beside them. The resident size would hide what earlier rows left free. */
function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A round of a host whose package streams by. */
export const shards: Benchmark = {
  name: 'shards',
  title: 'logistic, 1,000,000 × 15 streamed, a host’s first round',
  goalSeconds: 10,
  async measure() {
    const file = new ShardFile(1_000_000, 15);
    try {
      await file.write();
      return measured(await file.run(logisticProgram('encrypted')), await file.run(logisticProgram('plain')));
    } finally {
      file.remove();
    }
  },
};

/** The program of the shards. */
export function logisticProgram(protection: TrainingProgram['protection']): TrainingProgram {
  return defineProgram({ family: 'logistic', protection });
}

function measured(encrypted: ShardRun, plain: ShardRun): Measured {
  return {
    encryptedTimes: encrypted.times,
    plainTimes: plain.times,
    metric: 'memory, MB',
    encrypted: encrypted.memoryBytes / 1e6,
    plain: plain.memoryBytes / 1e6,
    bytesUp: encrypted.bytesUp,
    bytesDown: encrypted.bytesDown,
    precisionBits: encrypted.precisionBits,
    notes: [
      'memory in use above the start, garbage included; the package has 128 MB',
      'nearly all of the time sums up moments, which both sides do',
    ],
  };
}

function templateOf(rows: number, features: number): Template {
  const ones = Array.from({ length: features }, () => 1);
  return {
    schemaVersion: 1,
    target: 'y',
    columns: ones.map((_, j) => `x${j}`),
    rows: 2 * rows,
    features,
    subsetRows: [rows, rows],
    statistics: { means: ones.map(() => 0), scales: ones, targetMean: 0.5, targetScale: 0.5 },
  };
}

/** Uniform numbers, and a target of −1 or 1. */
function blockOf(features: number): RowBlock {
  const drbg = new Drbg(Buffer.from('bench/shards'));
  const width = features + 1;
  const cells = Float64Array.from({ length: blockRows * width }, (_, place) => {
    const value = drbg.below(2 ** 32) / 2 ** 31 - 1;
    return place % width === features ? Math.sign(value) : value;
  });
  return { rows: blockRows, cells };
}

function* repeated(block: RowBlock, count: number): Generator<RowBlock> {
  for (let index = 0; index < count; index++) yield block;
}
