import {
  consequencesOf,
  type Consequence,
  type ConductRecord,
  type Ruling,
  type TrainCouple,
} from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';

/** Writes everything that follows from a ruling. Close, tally and expiry all go through here. */
export async function applyRuling(
  tx: Transaction,
  couple: TrainCouple,
  attempt: number,
  ruling: Ruling,
): Promise<void> {
  for (const consequence of consequencesOf(ruling, couple))
    await recordConduct(tx, { coupleId: couple.coupleId, attempt }, consequence);
}

async function recordConduct(
  tx: Transaction,
  { coupleId, attempt }: Pick<ConductRecord, 'coupleId' | 'attempt'>,
  { participantId, subsetIndex, slot, conduct: kind }: Consequence,
): Promise<void> {
  tx.ledger.put(records.conduct, [participantId, coupleId, attempt, subsetIndex ?? '-', slot ?? '-', kind], {
    participantId,
    coupleId,
    attempt,
    subsetIndex,
    slot,
    kind,
    writtenAt: await tx.stamp(),
  });
  tx.emit({ type: 'ConductRecorded', participantId, coupleId, attempt, subsetIndex, kind });
}
