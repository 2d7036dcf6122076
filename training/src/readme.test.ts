import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { csvText } from './data/csvText.js';
import { binaryTable } from './testing/logistic.js';

const here = dirname(fileURLToPath(import.meta.url));
// Beside this file, where the package's name resolves.
const folder = mkdtempSync(join(here, '.readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('README.md: its logistic model is the same in clear and encrypted, but for the noise', async () => {
  const readme = readFileSync(join(here, '..', 'README.md'), 'utf8');
  const [, program = ''] = /### Logistic models[^]*?```js\n([^]*?)```/.exec(readme) ?? [];
  writeFileSync(join(folder, 'program.mjs'), program);
  const { columns, rows, features, values, targets } = binaryTable('noisy', 6, 5);
  const lines = Array.from({ length: rows }, (_, row) => [
    ...values.subarray(row * features, (row + 1) * features),
    targets[row] ?? NaN,
  ]);
  writeFileSync(join(folder, 'patients.csv'), csvText([...columns, 'ill'], lines));
  const { stdout } = await promisify(execFile)(process.execPath, ['program.mjs'], { cwd: folder });
  const figures = stdout.matchAll(/auc (0\.\d+)/g);
  const [inClear = NaN, encrypted = NaN] = [...figures].map(([, auc]) => Number(auc));
  // The probability of class 1 is between a quarter and three quarters in every row: no model gets far beyond 0.67.
  expect(inClear).toBeGreaterThan(0.6);
  expect(Math.abs(inClear - encrypted)).toBeLessThanOrEqual(0.001);
});
