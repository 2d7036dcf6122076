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

/** What commander hands over: text where given. The ledger itself judges the values. */
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
      'chaincode folder, or host:port[,host:port…] (or connection.json files) of running servers',
      homePath,
    )
    .requiredOption(
      '--data <folder>',
      'folder of this ledger; made when missing, resumed when it holds one',
      homePath,
    )
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--port <n>', 'gateway port, 0 for a free one (default 7051)')
    .option('--ca-port <n>', 'certificate authority port, 0 for a free one (default 7054)')
    .option('--tls', 'speak TLS: gateway, certificate authorities, chaincode that is started')
    .option('--no-tls', 'do not (default)')
    .option('--organizations <n>', 'number of organisations (default 3)')
    .option('--endorse <rule>', 'who must endorse: all, any, majority or a number (default majority)')
    .option('--batch-timeout <ms>', 'least time from one block to the next (default 5)')
    .option('--batch-size <n>', 'most transactions in a block (default 500)')
    .option('--channel <name>', 'channel name (default market)')
    .option('--name <chaincode>', 'chaincode name (default: the name of its package)')
    .option('--execute-timeout <ms>', 'longest run of one transaction function (default 10000)')
    .option('--connect-timeout <ms>', 'longest wait for the chaincode at the start (default 30000)')
    .option('--until-stdin-ends', 'stop when standard input ends, so that it never outlives its parent');
}

/** A path with its `~/` read, which shells leave as it is between quotes and behind `=`. */
const homePath = (path: string): string => (/^~(\/|$)/.test(path) ? join(homedir(), path.slice(1)) : path);

function readInvocation(command: Command): Invocation {
  const parsed = flags.safeParse(command.opts());
  if (!parsed.success) {
    const option = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new LedgerError('OPTIONS_INVALID', `option ${option} is wrong`, 'See embedded-ledger --help.', {
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

/** Without what was left out, so that the ledger's own defaults hold. */
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

/** A log that cannot be written is no reason to end, and there is nowhere to say so. */
process.stderr.on('error', () => undefined);

function fail(thrown: unknown): void {
  const error = codedError(thrown);
  const text = error instanceof LedgerError ? error.describe() : messageOf(error);
  process.stderr.write(`embedded-ledger: ${text}\n`);
  process.exit(1);
}

process.stdout.on('error', fail);
main().catch(fail);
