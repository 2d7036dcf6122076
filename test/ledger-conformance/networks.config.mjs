import { defineConfig } from 'vitest/config';
import { conformanceOn } from './projects.mjs';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    projects: [
      conformanceOn('SmartBFT', { version: '3.1.5', consensus: 'bft' }),
      conformanceOn('Raft of three', { version: '3.1.5', orderers: 3, ca: true }),
      conformanceOn('without TLS', { version: '3.1.5', tls: false }),
      conformanceOn('Fabric 2.5', { version: '2.5.16', ca: true }),
    ],
  },
});
