// `npm run check`: everything about the code that needs no running of it.
import { checks, runChecks } from './checks.mjs';
import { ensureReady } from './setup.mjs';
import { report } from './results.mjs';

const started = Date.now();
await ensureReady();
report(await runChecks(checks()), started);
