import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './scripts/longestFirst.mjs';

const everything = {
  name: 'all',
  include: ['**/src/**/*.test.ts', '**/test/**/*.test.ts', 'test/**/*.test.ts'],
};

/** What of the conformance suite goes through every service of the embedded ledger, once more over TLS. */
const overTls = {
  name: 'tls',
  include: ['test/conformance/{authorities,deliver,transactions}.test.ts'],
  env: { VERITRAIN_CONFORMANCE_TLS: 'true' },
};

const onEmbedded = process.env.VERITRAIN_CONFORMANCE_GATEWAY === undefined;

export default defineConfig({
  test: {
    projects: (onEmbedded ? [everything, overTls] : [everything]).map((test) => ({ extends: true, test })),
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      '**/fixtures/**',
      'test/scenarios/crashes/**',
      'test/fabric/networks/**',
    ],
    setupFiles: ['test/support/lastWords.ts'],
    maxConcurrency: 8,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Stories start a whole market as processes, and wait for each other half of the time.
    maxWorkers: 2 * availableParallelism(),
    sequence: { sequencer: LongestFirst },
  },
});
