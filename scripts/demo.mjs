// `npm run demo`: installs and builds what is missing, then hands over to `veritrain demo`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureReady, environment, root } from './setup.mjs';

await ensureReady();
const child = spawn(
  'node',
  [join(root, 'agents', 'dist', 'cli', 'main.js'), 'demo', ...process.argv.slice(2)],
  {
    env: environment(),
    stdio: 'inherit',
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => process.exit(code ?? 1));
