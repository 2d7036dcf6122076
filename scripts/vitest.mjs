// Runs vitest, and gives what came out in the shape of results.mjs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './setup.mjs';

const reporterOf = (file) => `--reporter=${fileURLToPath(new URL(file, import.meta.url))}`;
const ownReporters = [reporterOf('progressReporter.mjs'), reporterOf('resultsReporter.mjs')];

/** @param args what vitest gets beside its reporters. @returns one result for each test */
export async function runTests(args, { reporter = 'default', env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'veritrain-test-'));
  const file = join(folder, 'results.json');
  try {
    const { status } = await run('vitest', ['run', `--reporter=${reporter}`, ...ownReporters, ...args], {
      stdout: 'inherit',
      env: { ...env, VERITRAIN_RESULTS: file },
    });
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
  runTests(['--config', 'test/conformance/vitest.config.mjs', '--passWithNoTests', ...filters], {
    env: { VERITRAIN_NETWORK: kind },
  });

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return [{ name: 'test run', outcome: 'failed', reason: `no report: ${error.message}` }];
  }
}
