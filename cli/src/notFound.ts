import { isVeritrainError } from '@veritrain/client-sdk/errors';
import { didYouMean, memberError } from '@veritrain/member/errors';

/** Runs a query; where the ledger knows no such id, suggests the nearest of those there are. */
export async function orSuggest<T>(
  id: string,
  query: () => Promise<T>,
  known: () => AsyncIterable<string>,
): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (!isVeritrainError(error, 'NOT_FOUND')) throw error;
    const candidates: string[] = [];
    for await (const candidate of known()) {
      if (candidates.push(candidate) >= 500) break;
    }
    const many = candidates.length === 0 ? ' There is none yet.' : didYouMean(id, candidates);
    throw memberError('VT9201', `The ledger knows no ${id}.${many}`, { facts: { id }, cause: error });
  }
}
