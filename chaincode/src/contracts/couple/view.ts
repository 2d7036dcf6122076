import type { CoupleView, ParsedInputOf } from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { roundRecords, roundViewOf } from '../round/queries.js';
import { waitingFor } from './waitingFor.js';

/** Everything that a member needs to decide its next step on a couple, read from one ledger state. */
export async function getCoupleView(
  tx: Transaction,
  { coupleId }: ParsedInputOf<'GetCoupleView'>,
): Promise<CoupleView> {
  await tx.ledger.prepare([records.couple, coupleId], [records.clock]);
  const couple = await tx.find(records.couple, 'couple', coupleId);
  const { attempts } = couple;
  if (attempts === 0) return { couple, round: null, waiting: await waitingFor(tx, couple, null) };
  const of = await roundRecords(tx, await tx.find(records.round, 'round', coupleId, attempts));
  return {
    couple,
    round: await roundViewOf(tx, couple, of),
    waiting: await waitingFor(tx, couple, of),
  };
}
