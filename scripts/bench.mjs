// `npm run bench`: every package's benchmarks, one after the other, so that none disturbs another.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady, packages, root, run } from './setup.mjs';

await ensureReady();
const asked = process.argv.slice(2);
for (const name of packages().filter((each) => asked.length === 0 || asked.includes(each))) {
  const manifest = join(root, name, 'package.json');
  const { scripts = {} } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
  if (scripts.bench === undefined) continue;
  const { status } = await run('npm', ['run', '-s', 'bench', '-w', name], { stdout: 'inherit' });
  if (status !== 0) process.exit(status);
}
