import type { InputOf, OutputOf, TransactionName } from '@veritrain/client-sdk/protocol';
import type { ActionContext } from './context.js';
import type { Member } from '../profile/member.js';

/** One write of an action, and where it is on the ledger. */
export interface Write {
  transaction: string;
  transactionId: string;
  /** Decimal. */
  blockNumber: string;
}

export interface Written<T> {
  result: T;
  write: Write;
}

/** Sends one transaction and waits until it is in a block. */
export async function submit<Name extends TransactionName>(
  member: Pick<Member, 'market'>,
  transaction: Name,
  input: InputOf<Name>,
  { signal }: ActionContext,
): Promise<Written<OutputOf<Name>>> {
  const { result, transactionId, blockNumber } = await member.market.submit(transaction, input, { signal });
  return { result, write: { transaction, transactionId, blockNumber: blockNumber.toString() } };
}

/** Asks one query, of a majority of the pinned organisations: for what leads to a step that cannot be undone. */
export function askEndorsed<Name extends TransactionName>(
  member: Pick<Member, 'market'>,
  query: Name,
  input: InputOf<Name>,
  { signal }: ActionContext,
): Promise<OutputOf<Name>> {
  return member.market.evaluate(query, input, { signal, trust: 'endorsed' });
}

/** Asks one query, of the gateway's peer alone. */
export function ask<Name extends TransactionName>(
  member: Pick<Member, 'market'>,
  query: Name,
  input: InputOf<Name>,
  { signal }: ActionContext,
): Promise<OutputOf<Name>> {
  return member.market.evaluate(query, input, { signal });
}
