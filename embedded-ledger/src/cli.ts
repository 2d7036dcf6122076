#!/usr/bin/env node
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { LedgerError, messageOf } from './errors.js';
import { writeFileAtomically } from './files.js';
import { startLedger } from './ledger.js';
import { codedError } from './systemError.js';
import type { LedgerOptions } from './options.js';

/** The options from commander, as text where given. The ledger validates the values. */
const flags = z.object({
  chaincode: z.string(),
  data: z.string(),
  host: z.string().optional(),
  port: z.coerce.number().optional(),
  caPort: z.coerce.number().optional(),
  tls: z.boolean().optional(),
  organizations: z.coerce.number().optional(),
  endorse: z.union([z.enum(['all', 'any', 'majority']), z.coerce.number()]).optional(),
  batchTimeout: z.coerce.number().optional(),
  batchSize: z.coerce.number().optional(),
  channel: z.string().optional(),
  name: z.string().optional(),
  executeTimeout: z.coerce.number().optional(),
  connectTimeout: z.coerce.number().optional(),
  untilStdinEnds: z.boolean().default(false),
});

interface Invocation {
  readonly options: LedgerOptions;
  readonly untilStdinEnds: boolean;
}

function createCommand(): Command {
  return new Command('embedded-ledger')
    .description(
      'Hyperledger Fabric in one process: gateway, peers, orderer and CA for any client and any chaincode',
    )
    .requiredOption(
      '--chaincode <folder|addresses>',
      'chaincode folder, or host:port[,host:port…] or connection.json files of running servers',
      homePath,
    )
    .requiredOption(
      '--data <folder>',
      'folder of this ledger; created if missing, resumed if it holds a ledger',
      homePath,
    )
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--port <n>', 'gateway port, 0 for a free one (default 7051)')
    .option('--ca-port <n>', 'certificate authority port, 0 for a free one (default 7054)')
    .option(
      '--tls',
      'use TLS for the gateway, the certificate authorities and chaincode that the ledger starts',
    )
    .option('--no-tls', 'do not use TLS (default)')
    .option('--organizations <n>', 'number of organisations (default 3)')
    .option(
      '--endorse <rule>',
      'organisations that must endorse: all, any, majority or a number (default majority)',
    )
    .option('--batch-timeout <ms>', 'minimum time between blocks (default 5)')
    .option('--batch-size <n>', 'maximum transactions in a block (default 500)')
    .option('--channel <name>', 'channel name (default market)')
    .option('--name <chaincode>', 'chaincode name (default: its package name)')
    .option('--execute-timeout <ms>', 'maximum run time of one transaction function (default 10000)')
    .option('--connect-timeout <ms>', 'maximum wait for the chaincode at the start (default 30000)')
    .option('--until-stdin-ends', 'stop when standard input ends, so the ledger never outlives its parent');
}

/** Expands a leading `~/`. Shells do not expand it in quotes or after `=`. */
const homePath = (path: string): string => (/^~(\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path);

function readInvocation(command: Command): Invocation {
  const parsed = flags.safeParse(command.opts());
  if (!parsed.success) {
    const option = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new LedgerError('OPTIONS_INVALID', `option ${option} is invalid`, 'See embedded-ledger --help.', {
      option,
    });
  }
  const { chaincode, data, untilStdinEnds, batchTimeout, executeTimeout, connectTimeout, ...rest } =
    parsed.data;
  const renamed = {
    batchTimeoutMs: batchTimeout,
    executeTimeoutMs: executeTimeout,
    connectTimeoutMs: connectTimeout,
  };
  return { options: { chaincode, data, ...given({ ...rest, ...renamed }) }, untilStdinEnds };
}

/** Drops undefined values, so the ledger's own defaults apply. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

async function main(): Promise<void> {
  const { options, untilStdinEnds } = readInvocation(createCommand().parse());
  const ledger = await startLedger(options);
  const { close, ...addresses } = ledger;
  const ready = JSON.stringify(addresses);
  await writeFileAtomically(join(options.data, 'connection.json'), `${ready}\n`);
  const stop = (): void => {
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${messageOf(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (untilStdinEnds) process.stdin.on('end', stop).resume();
  process.stdout.write(`${ready}\n`);
}

/** A log that cannot be written is no reason to end, and there is nowhere to report it. */
process.stderr.on('error', () => undefined);

function fail(thrown: unknown): void {
  const error = codedError(thrown);
  const text = error instanceof LedgerError ? error.describe() : messageOf(error);
  process.stderr.write(`embedded-ledger: ${text}\n`);
  process.exit(1);
}

process.stdout.on('error', fail);
main().catch(fail);
