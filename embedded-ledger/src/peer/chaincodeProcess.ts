import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { peer } from '@hyperledger/fabric-protos';
import { z } from 'zod';
import { LedgerError } from '../errors.js';
import { LastLines } from '../lastWords.js';
import type { Log } from '../log.js';
import { MAX_MESSAGE_BYTES } from './chaincodeStream.js';
import type { MessageStream } from './chaincodeStream.js';
import { MessagePipe } from './messagePipe.js';

/** A valid chaincode folder: its package's name, and the command that starts its server. */
export interface ChaincodePackage {
  readonly folder: string;
  /** Name of the package without scope. */
  readonly name: string;
  /** The command of the fabric-shim that the folder itself depends on. */
  readonly shimCommand: string;
}

export interface RunningChaincode {
  /** What the process and this one say to each other. */
  readonly stream: MessageStream;
  /** Resolves with the reason when the process ends. */
  readonly ended: Promise<string>;
  /** Ends the process if its event loop is blocked. */
  check(): void;
  stop(): Promise<void>;
}

const packageSchema = z.object({ name: z.string().min(1) });
const shimSchema = z.object({ bin: z.object({ 'fabric-chaincode-node': z.string() }) });
const STOP_AFTER_MS = 2000;
/** What a running process loads. Built by this package's build step; the same place for src/ and dist/. */
const MAIN = fileURLToPath(new URL('../../dist/peer/chaincodeMain.js', import.meta.url));
/** fabric-shim's command requires an address, and listens there where the ledger did not start it. */
const NO_ADDRESS = 'pipe';
/** Any text requests a check. */
const CHECK = '?';

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
  readonly log: Log;
}

/** Starts the chaincode of a folder. It opens no port: the pipe to it is this process's alone. */
export function startChaincodeProcess(
  chaincode: ChaincodePackage,
  { chaincodeId, mspId, log }: ChaincodeProcessOptions,
): RunningChaincode {
  const command = [chaincode.shimCommand, 'server'];
  const flags = ['--chaincode-address', NO_ADDRESS, '--chaincode-id', chaincodeId];
  const child = spawn(process.execPath, ['--no-deprecation', MAIN, ...command, ...flags], {
    cwd: chaincode.folder,
    env: environment(mspId),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
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
  const [stdin, , , pipe] = child.stdio as unknown as [Duplex, unknown, unknown, Duplex];
  // The process may end while the ledger writes to it.
  stdin.on('error', () => undefined);
  const stream = new MessagePipe(pipe, {
    parse: (bytes) => peer.ChaincodeMessage.deserializeBinary(bytes),
    maxBytes: MAX_MESSAGE_BYTES,
  });
  const check = (): void => void stdin.write(CHECK);
  return { stream, ended, check, stop: () => stopProcess(child, ended) };
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
