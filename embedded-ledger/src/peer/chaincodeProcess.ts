import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { LedgerError } from '../errors.js';
import { LastLines } from '../lastWords.js';
import type { Log } from '../log.js';
import { CHECK, GUARD_MODULE } from './chaincodeGuard.js';

/** A valid chaincode folder: its package's name, and the command that starts its server. */
export interface ChaincodePackage {
  readonly folder: string;
  /** Name of the package without scope. */
  readonly name: string;
  /** The command of the fabric-shim that the folder itself depends on. */
  readonly shimCommand: string;
}

export interface RunningChaincode {
  readonly address: string;
  /** Resolves with the reason when the process ends. */
  readonly ended: Promise<string>;
  /** Ends the process if its event loop is blocked. */
  check(): void;
  stop(): Promise<void>;
}

const packageSchema = z.object({ name: z.string().min(1) });
const shimSchema = z.object({ bin: z.object({ 'fabric-chaincode-node': z.string() }) });
const STOP_AFTER_MS = 2000;

/** @throws LedgerError CHAINCODE_INVALID */
export function readChaincodePackage(folder: string): ChaincodePackage {
  const home = resolve(folder);
  const manifest = join(home, 'package.json');
  if (!existsSync(manifest)) {
    throw invalid(
      home,
      'the chaincode folder has no package.json',
      'Specify the folder of a Node chaincode package.',
    );
  }
  const parsed = packageSchema.safeParse(parseJson(manifest));
  if (!parsed.success) throw invalid(home, 'package.json has no name', 'Give the package a name.');
  const name = parsed.data.name.replace(/^@[^/]*\//, '');
  requireBuilt(home, manifest);
  return { folder: home, name, shimCommand: findShim(home, manifest) };
}

function requireBuilt(folder: string, manifest: string): void {
  try {
    createRequire(manifest).resolve(folder);
  } catch (error) {
    const hint = 'Build it: the main file of package.json does not exist.';
    throw invalid(folder, 'the chaincode is not built', hint, error);
  }
}

export interface ChaincodeProcessOptions {
  readonly chaincodeId: string;
  readonly mspId: string;
  /** Folder with `server.crt`, `server.key` and, for the peer that may connect, `ca.crt`; undefined without TLS. */
  readonly tlsFolder: string | undefined;
  readonly log: Log;
}

/** Starts the chaincode server of a folder on a free port of this machine. */
export async function startChaincodeProcess(
  chaincode: ChaincodePackage,
  { chaincodeId, mspId, tlsFolder, log }: ChaincodeProcessOptions,
): Promise<RunningChaincode> {
  const address = `127.0.0.1:${String(await freePort())}`;
  const child = spawn(
    process.execPath,
    [
      '--import',
      GUARD_MODULE,
      '--no-deprecation',
      chaincode.shimCommand,
      'server',
      '--chaincode-address',
      address,
      '--chaincode-id',
      chaincodeId,
      ...(tlsFolder === undefined ? [] : tlsFlags(tlsFolder)),
    ],
    { cwd: chaincode.folder, env: environment(mspId), stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const lines = forwardOutput(child, `chaincode ${mspId}`, log);
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => {
      done(error.message);
    });
    child.once('close', (code, signal) => {
      const how = signal === null ? `with exit code ${String(code)}` : `by ${signal}`;
      done(`${how}: ${lines.words}`);
    });
  });
  // The process may end while the ledger writes to it.
  child.stdin.on('error', () => undefined);
  const check = (): void => void child.stdin.write(CHECK);
  return { address, ended, check, stop: () => stopProcess(child, ended) };
}

function tlsFlags(folder: string): string[] {
  return [
    ...['--chaincode-tls-cert-file', join(folder, 'server.crt')],
    ...['--chaincode-tls-key-file', join(folder, 'server.key')],
    ...['--chaincode-tls-client-cacert-file', join(folder, 'ca.crt')],
  ];
}

async function stopProcess(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_AFTER_MS);
  child.kill('SIGTERM');
  await ended;
  child.stdin?.destroy();
  clearTimeout(force);
}

/** Logs each line of the chaincode. The last lines are kept to explain why it died. */
function forwardOutput(child: ChildProcess, label: string, log: Log): LastLines {
  const lines = new LastLines();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      log(`[${label}] ${line}`);
      lines.add(line);
    });
  }
  return lines;
}

/**
 * The caller's environment without the variables that configure a peer (CORE_…), except the chaincode's log settings.
 */
function environment(mspId: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CORE_') || name.startsWith('CORE_CHAINCODE_LOGGING_'),
  );
  const own = { CORE_CHAINCODE_LOGGING_LEVEL: 'critical', CORE_PEER_LOCALMSPID: mspId };
  return { ...own, ...Object.fromEntries(kept) };
}

function findShim(folder: string, manifest: string): string {
  try {
    const shimManifest = createRequire(manifest).resolve('fabric-shim/package.json');
    const shim = shimSchema.parse(parseJson(shimManifest));
    return join(shimManifest, '..', shim.bin['fabric-chaincode-node']);
  } catch (error) {
    const hint = 'Run npm install in the chaincode folder; its package must depend on fabric-shim.';
    throw invalid(folder, 'fabric-shim is not installed for this chaincode', hint, error);
  }
}

function parseJson(path: string): unknown {
  return JSON.parse(new TextDecoder().decode(readFileSync(path)));
}

function invalid(folder: string, message: string, hint: string, cause?: unknown): LedgerError {
  return new LedgerError('CHAINCODE_INVALID', message, hint, { folder }, { cause });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port was given');
  return address.port;
}
