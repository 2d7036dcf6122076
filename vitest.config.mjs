import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/src/**/*.test.ts', '**/test/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/fixtures/**', 'test/crashes/**'],
    maxConcurrency: 8,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Stories start a whole market as processes: two files at a time is what two cores carry.
    maxWorkers: 2,
  },
});
