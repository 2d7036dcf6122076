// Caliper's workloads: installed at first use, since Caliper brings 650 packages that nobody else needs.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, root, run } from './setup.mjs';

const caliperFolder = join(root, 'caliper-benchmarks');
const lock = join(caliperFolder, 'package-lock.json');
const stamp = join(caliperFolder, 'node_modules', '.veritrain-lock');

const digest = () => createHash('sha256').update(readFileSync(lock)).digest('hex');
const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === digest();

async function build(script) {
  const { status } = await run('npm', ['run', '-s', script], { cwd: caliperFolder });
  if (status !== 0) process.exit(status);
}

/** Installs what the lock file names, unless it is there, and builds. @returns why it could not be installed, if so */
export async function ensureCaliper() {
  // A contract, which needs nothing of Caliper's: its tests run without.
  await build('build:oam');
  if (!isInstalled()) {
    process.stderr.write('Installing Caliper (once, some minutes) …\n');
    // None of its packages needs its scripts: they build clients of other ledgers.
    const args = ['ci', '--ignore-scripts', '--no-audit', '--loglevel=error', '--fetch-retries=1'];
    const { status } = await run('npm', args, { cwd: caliperFolder });
    if (status !== 0) return 'Caliper could not be installed: npm ci failed, as it says above';
    writeFileSync(stamp, digest());
  }
  await build('build');
  return undefined;
}

/** Runs the command with these arguments; it stops its networks itself when it is told to end. @returns its exit status */
export function benchCaliper(args) {
  const program = join(caliperFolder, 'dist', 'command', 'bench.js');
  const child = spawn('node', [program, ...args], { stdio: 'inherit', env: environment() });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}
