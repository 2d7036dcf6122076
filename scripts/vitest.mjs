// Runs vitest and tells what became of each test.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './setup.mjs';

export async function runTests(filters) {
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-test-'));
  const file = join(folder, 'results.json');
  try {
    const { status } = await run(
      'vitest',
      ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...filters],
      { stdout: 'inherit' },
    );
    const tests = readReport(file);
    // A run that breaks without naming a failed test (a worker that dies, a file that does not load) has failed.
    if (status !== 0 && tests.every(({ outcome }) => outcome !== 'failed'))
      tests.push({ name: 'test run', outcome: 'failed', reason: `vitest ended with status ${status}` });
    return tests;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return [{ name: 'test run', outcome: 'failed', reason: `no report: ${error.message}` }];
  }
  return report.testResults.flatMap(({ assertionResults }) => assertionResults.map(toResult));
}

function toResult({ fullName, status, meta }) {
  if (status === 'passed' || status === 'failed') return { name: fullName, outcome: status };
  return { name: fullName, outcome: 'skipped', reason: meta?.reason ?? 'see its file' };
}
