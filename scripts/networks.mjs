// `npm run test:networks`: the ledger's conformance suite on every kind of Fabric network, one after the other.
import { ensureReady } from './setup.mjs';
import { report } from './results.mjs';
import { runConformance } from './vitest.mjs';
import { networks } from '../test/ledger-conformance/networks.mjs';

const started = Date.now();
await ensureReady();
const results = [];
for (const kind of Object.keys(networks))
  results.push(...(await runConformance(kind, process.argv.slice(2))));
report(results, started);
