// `npm run test:networks`: on every kind of Fabric network stories and the ledger's conformance suite, one by one.
import { networks } from '../test/conformance/networks.mjs';
import { ensureReady } from './setup.mjs';
import { report } from './results.mjs';
import { runConformance, runTests } from './vitest.mjs';

const started = Date.now();
await ensureReady();
const filters = process.argv.slice(2);
const stories = ['--config', 'test/fabric/networks/vitest.config.mjs', '--passWithNoTests', ...filters];
const results = await runTests(stories);
for (const kind of Object.keys(networks)) results.push(...(await runConformance(kind, filters)));
report(results, started);
