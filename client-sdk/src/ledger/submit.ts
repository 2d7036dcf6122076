import { StatusCode } from '@hyperledger/fabric-gateway';
import { throwIfAborted } from '../errors/abort.js';
import { type VeritrainError, isVeritrainError, sdkError } from '../errors/veritrainError.js';
import { backoffMs, pause } from '../errors/backoff.js';
import { ledgerError } from './failure.js';
import type { CommitStatus } from './gatewayCalls.js';
import type { PreparedTransaction } from './preparedTransaction.js';
import type { SubmitPolicy } from './timing.js';
import type { CallContext, CommittedTransaction, ContractCall } from './types.js';

/** What submitting needs of a connection. */
export interface Submitter {
  ready(context: CallContext): Promise<void>;
  endorse(call: ContractCall, context: CallContext): Promise<PreparedTransaction>;
  /** Signs and sends a transaction, and returns once the orderer has it. */
  send(transaction: PreparedTransaction, timeoutMs: number, context: CallContext): Promise<void>;
  /** The fate of a transaction, once it is in a block. */
  statusOf(transactionId: string, timeoutMs: number, context: CallContext): Promise<CommitStatus>;
}

/** Nothing was ordered when an endorsement fails this way, so a new transaction cannot do a thing twice. */
const passing: ReadonlySet<string> = new Set(['VT8101', 'VT8104', 'VT8109', 'VT8110']);

/**
 * Endorses, submits and waits for the commit. The one retry policy:
 * - committed as an MVCC (11) or phantom (12) conflict, the clock's tick included, or not endorsed for a passing
 *   reason (gateway away or busy, too few endorsers there, endorsers a block apart): endorsed anew under a new transaction id, after a backoff
 *   with jitter;
 * - failed while or after it was submitted: it may have committed, so the old transaction id is asked for first, and
 *   what is then sent again is the same transaction, which the ledger takes once;
 * - anything else is the caller's to judge.
 *
 * @throws CONFLICT_PERSISTS, OUTCOME_UNKNOWN, COMMITTED_INVALID, ABORTED or what endorsement was refused with.
 */
export async function submitTransaction(
  submitter: Submitter,
  call: ContractCall,
  policy: SubmitPolicy,
  context: CallContext = {},
): Promise<CommittedTransaction> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await submitOnce(submitter, call, policy, context);
    if ('committed' in outcome) return outcome.committed;
    if (attempt >= policy.attempts) throw outcome.again;
    await pause(backoffMs(attempt, policy), context.signal);
  }
}

/** `again` is the error after which the policy allows a new transaction; any other error is thrown. */
type Outcome = { readonly committed: CommittedTransaction } | { readonly again: VeritrainError };

async function submitOnce(
  submitter: Submitter,
  call: ContractCall,
  policy: SubmitPolicy,
  context: CallContext,
): Promise<Outcome> {
  // Waits as long as a call may wait for a connection: one that does not come is not waited for again.
  await submitter.ready(context);
  let transaction: PreparedTransaction;
  try {
    transaction = await submitter.endorse(call, context);
  } catch (error) {
    const again = ledgerError(error, context);
    if (passing.has(again.code)) return { again };
    throw again;
  }
  const status = await commit(submitter, transaction, policy, context);
  if (status.code !== StatusCode.VALID) return { again: conflict(call, status) };
  const { transactionId, blockNumber } = status;
  return { committed: { result: transaction.result, transactionId, blockNumber } };
}

function conflict(call: ContractCall, { code, blockNumber, transactionId }: CommitStatus): VeritrainError {
  const validation = Object.entries(StatusCode).find(([, value]) => value === code)?.[0] ?? String(code);
  const facts = {
    transaction: call.name,
    validation,
    validationCode: code,
    blockNumber: Number(blockNumber),
  };
  if (code === StatusCode.MVCC_READ_CONFLICT || code === StatusCode.PHANTOM_READ_CONFLICT)
    return sdkError('VT8107', `${call.name} met other transactions at every try.`, { facts, transactionId });
  throw sdkError('VT8106', `${call.name} was committed as ${validation}.`, { facts, transactionId });
}

async function commit(
  submitter: Submitter,
  transaction: PreparedTransaction,
  policy: SubmitPolicy,
  context: CallContext,
): Promise<CommitStatus> {
  const { transactionId } = transaction;
  let cause: VeritrainError | undefined;
  for (let attempt = 0; attempt < policy.attempts; attempt += 1) {
    try {
      if (attempt > 0) await pause(backoffMs(attempt, policy), context.signal);
      const known = attempt > 0 ? await ask(submitter, transactionId, policy, context) : undefined;
      return known ?? (await send(submitter, transaction, policy, context));
    } catch (error) {
      cause = ledgerError(error, context);
      throwIfAborted(context.signal, transactionId);
    }
  }
  const reason = 'The transaction was sent, but its outcome could not be learnt.';
  throw sdkError('VT8108', reason, { transactionId, cause });
}

async function send(
  submitter: Submitter,
  transaction: PreparedTransaction,
  policy: SubmitPolicy,
  context: CallContext,
): Promise<CommitStatus> {
  await submitter.send(transaction, policy.submitMs, context);
  return submitter.statusOf(transaction.transactionId, policy.commitMs, context);
}

/** The fate of a transaction sent earlier, or undefined when the ledger does not know it (it answers only once it does). */
async function ask(
  submitter: Submitter,
  transactionId: string,
  policy: SubmitPolicy,
  context: CallContext,
): Promise<CommitStatus | undefined> {
  await submitter.ready(context);
  try {
    return await submitter.statusOf(transactionId, policy.askMs, context);
  } catch (error) {
    if (isVeritrainError(ledgerError(error, context), 'VT8102')) return undefined;
    throw error;
  }
}
