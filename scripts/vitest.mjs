// Runs vitest, and brings its report into the shape of results.mjs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './setup.mjs';

/** @param args what vitest gets beside its reporters. @returns one result for each test */
export async function runTests(args, { reporter = 'default', env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-test-'));
  const file = join(folder, 'results.json');
  try {
    const { status } = await run(
      'vitest',
      ['run', `--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${file}`, ...args],
      { stdout: 'inherit', env },
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

/** The ledger's conformance suite on one kind of real Fabric network, which stands as long as it takes. */
export const runConformance = (kind, filters) =>
  runTests(['--config', 'test/ledger-conformance/vitest.config.mjs', '--passWithNoTests', ...filters], {
    env: { VERITRAIN_NETWORK: kind },
  });

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
