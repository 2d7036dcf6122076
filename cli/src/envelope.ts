import { z } from 'zod';

/** One write of a command, with its place on the ledger. */
const writeSchema = z.strictObject({
  transaction: z.string(),
  transactionId: z.string(),
  /** Decimal. */
  blockNumber: z.string(),
});

const failureSchema = z.strictObject({
  code: z.string(),
  title: z.string(),
  message: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  hint: z.string(),
  transactionId: z.string().optional(),
  stack: z.string().optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/**
 * What `--format json` prints: exactly one of these on stdout. With `jsonl` it is the last line, after one
 * `item` line for each element of a list or each change that is watched.
 */
export const envelopeSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    schemaVersion: z.literal(1),
    command: z.string(),
    outcome: z.literal('done'),
    data: z.unknown(),
    writes: z.array(writeSchema),
  }),
  z.strictObject({
    schemaVersion: z.literal(1),
    command: z.string(),
    outcome: z.literal('failed'),
    exitStatus: z.number().int(),
    error: failureSchema,
    /** Findings in spite of the failure, such as the checks of `doctor`. */
    data: z.unknown().optional(),
  }),
]);
export type Envelope = z.infer<typeof envelopeSchema>;

export const itemLineSchema = z.strictObject({
  schemaVersion: z.literal(1),
  command: z.string(),
  outcome: z.literal('item'),
  item: z.unknown(),
});
export type ItemLine = z.infer<typeof itemLineSchema>;

/** Exit statuses of the command, the same for every noun and verb. */
export const exitStatus = {
  done: 0,
  /** The ledger or a peer refused. */
  refused: 1,
  /** No connection, or an identity that is missing or not accepted. */
  connection: 2,
  timeout: 3,
  /** The arguments, or a file that they name, are wrong. */
  arguments: 4,
  /** A bug in this program. */
  bug: 5,
  /** This machine refused: a full disk, a path that may not be read or written, too many open files. */
  system: 6,
  /** Ctrl-C, as shells write it: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
