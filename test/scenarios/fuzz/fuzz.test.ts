import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { fuzz, type Kind } from './run.js';

// `npm run fuzz` says how many, from which seed, which one alone, and where the result goes.
const {
  VERITRAIN_FUZZ_COUNT: count = '400',
  VERITRAIN_FUZZ_SEED: seed = randomBytes(4).toString('hex'),
  VERITRAIN_FUZZ_ONLY: only,
  VERITRAIN_FUZZ_FAILURES: failures = join(tmpdir(), 'veritrain-fuzz-failures'),
  VERITRAIN_FUZZ_RESULT: result,
} = process.env;

/** Memory is looked at in runs that are long enough for the first half to be like the second. */
const longRun = 5000;
const slackBytes = 150 * 1024 * 1024;

it(
  'every mutated transaction and message is answered with a code, and nothing ends or grows',
  async () => {
    const [kind, index] = only?.split(':') ?? [];
    const found = await fuzz({
      count: Number(count),
      seed,
      only: only === undefined ? undefined : { kind: kind as Kind, index: Number(index) },
      failures,
      onProgress: (line) => process.stderr.write(`${line}\n`),
    });
    if (result !== undefined) writeFileSync(result, JSON.stringify(found));
    expect(found.failures.slice(0, 5), `seed ${seed}`).toEqual([]);
    if (found.count < longRun) return;
    for (const { firstBytes, secondBytes } of found.memory)
      expect(secondBytes).toBeLessThan(1.25 * firstBytes + slackBytes);
  },
  6 * 3_600_000,
);
