import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/scenarios/crashes/*.test.ts'],
    hookTimeout: 120_000,
    // Each couple brings up to five processes: as many couples at a time as two cores carry.
    maxConcurrency: 4,
  },
});
