import { z } from 'zod';
import { LedgerError } from './errors.js';
import type { Log } from './log.js';
import { logToStderr } from './log.js';

const endorsementRule = z.union([z.enum(['all', 'any', 'majority']), z.coerce.number().int().min(1)]);

/** Which organisations must sign a transaction: all, any one, more than half, or at least n. */
export type EndorsementRule = z.infer<typeof endorsementRule>;

const port = z.coerce.number().int().min(0).max(65_535);
const channelName = z
  .string()
  .max(249)
  .regex(/^[a-z][a-z0-9.-]*$/, 'lower case letters, digits, dots and dashes, beginning with a letter');
const chaincodeName = z
  .string()
  .regex(/^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$/, 'letters and digits, joined by - or _');

const optionsSchema = z.strictObject({
  chaincode: z.string().min(1),
  data: z.string().min(1),
  host: z.string().min(1).default('127.0.0.1'),
  port: port.default(7051),
  caPort: port.default(7054),
  tls: z.boolean().optional(),
  organizations: z.coerce.number().int().min(1).max(26).optional(),
  endorse: endorsementRule.optional(),
  batchTimeoutMs: z.coerce.number().int().min(0).max(600_000).default(5),
  batchSize: z.coerce.number().int().min(1).max(100_000).default(500),
  channel: channelName.optional(),
  name: chaincodeName.optional(),
  executeTimeoutMs: z.coerce.number().int().min(1).default(10_000),
  connectTimeoutMs: z.coerce.number().int().min(1).default(30_000),
  queryLimit: z.coerce.number().int().min(1).default(100_000),
});

/** The options after parsing; what a data folder already fixes may be left out. */
export type ParsedOptions = z.infer<typeof optionsSchema> & { readonly log: Log };

export interface LedgerOptions {
  /**
   * A chaincode folder (its own fabric-shim is run), or `host:port[,host:port…]` of running chaincode servers. A server
   * may be named by the connection.json of Fabric's chaincode as a service, too, which says how TLS is spoken with it.
   */
  readonly chaincode: string;
  /** Folder of this ledger; made when missing, resumed when it holds one. */
  readonly data: string;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Gateway port; 0 takes a free one. Default 7051. */
  readonly port?: number;
  /** Port of the certificate authorities; 0 takes a free one. Default 7054. */
  readonly caPort?: number;
  /** Whether gateway, authorities and chaincode speak TLS. Default false, or what the data folder holds. */
  readonly tls?: boolean;
  /** Number of organisations, 1 to 26. Default 3, or what the data folder holds. */
  readonly organizations?: number;
  /** Endorsement rule. Default majority, or what the data folder holds. */
  readonly endorse?: EndorsementRule;
  /** Least time from one block to the next that is not full, in milliseconds. Default 5. */
  readonly batchTimeoutMs?: number;
  /** Most transactions in a block. Default 500. */
  readonly batchSize?: number;
  /** Channel name. Default market, or what the data folder holds. */
  readonly channel?: string;
  /** Chaincode name. Default: the package's name without scope, or what the data folder holds. */
  readonly name?: string;
  /**
   * Longest run of one transaction function, in milliseconds: so long one organisation's contract that hangs may hold a
   * transaction up before another is asked. Default 10000.
   */
  readonly executeTimeoutMs?: number;
  /** How long to wait at the start for the chaincode to register, in milliseconds. Default 30000. */
  readonly connectTimeoutMs?: number;
  /** Most records that one query returns. Default 100000. */
  readonly queryLimit?: number;
  /** Receives one line for each thing worth telling. Default: stderr. */
  readonly log?: Log;
}

/** @throws LedgerError OPTIONS_INVALID naming the first wrong option. */
export function parseOptions(options: LedgerOptions): ParsedOptions {
  const { log, ...literals } = options;
  const parsed = optionsSchema.safeParse(literals);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const option = issue?.path.join('.') ?? '';
    const what = issue?.message ?? 'invalid options';
    throw new LedgerError('OPTIONS_INVALID', `option ${option}: ${what}`, 'See embedded-ledger --help.', {
      option,
    });
  }
  return { ...parsed.data, log: log ?? logToStderr };
}

/** How many of `organizations` signatures the rule asks for. @throws LedgerError OPTIONS_INVALID */
export function requiredEndorsements(rule: EndorsementRule, organizations: number): number {
  if (rule === 'all') return organizations;
  if (rule === 'any') return 1;
  if (rule === 'majority') return Math.floor(organizations / 2) + 1;
  if (rule > organizations) {
    throw new LedgerError(
      'OPTIONS_INVALID',
      `${String(rule)} endorsements cannot come from ${String(organizations)} organisations`,
      'Ask for fewer endorsements or more organisations.',
      { endorse: rule, organizations },
    );
  }
  return rule;
}
