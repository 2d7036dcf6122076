// `npm run check`: everything about the code that needs no running of it.
import { checks, runChecks } from './checks.mjs';
import { ensureReady } from './setup.mjs';
import { closingLine, printSkipped } from './results.mjs';

await ensureReady();
const results = await runChecks(checks());
printSkipped(results);
process.stdout.write(`${closingLine(results)}\n`);
process.exit(results.some(({ outcome }) => outcome === 'failed') ? 1 : 0);
