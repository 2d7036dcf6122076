import { describe, expect, it } from 'vitest';
import { closingTable, whyNoLiar } from './closing.js';
import { demoResultSchema } from './result.js';
import { sampleReport } from './testing/sampleReport.js';

describe('closingTable', () => {
  it('says in a dozen lines of at most 80 columns what came of it', () => {
    const lines = closingTable(sampleReport().result, undefined).split('\n');
    expect(lines.length).toBeLessThanOrEqual(13);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const text = lines.join('\n');
    expect(text).toMatch(/^Outcome +completed, 20 rounds$/m);
    expect(text).toMatch(/^Lying host +dissented in 20 rounds, at 3 slots/m);
    expect(text).toMatch(/^Jobs +80 agreed, 40 dissented, 0 absent$/m);
  });

  it('says what the optimiser met, where it met anything', () => {
    const { result } = sampleReport();
    expect(closingTable(result, undefined)).not.toMatch(/^Steps/m);
    const steps = { boundRounds: 1, refusedSteps: 2 };
    expect(closingTable({ ...result, steps }, undefined)).toMatch(
      /^Steps +bound active in 1 round, 2 steps taken back$/m,
    );
  });

  it.each([1, 2])('says why there is no liar with %i replicas', (replicas) => {
    const text = closingTable(sampleReport(2, replicas, 3).result, whyNoLiar(replicas));
    expect(text).toMatch(/Lying host +none: .*(one replica|two replicas)/);
  });
});

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
