// `npm run test:unit`: the tests that stand beside the sources. They start no Fabric and no market of processes.
import { report } from './results.mjs';
import { ensureReady, packages } from './setup.mjs';
import { runTests } from './vitest.mjs';

const started = Date.now();
await ensureReady();
const beside = packages().map((name) => `${name}/src/`);
report(await runTests(['--project', 'all', ...beside]), started);
