// `npm run demo`: installs and builds what is missing, then hands over to `veritrain demo`.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { ensureReady, environment, root } from './setup.mjs';

await ensureReady();
const child = spawn(
  'node',
  [join(root, 'cli', 'bin', 'veritrain.js'), 'demo', '--until-stdin-ends', ...process.argv.slice(2)],
  {
    // Paths that the user typed start where the user stands, not where npm goes.
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: environment(),
    // The pipe ends with this process, however that ends; the demo stops then and leaves nothing behind.
    stdio: ['pipe', 'inherit', 'inherit'],
  },
);
child.stdin.on('error', () => undefined);
// Whatever the demo may have heard itself, such as Ctrl-C on a terminal, once is enough for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.stdin.end());
// npm that is killed cannot pass anything on: it is this process's parent, or the parent of the shell between them.
const before = ancestors();
const watch = setInterval(() => ancestors() !== before && child.stdin.end(), 500);
child.on('close', (code) => {
  clearInterval(watch);
  process.exit(code ?? 1);
});

function ancestors() {
  if (process.env.npm_lifecycle_event === undefined) return '';
  const parent = process.ppid;
  try {
    const [, afterName = ''] = readFileSync(`/proc/${parent}/stat`, 'utf8').split(') ');
    return `${parent} ${afterName.split(' ')[1]}`;
  } catch {
    return `${parent}`;
  }
}
