// `npm test`: check, prepare, then every test. Ends with one line, `N passed, N failed, N skipped`.
import { ensureCaliper } from './caliper.mjs';
import { checks, runChecks } from './checks.mjs';
import { prepareTests } from './prepare.mjs';
import { ensureReady } from './setup.mjs';
import { report } from './results.mjs';
import { runConformance, runTests } from './vitest.mjs';

const started = Date.now();
await ensureReady();
// Where it cannot be had, its test is left out by name.
await ensureCaliper();
const results = await runChecks(checks());
await prepareTests();
const filters = process.argv.slice(2);
results.push(...(await runTests(filters)), ...(await runConformance('Fabric', filters)));
report(results, started);
