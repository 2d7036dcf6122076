import type { Market } from '@veritrain/client-sdk';
import { isVeritrainError } from '@veritrain/client-sdk/errors';
import type { ListMethod } from '@veritrain/client-sdk/methods';
import { didYouMean, memberError } from '@veritrain/member/errors';
import type { Session } from './session.js';

const maxCandidates = 500;

/** Runs a query. Where the ledger knows no such id, suggests the nearest of the ids in the list. */
export async function orSuggest<T, R>(
  session: Session,
  id: string,
  query: () => Promise<T>,
  list: (market: Market) => ListMethod<{ bookmark?: string | undefined }, R>,
  idOf: (record: R) => string,
): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (!isVeritrainError(error, 'NOT_FOUND')) throw error;
    const { everyPage } = await import('@veritrain/client-sdk');
    const { market } = await session.member();
    const known: string[] = [];
    for await (const record of everyPage(list(market), {}, session.context))
      if (known.push(idOf(record)) >= maxCandidates) break;
    const nearest = known.length === 0 ? ' There is none yet.' : didYouMean(id, known);
    throw memberError('VT9201', `The ledger knows no ${id}.${nearest}`, { facts: { id }, cause: error });
  }
}
