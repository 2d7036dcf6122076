import { z } from 'zod';
import { LedgerError } from './errors.js';
import type { Log } from './log.js';
import { logToStderr } from './log.js';

const endorsementRule = z.union([z.enum(['all', 'any', 'majority']), z.coerce.number().int().min(1)]);

/**
 * Which organisations must sign a transaction: all, any one, more than half, or at least n.
 *
 * @useDeclaredType
 */
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

/** The parsed options. Those that the data folder already fixes may be missing. */
export type ParsedOptions = z.infer<typeof optionsSchema> & { readonly log: Log };

/** What a ledger is started with. */
export interface LedgerOptions {
  /**
   * A chaincode folder, which the ledger starts with the folder's own fabric-shim, or `host:port[,host:port…]` of
   * running chaincode servers. The connection.json of Fabric's chaincode as a service may name a server, too; it
   * contains the server's TLS settings.
   */
  readonly chaincode: string;
  /** Folder of this ledger; created if missing, resumed if it holds a ledger. */
  readonly data: string;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Gateway port; 0 takes a free one. Default 7051. */
  readonly port?: number;
  /** Port of the certificate authorities; 0 takes a free one. Default 7054. */
  readonly caPort?: number;
  /** Whether gateway, authorities and chaincode use TLS. Default false, or the data folder's setting. */
  readonly tls?: boolean;
  /** Number of organisations, 1 to 26. Default 3, or the data folder's setting. */
  readonly organizations?: number;
  /** Endorsement rule. Default majority, or the data folder's setting. */
  readonly endorse?: EndorsementRule;
  /** Minimum time between blocks, in milliseconds. A full block does not wait. Default 5. */
  readonly batchTimeoutMs?: number;
  /** Maximum number of transactions in a block. Default 500. */
  readonly batchSize?: number;
  /** Channel name. Default market, or the data folder's setting. */
  readonly channel?: string;
  /** Chaincode name. Default: the package's name without scope, or the data folder's setting. */
  readonly name?: string;
  /**
   * Maximum run time of one transaction function, in milliseconds. If an organisation's contract hangs, the gateway
   * asks another organisation after this time. Default 10000.
   */
  readonly executeTimeoutMs?: number;
  /** Maximum wait for the chaincode to register at the start, in milliseconds. Default 30000. */
  readonly connectTimeoutMs?: number;
  /** Maximum number of records that one query returns. Default 100000. */
  readonly queryLimit?: number;
  /** Receives the log lines. Default: stderr. */
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

/** The number of signatures, of `organizations`, that the rule requires. @throws LedgerError OPTIONS_INVALID */
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
