// `npm run bench`: every package's benchmarks, one after the other, so that none disturbs another. Those with a name of
// their own (`bench:<name>` in a package) take minutes and gigabytes: they run when they are asked for, by that name.
// Options behind one name go to its benchmark: `npm run bench -- training --help`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady, packages, root, run } from './setup.mjs';

await ensureReady();
const given = process.argv.slice(2);
const firstOption = given.findIndex((argument) => argument.startsWith('-'));
const asked = firstOption === -1 ? given : given.slice(0, firstOption);
const options = given.slice(asked.length);
const benchmarks = packages().flatMap(benchmarksOf);
if (benchmarks.length === 0) {
  process.stderr.write(`No benchmark is called ${asked.join(' or ')}.\n`);
  process.exit(1);
}
if (options.length > 0 && benchmarks.length > 1) {
  process.stderr.write(`${options[0]} needs the name of one benchmark before it, such as training.\n`);
  process.exit(2);
}
for (const { workspace, script } of benchmarks) {
  const { status } = await run('npm', ['run', '-s', script, '-w', workspace, '--', ...options], {
    stdout: 'inherit',
  });
  if (status !== 0) process.exit(status);
}

function benchmarksOf(workspace) {
  const manifest = join(root, workspace, 'package.json');
  const { scripts = {} } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
  return Object.keys(scripts)
    .filter((script) =>
      script === 'bench'
        ? asked.length === 0 || asked.includes(workspace)
        : script.startsWith('bench:') && asked.includes(script.slice('bench:'.length)),
    )
    .map((script) => ({ workspace, script }));
}
