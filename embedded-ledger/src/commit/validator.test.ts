import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '@hyperledger/fabric-protos';
import { compareKeys } from '../hashing.js';
import { Simulator } from '../peer/simulator.js';
import { StateStore } from '../store/stateStore.js';
import type { KeyRead, NamespaceReadWriteSet, RangeRead } from './readWriteSet.js';
import { BlockValidator } from './validator.js';

const { VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT } = peer.TxValidationCode;
const KEYS = ['a', 'b', 'c', 'd', 'e', 'é', '\u{ff5e}', '\u{1f600}'];

let folder: string;
let state: StateStore;
let height = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'validator-'));
  state = await StateStore.open(folder);
});
afterAll(async () => {
  await state?.close();
  rmSync(folder, { recursive: true });
});

interface KeyStep {
  readonly kind: 'get' | 'put' | 'delete';
  readonly key: string;
}

interface ScanStep {
  readonly kind: 'scan';
  readonly start: string;
  readonly end: string;
  readonly count: number;
}

type Step = KeyStep | ScanStep;

const key = fc.constantFrom(...KEYS);
const keyStep: fc.Arbitrary<KeyStep> = fc.record({ kind: fc.constantFrom('get', 'put', 'delete'), key });
/** A scan reads at least one record, as on a peer. */
const scanStep: fc.Arbitrary<ScanStep> = fc.record({
  kind: fc.constant('scan'),
  start: key,
  end: fc.oneof(key, fc.constant('')),
  count: fc.integer({ min: 1, max: 9 }),
});
const transaction = fc.array(fc.oneof<fc.Arbitrary<Step>[]>(keyStep, scanStep), {
  minLength: 1,
  maxLength: 4,
});
const block = fc.array(transaction, { minLength: 1, maxLength: 5 });
const history = fc.array(block, { minLength: 1, maxLength: 4 });

/** Runs one transaction over the committed state. */
async function simulate(namespace: string, steps: readonly Step[]): Promise<NamespaceReadWriteSet[]> {
  const snapshot = state.snapshot();
  const simulator = new Simulator('id', namespace, snapshot);
  for (const one of steps) await apply(simulator, one);
  snapshot.release();
  return simulator.results();
}

async function apply(simulator: Simulator, one: Step): Promise<void> {
  if (one.kind === 'scan') {
    const scan = simulator.scan(one.start, one.end);
    for (let index = 0; index < one.count; index++) if ((await scan.next()) === undefined) break;
    await scan.close();
  } else if (one.kind === 'put') simulator.put(one.key, Buffer.from('x'));
  else if (one.kind === 'delete') simulator.delete(one.key);
  else simulator.get(one.key);
}

/** The model of the chain: the version of each key, and the keys that this block has written. */
interface Model {
  readonly versions: Map<string, string>;
  readonly touched: Set<string>;
}

/** A transaction is valid when nothing that it read has changed since: same keys, same versions. */
function expectedCode({ versions, touched }: Model, sets: readonly NamespaceReadWriteSet[]): number {
  for (const { reads, ranges } of sets) {
    if (reads.some((read) => touched.has(read.key) || versions.get(read.key) !== label(read)))
      return MVCC_READ_CONFLICT;
    for (const range of ranges) {
      const then = range.reads.map((read) => `${read.key}@${String(label(read))}`);
      const found = [...versions.keys()].sort(compareKeys).filter((one) => isWithin(one, range));
      if (then.join() !== found.map((one) => `${one}@${String(versions.get(one))}`).join())
        return PHANTOM_READ_CONFLICT;
    }
  }
  return VALID;
}

function label({ version }: KeyRead): string | undefined {
  return version && `${String(version.block)}.${String(version.transaction)}`;
}

function isWithin(one: string, { startKey, endKey, exhausted }: RangeRead): boolean {
  if (compareKeys(one, startKey) < 0) return false;
  if (exhausted) return endKey === '' || compareKeys(one, endKey) < 0;
  return compareKeys(one, endKey) <= 0;
}

function record(model: Model, sets: readonly NamespaceReadWriteSet[], version: string): void {
  for (const { key: written, value } of sets.flatMap(({ writes }) => writes)) {
    model.touched.add(written);
    if (value === undefined) model.versions.delete(written);
    else model.versions.set(written, version);
  }
}

describe('BlockValidator', () => {
  it('agrees with the plain definition over random histories', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async (blocks) => {
        const namespace = `ns${String(height)}`;
        const versions = new Map<string, string>();
        for (const transactions of blocks) {
          const number = height++;
          const model = { versions, touched: new Set<string>() };
          const validator = new BlockValidator(state, number);
          const simulated = await Promise.all(transactions.map((steps) => simulate(namespace, steps)));
          for (const [index, sets] of simulated.entries()) {
            const expected = expectedCode(model, sets);
            expect(await validator.validate(index, sets)).toBe(expected);
            if (expected === VALID) record(model, sets, `${String(number)}.${String(index)}`);
          }
          const update = {
            number,
            hash: Buffer.alloc(32),
            writes: validator.writes,
            transactions: new Map(),
          };
          await state.apply(update, { offset: 0, length: 1 });
          expect(KEYS.filter((one) => state.get(namespace, one))).toEqual(
            KEYS.filter((one) => versions.has(one)),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
