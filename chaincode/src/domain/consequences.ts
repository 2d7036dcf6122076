import type { ConductKind } from './conduct.js';
import type { TrainCouple } from './couple.js';
import type { SlotVerdict, VerdictKind } from './verdict.js';

/** What the contract found of a round: a subset was judged, nobody closed it, or the round was not started in time. */
export type Ruling =
  | { readonly kind: 'judged'; readonly subsetIndex: number; readonly verdicts: readonly SlotVerdict[] }
  | { readonly kind: 'unclosed'; readonly subsetIndex: number }
  | { readonly kind: 'notStarted' };

/** One thing that a ruling brings: a record of a participant's conduct. */
export interface Consequence {
  readonly kind: 'conduct';
  readonly participantId: string;
  /** Null where a whole round is meant. */
  readonly subsetIndex: number | null;
  readonly slot: number | null;
  readonly conduct: ConductKind;
}

/** None for a host that is excused, or whose update cannot be judged. */
const conductOf: Partial<Record<VerdictKind, ConductKind>> = {
  agreed: 'agreed',
  dissented: 'dissented',
  absent: 'absent',
  void: 'void',
  forfeited: 'forfeited',
};

/** Everything that follows from a ruling, in the order in which it is applied. */
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
