import { transactions } from '@veritrain/chaincode/domain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readKnown, readKnownChanges } from './readKnown.js';

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

describe('what a newer contract says', () => {
  const clock = { sequence: 3, time: 7 };

  it('is read without the fields that it added, at every depth', () => {
    const stamp = { ...clock, transactionId: 'a'.repeat(64) };
    const schema = z.strictObject({
      rows: z.array(z.strictObject({ at: z.strictObject({ time: z.int() }) })),
    });
    const said = { rows: [{ at: { time: 1, zone: 'UTC' } }, { at: { time: 2 }, by: stamp }], total: 2 };
    expect(readKnown(schema, bytes(said))).toEqual({ rows: [{ at: { time: 1 } }, { at: { time: 2 } }] });
    expect(readKnown(transactions.GetClock.output, bytes({ ...clock, drift: 1 }))).toEqual(clock);
  });

  it('is read so in an event, too', () => {
    const change = { type: 'ClockTicked', ...clock };
    const said = { schemaVersion: 1, changes: [{ ...change, by: 'pt_1' }] };
    expect(readKnownChanges(bytes(said))).toEqual([change]);
  });

  it.each([
    ['lacks a field', { sequence: 3, other: 1 }],
    ['has a field in another shape', { sequence: 3, time: 'noon', other: 1 }],
  ])('is refused where it %s', (_, said) => {
    expect(() => readKnown(transactions.GetClock.output, bytes(said))).toThrow(z.ZodError);
  });
});
