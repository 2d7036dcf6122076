import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineProgram } from '../program.js';
import { trainOnShard } from '../trainer/host.js';
import { asyncRefusal } from '../testing/errors.js';
import {
  context,
  diabetes,
  gramOf,
  prepare,
  syntheticTable,
  trainerOf,
  type Prepared,
} from '../testing/fixtures.js';
import { cut, rowsOf } from '../testing/packages.js';
import { openPackage, readPackage } from '../trainer/openedPackage.js';
import { MAX_PACKAGE_BYTES } from './packageHead.js';
import { BLOCK_ROWS } from './rowBlock.js';

const rowBytes = (features: number): number => 8 * (features + 1);

/** Second moments the plain way: all rows in memory, one sum after the other. */
function momentsOf(bytes: Uint8Array): { matrix: Float64Array; vector: Float64Array } {
  const { values, targets } = rowsOf(bytes);
  const features = values.length / targets.length;
  const sum = (term: (row: number) => number): number => {
    let total = 0;
    for (let row = 0; row < targets.length; row++) total += term(row);
    return total / targets.length;
  };
  const cell = (row: number, i: number): number => values[row * features + i]!;
  return {
    matrix: Float64Array.from({ length: features ** 2 }, (_, place) =>
      sum((row) => cell(row, Math.floor(place / features)) * cell(row, place % features)),
    ),
    vector: Float64Array.from({ length: features }, (_, i) => sum((row) => cell(row, i) * targets[row]!)),
  };
}

/** Pieces around the borders of numbers, rows and blocks. */
function cuts(features: number): number[][] {
  const row = rowBytes(features);
  const block = BLOCK_ROWS * row;
  return [
    [7],
    [row - 1, row + 1],
    [block],
    [block - 1],
    [block + 1, 1],
    [block + row, 3],
    [2 ** 16],
    [2 ** 30],
  ];
}

/** Two subsets, the first with so many rows. */
const tableOf = (rows: number): Prepared => prepare(syntheticTable(2 * rows, 3), 2);

const diabetesParts = prepare(diabetes(), 3);

describe('a package that is streamed', () => {
  it.each([15, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1, 2 * BLOCK_ROWS, 2 * BLOCK_ROWS + 1])(
    'has the moments of its %i rows to the last bit, however it is cut',
    async (rows) => {
      const bytes = tableOf(rows).packageBytes[0]!;
      const { rows: found } = openPackage(bytes);
      expect(found).toBe(rows);
      const { matrix, vector } = momentsOf(bytes);
      for (const lengths of cuts(3)) {
        const opened = await readPackage(cut(bytes, ...lengths));
        expect(opened).toEqual(openPackage(bytes));
        expect(gramOf(opened)).toEqual({ features: 3, matrix, vector });
      }
    },
  );

  it.each(['plain', 'encrypted'] as const)(
    'trains to the same %s update, byte for byte',
    async (protection) => {
      for (const optimiser of [{ kind: 'nesterov', decay: 1 }, undefined] as const) {
        const program = defineProgram({
          protection,
          localSteps: 2,
          lambda: 0.1,
          ...(optimiser && { optimiser }),
        });
        const trainer = await trainerOf(diabetesParts, program);
        const model = await trainer.modelForRound(trainer.initialState(), 1);
        const job = { program, model, heKey: trainer.heKey(), ...context, attempt: 1 };
        for (const bytes of diabetesParts.packageBytes) {
          const whole = await trainOnShard({ ...job, package: openPackage(bytes) });
          for (const lengths of [[100, 1], [2 ** 16]]) {
            const streamed = await readPackage(cut(bytes, ...lengths));
            expect(Buffer.compare(await trainOnShard({ ...job, package: streamed }), whole)).toBe(0);
          }
        }
      }
    },
  );

  it('is refused where it is cut short, goes on, or was changed, wherever the pieces end', async () => {
    const bytes = tableOf(BLOCK_ROWS + 5).packageBytes[0]!;
    const { digest } = openPackage(bytes);
    const place = fc.integer({ min: 0, max: bytes.length - 1 });
    const length = fc.integer({ min: 1, max: 2 * rowBytes(3) * BLOCK_ROWS });
    await fc.assert(
      fc.asyncProperty(place, length, fc.integer({ min: 1, max: 255 }), async (at, piece, change) => {
        await asyncRefusal(() => readPackage(cut(bytes.subarray(0, at), piece)), 'VT7202');
        const longer = Buffer.concat([bytes, new Uint8Array(1 + (at % 100))]);
        await asyncRefusal(() => readPackage(cut(longer, piece), { digest }), 'VT7202');
        const changed = Uint8Array.from(bytes);
        changed[at]! ^= change;
        await asyncRefusal(() => readPackage(cut(changed, piece), { digest }), 'VT7202');
      }),
      { numRuns: 60 },
    );
    expect((await readPackage(cut(bytes, 999), { digest })).digest).toBe(digest);
  });

  it('is refused at its first wrong byte, not at its end', async () => {
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield await Promise.resolve(new Uint8Array(1024));
    };
    await asyncRefusal(() => readPackage(endless()), 'VT7202');
  });

  it('passes on what the stream throws', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield* cut(diabetesParts.packageBytes[0]!.subarray(0, 5000), 1000);
      throw new Error('the disk is gone');
    };
    await expect(readPackage(broken())).rejects.toThrow('the disk is gone');
  });

  it('is never larger than the largest', () => {
    expect(MAX_PACKAGE_BYTES).toBe(1200 + 8 * 4_000_000 * 33);
  });
});
