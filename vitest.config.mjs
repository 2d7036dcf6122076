import { defineConfig } from 'vitest/config';
import { conformanceOn } from './test/ledger-conformance/projects.mjs';

export default defineConfig({
  test: {
    maxConcurrency: 8,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Stories start a whole market as processes: two files at a time is what two cores carry.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'veritrain',
          include: ['**/src/**/*.test.ts', '**/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/fixtures/**', 'test/crashes/**'],
        },
      },
      conformanceOn('fabric', { version: '3.1.5', ca: true }),
    ],
  },
});
