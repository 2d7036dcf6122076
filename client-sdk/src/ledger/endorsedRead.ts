import { createHash } from 'node:crypto';
import { type VeritrainError, isVeritrainError, sdkError } from '../errors/veritrainError.js';
import { backoffMs, pause } from '../errors/backoff.js';
import { ledgerError } from './failure.js';
import type { PinnedOrganizations } from './pinnedOrganizations.js';
import type { PreparedTransaction } from './preparedTransaction.js';
import type { LedgerTiming } from './timing.js';
import type { CallContext, ContractCall } from './types.js';

/** `signers` are the pinned organisations that signed the answer; undefined where the profile pins none. */
export interface EndorsedAnswer extends PreparedTransaction {
  readonly signers: ReadonlySet<string> | undefined;
}

/** What an endorsed read needs of a connection. */
export interface Endorser {
  ready(context: CallContext): Promise<void>;
  /** @param organization the one to ask; default: as many as the contract's policy asks for */
  endorse(call: ContractCall, context: CallContext, organization?: string): Promise<EndorsedAnswer>;
}

/** Gateways away or busy, peers away, or peers a block apart. */
const passing: ReadonlySet<string> = new Set(['VT8101', 'VT8104', 'VT8109', 'VT8110']);

/**
 * Has a question endorsed as a transaction that is never sent. Every endorser signs its answer together with this
 * question's nonce, so answers can be neither altered nor replayed.
 */
export async function readEndorsed(
  endorser: Endorser,
  call: ContractCall,
  pinned: PinnedOrganizations,
  timing: LedgerTiming,
  context: CallContext,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt += 1) {
    await endorser.ready(context);
    try {
      const { result, signers } = await endorser.endorse(call, context);
      requireMajority(signers ?? new Set(), pinned, call);
      return result;
    } catch (error) {
      const failure = ledgerError(error, context);
      if (!passing.has(failure.code)) throw failure;
      if (attempt >= timing.attempts) throw await nameDisagreement(failure, endorser, call, pinned, context);
      await pause(backoffMs(attempt, timing), context.signal);
    }
  }
}

function requireMajority(
  signers: ReadonlySet<string>,
  { majority, mspIds }: PinnedOrganizations,
  { name }: ContractCall,
): void {
  if (signers.size >= majority) return;
  const facts = {
    transaction: name,
    signed: [...signers].join(', '),
    needed: majority,
    pinned: mspIds.join(', '),
  };
  throw sdkError('VT8126', 'Too few organisations signed the answer.', { facts });
}

/** Endorsements that keep differing are asked for one organisation at a time, to tell who stands apart. */
async function nameDisagreement(
  failure: VeritrainError,
  endorser: Endorser,
  call: ContractCall,
  { mspIds }: PinnedOrganizations,
  context: CallContext,
): Promise<VeritrainError> {
  if (!isVeritrainError(failure, 'VT8104')) return failure;
  const answers: Record<string, string> = {};
  for (const mspId of mspIds) {
    try {
      answers[mspId] = answerOf(mspId, await endorser.endorse(call, context, mspId));
    } catch (error) {
      answers[mspId] = ledgerError(error, context).code;
    }
  }
  const facts = { transaction: call.name, ...answers };
  const reason = 'Organisations keep giving different answers to one question.';
  return sdkError('VT8127', reason, { facts, cause: failure });
}

/** The gateway chooses whom it asks. Whose answer came back, only the signature says. */
function answerOf(mspId: string, { result, signers }: EndorsedAnswer): string {
  if (signers?.has(mspId) !== true) return `signed by ${[...(signers ?? [])].join(', ') || 'nobody'}`;
  return createHash('sha256').update(result).digest('hex').slice(0, 16);
}
