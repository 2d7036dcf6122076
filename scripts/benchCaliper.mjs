// `npm run bench:caliper`: installs and builds what is missing, then measures.
import { benchCaliper, ensureCaliper } from './caliper.mjs';
import { ensureReady } from './setup.mjs';

await ensureReady();
const missing = await ensureCaliper();
if (missing !== undefined) {
  process.stderr.write(`${missing}.\n`);
  process.exit(1);
}
process.exit(await benchCaliper(process.argv.slice(2)));
