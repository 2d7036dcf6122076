// `npm run docs`: the API reference as HTML, docs/api/index.html.
import { ensureReady, run } from './setup.mjs';

await ensureReady();
const { status } = await run('node', ['scripts/apiReference.mjs', '--html'], { stdout: 1 });
process.exit(status);
