import { describe, expect, it } from 'vitest';
import { parseTemplate } from './data/template.js';
import type { TrainingErrorCode } from './errors.js';
import { familyOf } from './models/registry.js';
import { defineProgram, parseProgram } from './program.js';
import { refusal } from './testing/errors.js';
import { prepare, syntheticTable } from './testing/fixtures.js';

const { template } = prepare(syntheticTable(40, 3), 2);
const long = 'x'.repeat(100_000);

/** What others send, with more faults in it than a log should hold. */
const faulty: [string, TrainingErrorCode, () => unknown][] = [
  ['template', 'VT7201', () => parseTemplate({ ...template, subsetRows: new Array(100_000).fill('x') })],
  ['template with a field too many', 'VT7201', () => parseTemplate({ ...template, [long]: 1 })],
  ['program', 'VT7301', () => parseProgram({ ...defineProgram(), [long]: 1 })],
  ['family', 'VT7301', () => familyOf(long)],
];

describe('an error about a value of somebody else', () => {
  it.each(faulty)('has a short message and a short cause: %s', (_, code, run) => {
    const error = refusal(run, code);
    expect(error.message.length).toBeLessThan(1200);
    if (error.cause !== undefined)
      expect((error.cause as { issues: readonly unknown[] }).issues.length).toBeLessThan(6);
  });

  it('says how many faults it leaves out', () => {
    const error = refusal(
      () => parseTemplate({ ...template, subsetRows: [1, 'a', 'b', 'c', 'd', 'e', 'f'] }),
      'VT7201',
    );
    expect(error.message).toContain('subsetRows[1]');
    expect(error.message).toContain('(and 1 more)');
  });
});
