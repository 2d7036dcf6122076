// `npm run test:networks`: the ledger's conformance suite and the networks' stories on every kind of Fabric network.
import { ensureReady } from './setup.mjs';
import { report } from './results.mjs';
import { runTests } from './vitest.mjs';

const started = Date.now();
await ensureReady();
report(await runTests(['--config', 'test/ledger-conformance/networks.config.mjs', ...process.argv.slice(2)]), started);
