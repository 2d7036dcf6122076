import type { ConductKind } from './conduct.js';
import type { TrainCouple } from './couple.js';
import type { SlotVerdict, VerdictKind } from './verdict.js';

/**
 * The contract's finding on a round: it judged a subset, nobody closed a subset, or nobody started the round in time.
 */
export type Ruling =
  | { readonly kind: 'judged'; readonly subsetIndex: number; readonly verdicts: readonly SlotVerdict[] }
  | { readonly kind: 'unclosed'; readonly subsetIndex: number }
  | { readonly kind: 'notStarted' };

/** One consequence of a ruling: a record of a participant's conduct. */
export interface Consequence {
  readonly kind: 'conduct';
  readonly participantId: string;
  /** Null where the record is about a whole round. */
  readonly subsetIndex: number | null;
  readonly slot: number | null;
  readonly conduct: ConductKind;
}

/** An excused host gets none, nor does a host whose update cannot be judged. */
const conductOf: Partial<Record<VerdictKind, ConductKind>> = {
  agreed: 'agreed',
  dissented: 'dissented',
  absent: 'absent',
  void: 'void',
  forfeited: 'forfeited',
};

/** All consequences of a ruling, in the order in which they apply. */
export function consequencesOf(
  ruling: Ruling,
  { dataOwnerId, modelOwnerId }: Pick<TrainCouple, 'dataOwnerId' | 'modelOwnerId'>,
): Consequence[] {
  if (ruling.kind === 'notStarted')
    return [
      { kind: 'conduct', participantId: dataOwnerId, subsetIndex: null, slot: null, conduct: 'lateDraw' },
    ];
  const { subsetIndex } = ruling;
  if (ruling.kind === 'unclosed')
    return [{ kind: 'conduct', participantId: modelOwnerId, subsetIndex, slot: null, conduct: 'unclosed' }];
  return ruling.verdicts.flatMap(({ participantId, slot, verdict }) => {
    const conduct = conductOf[verdict];
    return conduct === undefined ? [] : [{ kind: 'conduct', participantId, subsetIndex, slot, conduct }];
  });
}
