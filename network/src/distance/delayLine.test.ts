import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DelayLine } from './delayLine.js';

const elapsedSince = (start: number): number => performance.now() - start;

it('hands on the same bytes in the same order, none before its time', async () => {
  const line = new DelayLine(50);
  const chunks = Array.from({ length: 300 }, () => randomBytes(1000));
  const start = performance.now();
  for (const chunk of chunks) line.write(chunk);
  line.end();
  let firstMs: number | undefined;
  line.once('data', () => (firstMs = elapsedSince(start)));
  expect(await buffer(line)).toEqual(Buffer.concat(chunks));
  expect(firstMs).toBeGreaterThanOrEqual(50);
});

it('delays each chunk from the moment that it came', async () => {
  const line = new DelayLine(100);
  const sentAt = new Map<string, number>();
  const tookMs: number[] = [];
  line.on('data', (chunk: Buffer) => tookMs.push(elapsedSince(sentAt.get(chunk.toString())!)));
  for (const name of ['first', 'second', 'third']) {
    sentAt.set(name, performance.now());
    line.write(name);
    await delay(20);
  }
  line.end();
  await once(line, 'end');
  expect(tookMs).toHaveLength(3);
  for (const took of tookMs) expect(took).toBeGreaterThanOrEqual(100);
});

it('has many chunks on their way at once', async () => {
  // One after another they would take 20 minutes.
  const line = new DelayLine(300);
  for (let count = 0; count < 4000; count += 1) line.write(Buffer.from([count % 256]));
  line.end();
  expect(await buffer(line)).toHaveLength(4000);
}, 30_000);

it('delays the end as well', async () => {
  const line = new DelayLine(80);
  line.resume();
  const start = performance.now();
  line.end();
  await once(line, 'end');
  expect(elapsedSince(start)).toBeGreaterThanOrEqual(80);
});

it('lets the writer wait while too much is on its way, and while nobody reads', async () => {
  const line = new DelayLine(10, 100_000);
  const sent = randomBytes(1_000_000);
  let taken = 0;
  const writing = (async () => {
    for (let from = 0; from < sent.length; from += 10_000) {
      await new Promise((resolve) => line.write(sent.subarray(from, from + 10_000), resolve));
      taken = from + 10_000;
    }
    line.end();
  })();
  // Nobody reads yet, so the line accepts only as much as it can hold.
  await delay(200);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThanOrEqual(100_000 + line.readableHighWaterMark + 10_000);
  expect(await buffer(line)).toEqual(sent);
  await writing;
});

it('lets go of what is on its way when it is destroyed', async () => {
  const line = new DelayLine(20);
  const came: unknown[] = [];
  line.on('data', (chunk) => came.push(chunk));
  line.write('never');
  line.destroy();
  await once(line, 'close');
  await delay(60);
  expect(came).toEqual([]);
});
