import { createHash } from 'node:crypto';
import type { Market } from '@veritrain/client-sdk';
import { newId, participantIdOf } from '@veritrain/client-sdk/keys';
import { type InputOf, type OutputOf, ownedId, type TransactionName } from '@veritrain/client-sdk/protocol';
import type { WorkOptions, WorkProgress } from '@veritrain/training';
import type { Member } from '../profile/member.js';

/** Options that every action takes beside the member and its input. */
export interface ActionContext {
  /** Cancels the action, which then rejects. Transactions that were already submitted stay. */
  signal?: AbortSignal | undefined;
  /** Called with one line for each step of progress. */
  progress?: ((line: string) => void) | undefined;
}

/** Reports the progress of something large, once per step. What is smaller than a step reports nothing. */
export function inSteps(step: number, tell: (count: number) => void): (count: number) => void {
  let told = 0;
  return (count) => {
    if (count - told < step) return;
    told = count;
    tell(count);
  };
}

const unitsDone: Readonly<Record<WorkProgress['phase'], string>> = {
  splitRows: 'of the rows split',
  readPackage: 'of the package read',
  encodeMatrix: 'of the map encoded',
  reply: 'of the reply computed',
  readUpdates: 'of the updates decrypted',
};

/** How an action's computation is stopped, and tells of its progress. */
export const workOf = ({ signal, progress }: ActionContext): WorkOptions => ({
  signal,
  onProgress: ({ phase, done, of }) =>
    progress?.(`${String(Math.floor((100 * done) / Math.max(1, of)))} % ${unitsDone[phase]}`),
});

/** A transaction that an action submitted, and its block. */
export interface Write {
  /** Its name, such as `RegisterDataset`. */
  transaction: string;
  /** Fabric's id of it, 64 hexadecimal digits. */
  transactionId: string;
  /** Decimal, since a 64-bit number does not fit a JSON number. */
  blockNumber: string;
}

/** The output of a committed transaction, and where to find the transaction. */
export interface Written<T> {
  /** The transaction's output, as the contract returned it. */
  result: T;
  /** The transaction and its block. */
  write: Write;
}

/**
 * Submits one transaction and waits until it is in a block.
 *
 * @throws the transaction's refusals; errors of the connection; ABORTED
 */
export async function submit<Name extends TransactionName>(
  member: Pick<Member, 'market'>,
  transaction: Name,
  input: InputOf<Name>,
  { signal }: ActionContext,
): Promise<Written<OutputOf<Name>>> {
  const { result, transactionId, blockNumber } = await member.market.submit(transaction, input, { signal });
  return { result, write: { transaction, transactionId, blockNumber: blockNumber.toString() } };
}

/** Queries a majority of the pinned organisations: for answers that lead to a step that cannot be undone. */
export function askEndorsed<Name extends TransactionName>(
  member: Pick<Member, 'market'>,
  query: Name,
  input: InputOf<Name>,
  { signal }: ActionContext,
): Promise<OutputOf<Name>> {
  return member.market.evaluate(query, input, { signal, trust: 'endorsed' });
}

/**
 * Queries the gateway's peer alone. No signature backs the answer, so use it only for what can be undone.
 *
 * @throws the query's refusals; errors of the connection; ABORTED
 */
export function ask<Name extends TransactionName>(
  member: Pick<Member, 'market'>,
  query: Name,
  input: InputOf<Name>,
  { signal }: ActionContext,
): Promise<OutputOf<Name>> {
  return member.market.evaluate(query, input, { signal });
}

type OwnPrefix = 'ds' | 'md' | 'tc';
type Owner = Pick<Market, 'place' | 'keyring'>;

/** A new id that only this member can register. */
export const newOwnId = (prefix: OwnPrefix, { place, keyring }: Owner): string =>
  newId(prefix, { ...place, ownerId: participantIdOf(keyring) });

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const nameCharacters = 10;

/** The id that only this member can register for some content: the same each time. */
export function ownIdFor(prefix: OwnPrefix, content: Uint8Array, { place, keyring }: Owner): string {
  const hash = createHash('sha256').update(content).digest().subarray(0, nameCharacters);
  const name = Array.from(hash, (byte) => alphabet.charAt(byte % alphabet.length)).join('');
  return ownedId(prefix, name, { ...place, ownerId: participantIdOf(keyring) });
}
