import { evidenceOf, type Evidence, type Settlement, type Stamp } from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';

/** Writes one row. Rows are written by verdicts only, and never change. */
export function writeEvidence(tx: Transaction, row: Evidence): void {
  const { participantId, coupleId, attempt, subsetIndex, slot, kind } = row;
  tx.ledger.put(
    records.evidence,
    [participantId, coupleId, attempt, subsetIndex ?? '-', slot ?? '-', kind],
    row,
  );
  tx.emit({ type: 'EvidenceWritten', participantId, coupleId, attempt, subsetIndex, kind });
}

/** The rows that follow from a settled subset's verdicts. */
export function writeVerdictRows(tx: Transaction, settlement: Settlement, writtenAt: Stamp): void {
  const { coupleId, attempt, subsetIndex } = settlement;
  for (const { participantId, slot, verdict } of settlement.verdicts) {
    const kind = evidenceOf(verdict);
    if (kind !== null)
      writeEvidence(tx, { participantId, coupleId, attempt, subsetIndex, slot, kind, writtenAt });
  }
}
