import type { DeadlineView } from '@veritrain/client-sdk';
import { describe, expect, it } from 'vitest';
import type { Awaited } from '@veritrain/agents';
import { untilText, waitTexts } from './waitingText.js';

const dueAt = Date.now();
const until: DeadlineView = { sequence: 4, durationMs: 30_000, windowMs: 250, dueAt, passed: false };
const time = /\d\d:\d\d:\d\d/;
const commit = (subsetIndex: number, whom = ['pt_a', 'pt_b']): Awaited => ({
  kind: 'updates',
  attempt: 3,
  whom,
  until,
  thenAnyone: null,
  subsetIndex,
});

describe('whom a training waits for, until when', () => {
  it('is one line for the same thing of several subsets', () => {
    const [only, ...others] = waitTexts([commit(2), commit(0)]);
    expect(others).toEqual([]);
    expect(only?.text.replace(time, 'T')).toBe(
      'waiting for pt_a, pt_b: hosts to commit or report (attempt 3, subsets 0 2), until T',
    );
  });

  it('is a line for each member that something else is waited for from', () => {
    expect(waitTexts([commit(0), commit(1, ['pt_c'])])).toHaveLength(2);
  });

  it('is the same wait while its deadline has not passed', () => {
    const early = { ...commit(0), until: { ...until, dueAt: null } };
    const late = { ...commit(0), until: { ...until, passed: true }, thenAnyone: 'TallyRound' };
    const keys = [early, commit(0), late].map((wait) => waitTexts([wait])[0]?.key);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[1]).not.toBe(keys[2]);
    expect(waitTexts([late])[0]?.text).toMatch(/, since .*; now anyone may call TallyRound$/);
  });

  it('says so where there is no deadline yet, or none at all', () => {
    expect(untilText(null)).toBe('no deadline');
    expect(untilText({ ...until, dueAt: null })).toBe('the deadline starts within two ticks');
  });
});
