import {
  type InputOf,
  type OutputOf,
  type TransactionName,
  qualifiedName,
  transactions,
} from '@veritrain/chaincode/domain';
import type { z } from 'zod';
import { issuesOf } from '../errors/issues.js';
import { sdkError } from '../errors/veritrainError.js';
import type { ContractCall, Ledger } from '../ledger/types.js';
import { foreignKeys, requireAsked } from './answerChecks.js';
import { readKnown } from './readKnown.js';

/** What every call may be given beside its input. */
export interface CallOptions {
  /** Stops waiting and cancels what is under way; a transaction that was sent may still commit. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whose word a query's answer is: that of the gateway's peer (`peer`, the default), or of a majority of the organisations
   * that the profile pins (`endorsed`). Ask for the latter before whatever cannot be undone: sealing, uploading, opening a
   * link, agreeing to terms, closing, deleting. It costs about as much as a transaction that is not sent. Transactions
   * are endorsed anyway.
   */
  readonly trust?: 'peer' | 'endorsed' | undefined;
}

/** What a transaction answered, and where it was committed. */
export interface Committed<T> {
  /** What the contract answered. */
  readonly result: T;
  /** The transaction. */
  readonly transactionId: string;
  /** The block that it is in. */
  readonly blockNumber: bigint;
}

/** Calls by name: input checked before anything is sent, answers checked before anything is returned. */
export interface Calls {
  /**
   * Sends a transaction by its name, and returns once it is in a block. Errors: INPUT_INVALID, ANSWER_INVALID, those of
   * the transaction, and those of any call to the ledger.
   */
  submit<N extends TransactionName>(
    name: N,
    input: InputOf<N>,
    options?: CallOptions,
  ): Promise<Committed<OutputOf<N>>>;
  /**
   * Asks a query by its name. Errors: INPUT_INVALID, ANSWER_INVALID, OTHER_RECORD, KEYS_NOT_OF_ID, those of the query,
   * and those of any call to the ledger.
   */
  evaluate<N extends TransactionName>(
    name: N,
    input: InputOf<N>,
    options?: CallOptions,
  ): Promise<OutputOf<N>>;
}

export function callsTo(ledger: Ledger): Calls {
  return {
    async submit(name, input, options = {}) {
      const { result, transactionId, blockNumber } = await ledger.submit(contractCall(name, input), options);
      return { result: answer(name, result, transactionId), transactionId, blockNumber };
    },
    async evaluate(name, input, options = {}) {
      const call = contractCall(name, input);
      const { trust, signal } = options;
      const ask = trust === 'endorsed' ? ledger.evaluateEndorsed : ledger.evaluate;
      const told = answer(name, await ask.call(ledger, call, { signal }));
      requireAsked(name, input, told);
      return told;
    },
  };
}

function contractCall(name: TransactionName, input: unknown): ContractCall {
  const schema: z.ZodType = transactions[name].input;
  const parsed = schema.safeParse(input);
  if (parsed.success) return { name: qualifiedName(name), argument: JSON.stringify(parsed.data) };
  const facts = { transaction: name, issues: issuesOf(parsed.error) };
  throw sdkError('VT8004', `The input of ${name} does not follow its schema.`, {
    facts,
    cause: parsed.error,
  });
}

function answer<N extends TransactionName>(name: N, bytes: Uint8Array, transactionId?: string): OutputOf<N> {
  const schema: z.ZodType = transactions[name].output;
  try {
    // The compiler cannot follow the lookup by N; the schema that was looked up is the one the type is made from.
    return readKnown(schema, bytes) as OutputOf<N>;
  } catch (cause) {
    const foreign = foreignKeys(cause);
    if (foreign !== undefined) throw foreign;
    throw sdkError('VT8006', `The answer of ${name} does not follow its schema.`, {
      facts: { transaction: name },
      transactionId,
      cause,
    });
  }
}
