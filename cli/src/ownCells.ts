import type { Member } from '@veritrain/member/profile';
import type { LocatedCell, LocatedPair } from '@veritrain/training';
import type { Cell } from './text.js';

/** The least cells of a dataset that this profile split. */
interface OwnCells {
  readonly rows: readonly (readonly [string, Cell])[];
  readonly data: {
    readonly leastCell?: LocatedCell | undefined;
    readonly leastPair?: LocatedPair | undefined;
  };
}

/** Reads the least cells from the facts of the split: none for a dataset of another owner, which never gives them away. */
export async function ownCells({ home }: Member, datasetId: string): Promise<OwnCells> {
  const { findDatasetFacts } = await import('@veritrain/member/datasets');
  const facts = findDatasetFacts(home, datasetId);
  if (facts === undefined) return { rows: [], data: {} };
  const { leastCellOf, leastPairOf } = await import('@veritrain/training');
  const { cellRows } = await import('./cellsText.js');
  const { leastCells, pairCells } = facts.report;
  return {
    rows: cellRows(facts.report),
    data: { leastCell: leastCellOf(leastCells), leastPair: leastPairOf(pairCells) },
  };
}
