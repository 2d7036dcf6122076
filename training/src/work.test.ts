import { setImmediate } from 'node:timers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { splitRows, rowTableOf, splitTable } from './data/split.js';
import { createWasmBackend } from './he/backends/wasm/wasmBackend.js';
import type { HeBackend, Resident } from './he/ring/backend.js';
import { defineProgram } from './program.js';
import { classTable } from './testing/classes.js';
import { asyncRefusal } from './testing/errors.js';
import { binaryTable } from './testing/logistic.js';
import { context, packageOf, prepare, syntheticTable } from './testing/fixtures.js';
import { watched } from './testing/watchedRing.js';
import { prepareShard, trainOnShard } from './trainer/host.js';
import { createModelOwnerTrainer } from './trainer/modelOwner.js';
import { readPackage } from './trainer/openedPackage.js';
import { allAtOnce, inPieces, orStopped, type Pieces, type WorkProgress } from './work.js';

afterEach(() => vi.restoreAllMocks());

/** Lets each piece of a computation seem to take so long that others get a turn after it. */
function slowly(): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 150));
}

/** A signal that fires at the first turn that a computation leaves to others. */
function atFirstTurn(): AbortSignal {
  const stopping = new AbortController();
  setImmediate(() => stopping.abort(new Error('enough')));
  return stopping.signal;
}

const program = defineProgram({
  family: 'ridgeClassifier',
  classes: [0, 1, 2, 3],
  lambda: 0.01,
  featureMap: { kind: 'random-layer', units: 200, seed: 'work' },
});
const data = prepare(classTable(200, 8), 2, { program });
const sister = (): typeof data => prepare(classTable(200, 8), 2, { program });
const trainer = await createModelOwnerTrainer({
  ...{ program, template: data.template, secret: new Uint8Array(32).fill(4) },
  ...context,
});
const state = trainer.initialState();
const model = await trainer.modelForRound(state, 1);
const job = { program, model, heKey: trainer.heKey(), ...context, attempt: 1 };
const expected = await trainOnShard({ ...job, package: packageOf(data, 0) });

/** A backend, and what it holds. */
function watchedBackend(): { backend: HeBackend; held: Set<Resident> } {
  const held = new Set<Resident>();
  const rings = new Map<string, Awaited<ReturnType<HeBackend['open']>>>();
  const inner = createWasmBackend();
  const open: HeBackend['open'] = async (shape) => {
    const key = shape.primes.join();
    const ring = rings.get(key) ?? watched(await inner.open(shape), held).ring;
    rings.set(key, ring);
    return ring;
  };
  return { backend: { name: 'watched', open }, held };
}

describe('a computation in pieces', () => {
  function* counting(log: string[]): Pieces<number> {
    try {
      for (let done = 1; done <= 30; done++) yield { phase: 'splitRows', done, of: 30, unit: 'rows' };
      return 7;
    } finally {
      log.push('given back');
    }
  }

  it('gives what it gives at once, and says a few times where it stands', async () => {
    slowly();
    const seen: WorkProgress[] = [];
    expect(await inPieces(counting([]), { onProgress: (progress) => seen.push(progress) })).toBe(
      allAtOnce(counting([])),
    );
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.length).toBeLessThan(30);
    expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).toSorted((a, b) => a - b));
  });

  it('says nothing where it takes no time, and ends where it is stopped, with all given back', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(0);
    const onProgress = vi.fn();
    const log: string[] = [];
    await inPieces(counting(log), { onProgress });
    expect(onProgress).not.toHaveBeenCalled();
    slowly();
    const error = await asyncRefusal(() => inPieces(counting(log), { signal: atFirstTurn() }), 'VT7511');
    expect(error.cause).toMatchObject({ message: 'enough' });
    expect(log).toEqual(['given back', 'given back']);
  });

  it('is not begun where its signal has fired', async () => {
    const signal = AbortSignal.abort();
    const log: string[] = [];
    await asyncRefusal(() => inPieces(counting(log), { signal }), 'VT7511');
    expect(log).toEqual([]);
    await asyncRefusal(() => trainOnShard({ ...job, package: packageOf(data, 0), signal }), 'VT7511');
    await asyncRefusal(() => prepareShard({ program, package: packageOf(data, 0), signal }), 'VT7511');
    await asyncRefusal(() => trainer.applyUpdates(state, 1, [], { signal }), 'VT7511');
  });

  it('that others began is waited for no longer than the signal allows', async () => {
    expect(await orStopped(Promise.resolve(3), atFirstTurn())).toBe(3);
    await asyncRefusal(() => orStopped(new Promise(() => undefined), atFirstTurn()), 'VT7511');
    await expect(orStopped(Promise.reject(new Error('its own')), atFirstTurn())).rejects.toThrow('its own');
  });
});

describe('a host’s step', () => {
  it('that is stopped leaves nothing with the backend, and gives the same bytes when it is begun again', async () => {
    slowly();
    const { backend, held } = watchedBackend();
    const opened = packageOf(sister(), 0);
    await prepareShard({ program, package: packageOf(data, 1), backend });
    const before = held.size;
    await asyncRefusal(
      () => prepareShard({ program, package: opened, backend, signal: atFirstTurn() }),
      'VT7511',
    );
    expect(held.size).toBe(before);
    const stopped = { ...job, package: opened, backend };
    await asyncRefusal(() => trainOnShard({ ...stopped, signal: atFirstTurn() }), 'VT7511');
    const publicKey = 2;
    expect(held.size).toBe(before + publicKey);
    const phases = new Set<string>();
    const onProgress = ({ phase }: WorkProgress): void => void phases.add(phase);
    expect(await trainOnShard({ ...stopped, onProgress })).toEqual(expected);
    expect(phases).toContain('encodeMatrix');
  });

  it('that is stopped while it replies gives the query back', async () => {
    const { backend, held } = watchedBackend();
    const own = { ...job, package: packageOf(sister(), 0), backend };
    await trainOnShard(own);
    const before = held.size;
    slowly();
    await asyncRefusal(() => trainOnShard({ ...own, signal: atFirstTurn() }), 'VT7511');
    expect(held.size).toBe(before);
    expect(await trainOnShard(own)).toEqual(expected);
  });

  it('encodes a map once for all that ask for it, also where the first of them is stopped', async () => {
    slowly();
    const { backend, held } = watchedBackend();
    const own = { ...job, package: packageOf(sister(), 0), backend };
    const first = asyncRefusal(() => prepareShard({ ...own, signal: atFirstTurn() }), 'VT7511');
    const replies = Promise.all([trainOnShard(own), trainOnShard(own)]);
    await first;
    expect(await replies).toEqual([expected, expected]);
    const after = held.size;
    await trainOnShard(own);
    expect(held.size).toBe(after);
  });

  it('is prepared without a change to its bytes, in clear and with encrypted data too', async () => {
    const opened = packageOf(sister(), 0);
    await prepareShard({ program, package: opened });
    await prepareShard({ program, package: opened });
    expect(await trainOnShard({ ...job, package: opened })).toEqual(expected);
    const linear = prepare(syntheticTable(60, 3), 2);
    for (const choices of [{ protection: 'plain' }, { data: 'encrypted' }, {}] as const)
      await prepareShard({ program: defineProgram(choices), package: packageOf(linear, 0) });
    await asyncRefusal(() => prepareShard({ program: defineProgram(), package: opened }), 'VT7501');
  });
});

describe('a host’s first reply, with its set-up', () => {
  it('encodes nothing where its shard was prepared, and has the same bytes where it was not', async () => {
    const logistic = defineProgram({ family: 'logistic', lambda: 0.01 });
    const made = prepare(binaryTable('noisy', 4, 1), 2, { program: logistic });
    const secret = new Uint8Array(32).fill(4);
    const owner = await createModelOwnerTrainer({
      ...{ program: logistic, template: made.template, secret },
      ...context,
    });
    const first = {
      ...{ program: logistic, heKey: owner.heKey(), ...context, attempt: 1 },
      model: await owner.modelForRound(owner.initialState(), 1),
    };
    const { backend, held } = watchedBackend();
    const own = { package: packageOf(made, 0), backend };
    await prepareShard({ program: logistic, ...own });
    const before = held.size;
    const reply = await trainOnShard({ ...first, ...own });
    const publicKey = 2;
    expect(held.size).toBe(before + publicKey);
    const again = prepare(binaryTable('noisy', 4, 1), 2, { program: logistic });
    expect(await trainOnShard({ ...first, package: packageOf(again, 0) })).toEqual(reply);
  });
});

describe('other steps', () => {
  it('of a model owner can be stopped, and its state stays', async () => {
    slowly();
    const kept = structuredClone(state);
    const updates = [{ subset: 0, bytes: expected }];
    await asyncRefusal(() => trainer.applyUpdates(state, 1, updates, { signal: atFirstTurn() }), 'VT7511');
    expect(state).toEqual(kept);
    expect((await trainer.applyUpdates(state, 1, updates)).metrics.unusable).toEqual([]);
  });

  it('read a package as far as the signal allows, and say how many rows', async () => {
    slowly();
    const bytes = data.packageBytes[0]!;
    const options = { program, template: data.template };
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      for (let first = 0; first < bytes.length; first += 700)
        yield await Promise.resolve(bytes.subarray(first, first + 700));
    };
    const seen: WorkProgress[] = [];
    const onProgress = (progress: WorkProgress): void => void seen.push(progress);
    const opened = await readPackage(pieces(), { ...options, onProgress });
    expect(opened).toEqual(packageOf(data, 0));
    expect(await trainOnShard({ ...job, package: opened })).toEqual(expected);
    expect(seen.at(-1)).toMatchObject({ phase: 'readPackage', of: opened.rows, unit: 'rows' });
    await asyncRefusal(() => readPackage(pieces(), { ...options, signal: atFirstTurn() }), 'VT7511');
  });

  it.each([4, 40])(
    'split %i columns as they are split at once, and say how many rows went by',
    async (columns) => {
      slowly();
      const table = syntheticTable(5000, columns);
      const options = { subsets: 3, seed: Buffer.from('work') };
      const seen: WorkProgress[] = [];
      const onProgress = (progress: WorkProgress): void => void seen.push(progress);
      const { template, report } = await splitRows(rowTableOf(table), { ...options, onProgress });
      const whole = splitTable(table, options);
      expect({ template, report }).toEqual({ template: whole.template, report: whole.report });
      expect(seen.length).toBeGreaterThan(2);
      expect(seen.every(({ done, of }) => done > 0 && done <= of)).toBe(true);
      const { signal } = { signal: atFirstTurn() };
      await asyncRefusal(() => splitRows(rowTableOf(table), { ...options, signal }), 'VT7511');
    },
  );
});
