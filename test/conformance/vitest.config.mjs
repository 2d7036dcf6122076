// The conformance suite on one kind of real Fabric network, the one that VERITRAIN_NETWORK names.
import { missingPrograms } from '@veritrain/network';
import { defineConfig } from 'vitest/config';
import { networks } from './networks.mjs';

const kind = process.env.VERITRAIN_NETWORK ?? 'Fabric';
const choices = networks[kind] ?? {};
const missing = missingPrograms(choices.version ?? '3.1.5');
const folder = 'test/conformance';
// Where Fabric's programs are missing, one test stands for the suite, left out and counted.
const isThere = missing.length === 0;

export default defineConfig({
  test: {
    name: kind,
    include: [isThere ? `${folder}/*.test.ts` : `${folder}/support/absent.ts`],
    globalSetup: isThere ? [`${folder}/support/fabric.ts`] : [],
    provide: { network: { name: `the conformance suite on ${kind}`, choices, missing } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // All files share one network.
    fileParallelism: false,
  },
});
