import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setImmediate } from 'node:timers';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PackageReader } from '../data/packageReader.js';
import { defineProgram } from '../program.js';
import { classTable } from '../testing/classes.js';
import { asyncRefusal } from '../testing/errors.js';
import { context, prepare, syntheticTable } from '../testing/fixtures.js';
import { cut } from '../testing/packages.js';
import { trainOnShard } from './host.js';
import { createModelOwnerTrainer } from './modelOwner.js';
import { readPackage, readPackageBy, type ReadOptions } from './openedPackage.js';

let threads: Worker[] = [];
const note = (worker: Worker): void => void threads.push(worker);
beforeEach(() => {
  threads = [];
  process.on('worker', note);
});
afterEach(() => {
  process.off('worker', note);
});

/** All threads have ended. */
const ended = (): Promise<unknown> =>
  Promise.all(threads.filter(({ threadId }) => threadId >= 0).map((thread) => once(thread, 'exit')));

const program = defineProgram({
  family: 'ridgeClassifier',
  classes: [0, 1, 2, 3],
  lambda: 0.01,
  featureMap: { kind: 'random-layer', units: 60, seed: 'threads' },
});
const data = prepare(classTable(200, 8), 2);
const trainer = await createModelOwnerTrainer({
  ...{ program, template: data.template, secret: new Uint8Array(32).fill(5) },
  ...context,
});
const model = await trainer.modelForRound(trainer.initialState(), 1);
const job = { program, model, heKey: trainer.heKey(), ...context, attempt: 1 };
const read = (bytes: Uint8Array, options: ReadOptions = {}) =>
  readPackageBy(cut(bytes, 3000, 17), { program, template: data.template, ...options }, () => true);

it('gives the same bytes with no thread, one and two', async () => {
  const digests: string[][] = [];
  for (const workers of [0, 1, 2]) {
    threads = [];
    const opened = await Promise.all(data.packageBytes.map((bytes) => read(bytes, { workers })));
    expect(threads).toHaveLength(workers === 0 ? 0 : 2);
    const updates = await Promise.all(opened.map((each) => trainOnShard({ ...job, package: each })));
    digests.push(updates.map((update) => createHash('sha256').update(update).digest('hex')));
    await ended();
  }
  expect(digests[1]).toEqual(digests[0]);
  expect(digests[2]).toEqual(digests[0]);
});

it('takes no thread for what is short, and runs no more threads than it may', async () => {
  const small = prepare(syntheticTable(200, 4), 2);
  await Promise.all(small.packageBytes.map((bytes) => readPackage(cut(bytes, 1000), { workers: 2 })));
  expect(threads).toEqual([]);
  let most = 0;
  let now = 0;
  const count = (worker: Worker): void => {
    most = Math.max(most, (now += 1));
    worker.once('exit', () => (now -= 1));
  };
  process.on('worker', count);
  const bytes = data.packageBytes[0]!;
  const reading = [1, 2, 3].map(() => read(bytes, { workers: 2 }));
  const [first, ...others] = await Promise.all(reading);
  process.off('worker', count);
  expect(others).toEqual([first, first]);
  expect(Object.isFrozen(first)).toBe(true);
  expect(threads).toHaveLength(3);
  await ended();
});

it('reads nothing of a package that a thread reads', async () => {
  const push = vi.spyOn(PackageReader.prototype, 'push');
  await read(data.packageBytes[0]!, { workers: 1 });
  expect(push).not.toHaveBeenCalled();
  await read(data.packageBytes[0]!, { workers: 0 });
  expect(push).toHaveBeenCalled();
  push.mockRestore();
  await ended();
});

it('refuses in a thread what it refuses without one, and ends the thread', async () => {
  const bytes = Uint8Array.from(data.packageBytes[0]!);
  const damaged = Uint8Array.from(bytes);
  damaged.fill(0xff, damaged.length - 8);
  const refused: [Uint8Array, ReadOptions][] = [
    [damaged, {}],
    [bytes.subarray(0, bytes.length - 8), {}],
    [Uint8Array.from([...bytes, 1]), {}],
    [bytes, { digest: `sha256:${'0'.repeat(64)}` }],
  ];
  for (const [given, options] of refused) {
    const here = await asyncRefusal(() => read(given, { ...options, workers: 0 }), 'VT7202');
    const there = await asyncRefusal(() => read(given, { ...options, workers: 2 }), 'VT7202');
    expect([there.message, there.facts]).toEqual([here.message, here.facts]);
  }
  expect(threads).toHaveLength(refused.length);
  await ended();
});

it('ends its thread where it is stopped, or its stream fails', async () => {
  const stopping = new AbortController();
  const whenBegun = once(process, 'worker').then(() => setImmediate(() => stopping.abort()));
  const stopped = asyncRefusal(
    () => read(data.packageBytes[0]!, { workers: 1, signal: stopping.signal }),
    'VT7511',
  );
  await whenBegun;
  await stopped;
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield* cut(data.packageBytes[0]!.subarray(0, 5_000), 1000);
    throw new Error('the disk is gone');
  };
  const options = { program, template: data.template, workers: 1 };
  await expect(readPackageBy(failing(), options, () => true)).rejects.toThrow('the disk is gone');
  expect(threads).toHaveLength(2);
  await ended();
});
