// Brings a clone to the state in which a command can run: installed, built, on the right Node.
// It runs on Node 20 with nothing installed, so it imports only what Node itself has.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.cache', 'veritrain-build.json');

/**
 * The project's own Node (a dev dependency) comes first on the PATH of everything that is started. gRPC clients of tests
 * and benchmarks reach this machine whatever proxy is named.
 */
export const environment = () => ({
  // What hundreds of processes load is compiled once.
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  no_grpc_proxy: 'localhost,127.0.0.1',
});

/**
 * Runs a program in the project's folder; resolves with its exit status and, when asked, its output. A program that
 * cannot be started has failed, and says so.
 */
export function run(command, args, { capture = false, env = {}, cwd = root, stdout = 2 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...environment(), ...env },
      stdio: ['ignore', capture ? 'pipe' : stdout, capture ? 'pipe' : 2],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', ({ code, message }) => {
      const why = code === 'ENOENT' ? 'there is no such program' : message;
      const said = `${command} cannot be started: ${why}.`;
      if (!capture) process.stderr.write(`${said}\n`);
      resolve({ status: 127, output: said });
    });
    child.on('close', (code, signal) => resolve({ status: code ?? 1, signal, output }));
  });
}

async function step(title, command, args) {
  const started = Date.now();
  process.stderr.write(`${title} …\n`);
  const { status, output } = await run(command, args, { capture: true });
  if (status !== 0) {
    process.stderr.write(
      `${output}\n${title} failed (${command} ${args.join(' ')}, exit status ${status}).\n`,
    );
    process.exit(status);
  }
  process.stderr.write(`${title}: ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

const digest = (parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'dist', 'test', 'bench'].includes(entry.name)) yield* sources(path);
    } else if (!entry.name.endsWith('.test.ts')) yield path;
  }
}

const manifest = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
export const packages = () => manifest().workspaces.filter((name) => name !== 'test');

function state() {
  const installed = digest([readFileSync(lockFile)]);
  const built = digest(
    packages().flatMap((name) =>
      [...sources(join(root, name))].sort().flatMap((path) => [path, readFileSync(path)]),
    ),
  );
  return { installed, built };
}

function recorded() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

function record(change) {
  const next = { ...recorded(), ...change };
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify(next));
}

/** What a user's environment or .npmrc may leave out or arrange in another way, and this project needs as it is. */
const wholeInstallation = [
  ...['--include=dev', '--include=optional', '--include=peer', '--no-legacy-peer-deps'],
  ...['--install-strategy=hoisted', '--bin-links', '--no-global', '--no-dry-run'],
];

const programs = ['node', 'lerna', 'tsc', 'vitest', 'eslint', 'prettier', 'knip'];

/** Packages of the lock file, and programs of theirs, that are not there. Those for some machines alone do not count. */
function missing() {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  const wanted = Object.entries(packages).filter(
    ([path, { optional, devOptional }]) => path.includes('node_modules/') && !optional && !devOptional,
  );
  return [
    ...wanted.map(([path]) => path).filter((path) => !existsSync(join(root, path))),
    ...programs
      .map((name) => join('node_modules', '.bin', name))
      .filter((path) => !existsSync(join(root, path))),
  ];
}

/** Installs what the lock file names, unless it is there already, whatever npm's settings say. */
async function ensureInstalled() {
  const { installed } = state();
  if (recorded().installed === installed && missing().length === 0) return;
  const quietly = ['--no-audit', '--loglevel=error'];
  await step('Installing dependencies (once)', 'npm', [
    'ci',
    ...wholeInstallation,
    '--ignore-scripts',
    ...quietly,
  ]);
  // The one package whose script is needed: it brings the project's Node. The user may have switched scripts off.
  const fetchNode = ['rebuild', 'node', ...wholeInstallation, '--no-ignore-scripts', ...quietly];
  await step('Fetching Node (once)', 'npm', fetchNode);
  requireInstalled();
  record({ installed, built: undefined });
}

function requireInstalled() {
  const absent = missing();
  if (absent.length === 0) return;
  const named = `${absent.slice(0, 5).join(', ')}${absent.length > 5 ? `, and ${absent.length - 5} more` : ''}`;
  process.stderr.write(`npm has installed everything but ${named}. Look at its settings: npm config list\n`);
  process.exit(1);
}

/** Builds every package in the order of their dependencies, unless nothing changed since the last build. */
async function ensureBuilt() {
  const { built } = state();
  const complete = packages().every((name) => existsSync(join(root, name, 'dist')));
  if (complete && recorded().built === built) return;
  for (const name of packages()) rmSync(join(root, name, 'dist'), { recursive: true, force: true });
  await step('Building', 'lerna', ['run', 'build', '--concurrency', '2', '--loglevel', 'error']);
  record({ built });
}

export async function ensureReady() {
  await ensureInstalled();
  await ensureBuilt();
}
