// `npm run demo`: installs and builds what is missing, then hands over to `veritrain demo`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureReady, environment, root } from './setup.mjs';

await ensureReady();
const child = spawn(
  'node',
  [join(root, 'agents', 'dist', 'cli', 'main.js'), 'demo', '--until-stdin-ends', ...process.argv.slice(2)],
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
// npm that is killed cannot pass anything on.
const parent = process.ppid;
const watch = setInterval(() => process.ppid !== parent && child.stdin.end(), 500);
child.on('close', (code) => {
  clearInterval(watch);
  process.exit(code ?? 1);
});
