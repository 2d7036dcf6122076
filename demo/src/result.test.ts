import { describe, expect, it } from 'vitest';
import { demoResultSchema } from './result.js';
import { sampleReport } from './testing/sampleReport.js';

describe('demoResultSchema', () => {
  const { result } = sampleReport();

  it('takes the object that is promised, and no field more or less', () => {
    expect(demoResultSchema.parse(result)).toEqual(result);
    expect(demoResultSchema.safeParse({ ...result, extra: 1 }).success).toBe(false);
    for (const name of Object.keys(result)) {
      const rest = Object.fromEntries(Object.entries(result).filter(([other]) => other !== name));
      expect(demoResultSchema.safeParse(rest).success).toBe(false);
    }
  });
});
