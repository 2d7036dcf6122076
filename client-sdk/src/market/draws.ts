import {
  type DrawCheck,
  type InputOf,
  type LedgerContext,
  type OutputOf,
  type Round,
  checkDraws,
} from '@veritrain/chaincode/domain';
import type { CallOptions, Calls } from './calls.js';
import { everyPage } from './pages.js';

/** Draws every attempt of a couple again from both sides' links, on this machine. Errors: NOT_FOUND. */
export async function drawAgain(
  calls: Calls,
  place: LedgerContext,
  { coupleId }: { readonly coupleId: string },
  options: CallOptions = {},
): Promise<DrawCheck[]> {
  const couple = await calls.evaluate('GetCouple', { coupleId }, options);
  const rounds: Round[] = [];
  const list = (page: InputOf<'ListRounds'>): Promise<OutputOf<'ListRounds'>> =>
    calls.evaluate('ListRounds', page, options);
  for await (const round of everyPage(list, { coupleId })) rounds.push(round);
  return checkDraws(place, couple, rounds);
}
