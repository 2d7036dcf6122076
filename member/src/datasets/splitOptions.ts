import type { Aggregation } from '@veritrain/client-sdk';
import type { Keyring } from '@veritrain/client-sdk/keys';
import { batchesOf } from '@veritrain/client-sdk/protocol';
import { limits } from '@veritrain/client-sdk/schemas';
import { DEFAULT_LEAST_CELL, rareLevelFor, type TableOptions } from '@veritrain/training';
import { withTexts } from './parquetInput.js';
import type { NamedSplit } from './splitDataset.js';

/** How the table of a split is read: what its owner chose, and secrets of this member and this dataset. */
export function tableOptions(keyring: Keyring, input: NamedSplit): TableOptions {
  const { written, codes, heldOut, target, source, datasetId, subsets, aggregation } = input;
  const recipe = withTexts(input.recipe, input.texts);
  const { leastCell = DEFAULT_LEAST_CELL } = input;
  return {
    ...written,
    ...recipe,
    rareLevel: recipe.rareLevel ?? rareLevelFor(countedParts(subsets, aggregation), leastCell),
    codes: codesOf(codes, keyring, datasetId),
    heldOut: heldOut && {
      ...heldOut,
      seed: heldOut.seed ?? keyring.derive('held-out', datasetId),
      unstratified: input.privacy !== undefined,
    },
    target,
    source,
  };
}

/** Codes of a dataset's own, so that nobody finds a level of one in another. */
function codesOf(codes: NamedSplit['codes'], keyring: Keyring, datasetId: string): TableOptions['codes'] {
  if (codes === undefined || codes === false) return undefined;
  return { secret: keyring.derive('level-codes', datasetId), columns: codes === true ? undefined : codes };
}

/** Parts by which cells are counted. A split into too few subsets for sums is refused later. */
const countedParts = (subsets: number, aggregation: Aggregation = 'perSubset'): number =>
  aggregation === 'sum' && subsets >= limits.minBatchSize ? batchesOf(subsets).length : subsets;
