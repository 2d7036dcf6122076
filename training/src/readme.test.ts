import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { csvText } from './data/csvText.js';
import { binaryTable, type binaryKinds } from './testing/logistic.js';

const here = dirname(fileURLToPath(import.meta.url));
// Beside this file, where the package's name resolves.
const folder = mkdtempSync(join(here, '.readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function programUnder(heading: string): string {
  const readme = readFileSync(join(here, '..', 'README.md'), 'utf8');
  const [, program = ''] = new RegExp(`### ${heading}[^]*?\`\`\`js\\n([^]*?)\`\`\``).exec(readme) ?? [];
  return program;
}

/** What the program under a heading prints, beside a file. */
async function run(heading: string, csv: string): Promise<string> {
  writeFileSync(join(folder, 'program.mjs'), programUnder(heading));
  writeFileSync(join(folder, 'patients.csv'), csv);
  return (await promisify(execFile)(process.execPath, ['program.mjs'], { cwd: folder })).stdout;
}

/** A table whose column "ill" has two values. */
function csvOfClasses(kind: (typeof binaryKinds)[number]): string {
  const { columns, rows, features, values, targets } = binaryTable(kind, 6, 5);
  const lines = Array.from({ length: rows }, (_, row) => [
    ...values.subarray(row * features, (row + 1) * features),
    targets[row] ?? NaN,
  ]);
  return csvText([...columns, 'ill'], lines);
}

it('README.md: its linear model on encrypted data ends at least squares', async () => {
  const csv = readFileSync(new URL('../../demo/data/diabetes.csv', import.meta.url), 'utf8');
  const error = Number(await run('Encrypted data', csv));
  // Least squares in clear leave 2859.70.
  expect(error).toBeGreaterThan(2859);
  expect(error).toBeLessThan(2862);
});

it('README.md: its ten lines train encrypted, and are ten', async () => {
  const program = programUnder('Ten lines');
  const [, body = ''] = program.split('\n\n');
  expect(body.trim().split('\n').length).toBeLessThanOrEqual(10);
  const printed = await run('Ten lines', csvOfClasses('separable'));
  const [, auc = ''] = /name: 'auc', value: ([\d.]+)/.exec(printed) ?? [];
  // The program draws the 24 held-out rows at random. The classes are far apart, since so few noisy rows say little.
  expect(Number(auc)).toBeGreaterThan(0.9);
});

it('README.md: its logistic model is the same in clear and encrypted, but for the noise', async () => {
  const figures = (await run('Logistic models', csvOfClasses('noisy'))).matchAll(/auc (0\.\d+)/g);
  const [inClear = NaN, encrypted = NaN] = [...figures].map(([, auc]) => Number(auc));
  // The probability of class 1 is between a quarter and three quarters in every row: no model gets far beyond 0.67.
  expect(inClear).toBeGreaterThan(0.6);
  expect(Math.abs(inClear - encrypted)).toBeLessThanOrEqual(0.001);
});
