import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TrainingError, trainingErrors } from './errors.js';

const folder = new URL('.', import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'errors.ts')
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');

describe('error codes', () => {
  it.each(Object.entries(trainingErrors))(
    '%s is thrown somewhere and says what to do',
    (code, { name, help }) => {
      expect(sources).toMatch(new RegExp(`'${code}'`));
      expect(name).toMatch(/^[A-Z_]+$/);
      expect(help.length).toBeGreaterThan(20);
    },
  );

  it('carry message, facts, hint and cause', () => {
    const cause = new Error('inner');
    const error = new TrainingError('VT7008', 'x has 3 rows', { rows: 3 }, cause);
    expect(error).toMatchObject({
      message: 'VT7008 TOO_FEW_ROWS: x has 3 rows',
      name: 'TrainingError',
      reason: 'TOO_FEW_ROWS',
      facts: { rows: 3 },
      hint: trainingErrors.VT7008.help,
      cause,
    });
  });
});
