import { describe, expect, it } from 'vitest';
import { count, coupleId, decimal, durationMs, instanceId, jobId } from './values.js';

describe('values that users write', () => {
  it('are times with a unit', () => {
    const ms = ['500ms', '30s', '1.5m', '2h', '7d'].map((text) => durationMs.parse(text));
    expect(ms).toEqual([500, 30_000, 90_000, 7_200_000, 604_800_000]);
    for (const wrong of ['30', 's', '-1s', '0s', '1y', '1 s', '']) {
      expect(durationMs.safeParse(wrong).error?.issues[0]?.message, wrong).toMatch(/must be a time such as/);
    }
  });

  it('are whole numbers and decimals of a range', () => {
    expect(count(2, 1000).parse('3')).toBe(3);
    for (const wrong of ['1', '1001', '3.5', '-3', '3x', '', '1e3']) {
      expect(count(2, 1000).safeParse(wrong).error?.issues[0]?.message, wrong).toBe(
        'must be a whole number from 2 to 1000',
      );
    }
    expect(decimal(0, 100).parse('0.25')).toBe(0.25);
    for (const wrong of ['-1', '101', 'NaN', 'Infinity', ''])
      expect(decimal(0, 100).safeParse(wrong).success).toBe(false);
  });

  it('are ids, and say what they look like', () => {
    expect(coupleId.safeParse('spring').error?.issues[0]?.message).toMatch(/must look like tc_spring/);
    expect(instanceId.parse('ci_patients_0_12')).toBe('ci_patients_0_12');
    expect(jobId.parse('tj_spring_10_0_2')).toBe('tj_spring_10_0_2');
    expect(instanceId.safeParse('ci_patients_0').success).toBe(false);
  });
});
