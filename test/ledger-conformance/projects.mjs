// The conformance suite on real Fabric: the same files as on the embedded ledger, as a project of vitest of its own.
import { missingPrograms } from '@veritrain/network';

const suite = 'test/ledger-conformance/*.test.ts';
const absent = 'test/ledger-conformance/support/absent.ts';

/**
 * @param {string} name
 * @param {import('@veritrain/network').NetworkChoices} choices
 */
export function conformanceOn(name, choices) {
  const missing = missingPrograms(choices.version ?? '3.1.5');
  const network = { name: `the ledger’s conformance suite on ${name}`, choices, missing };
  return {
    extends: true,
    test: {
      name,
      // Where Fabric's programs are missing, one test stands for the suite, left out and counted.
      include: [missing.length === 0 ? suite : absent],
      ...(missing.length === 0 ? { globalSetup: ['test/ledger-conformance/support/fabric.ts'] } : {}),
      provide: { network },
      // They share one network.
      fileParallelism: false,
    },
  };
}
