import { everyPage, type TrainCouple } from '@veritrain/client-sdk';
import type { ActionContext } from '../calls/action.js';
import type { Member } from '../profile/member.js';

/** How fast a dataset's finished trainings went, by the ledger's clock. */
export interface RecordedPace {
  /** Trainings that ended with a model, the newest hundred at most. */
  readonly trainings: number;
  /** Rounds that they started. */
  readonly rounds: number;
  /** Seconds from approval to end, over those rounds. */
  readonly secondsPerRound: number;
}

const maxTrainings = 100;

/** What the ledger says of rounds so far; null before the first finished training. */
export async function recordedPace(
  { market }: Pick<Member, 'market'>,
  datasetId: string,
  { signal }: ActionContext,
): Promise<RecordedPace | null> {
  const couples: TrainCouple[] = [];
  for await (const couple of everyPage(market.couples.list, { datasetId, state: 'finished' }, { signal })) {
    couples.push(couple);
    if (couples.length === maxTrainings) break;
  }
  return paceOf(couples);
}

/** See {@link recordedPace}. */
export function paceOf(
  couples: readonly Pick<TrainCouple, 'answeredAt' | 'endedAt' | 'startedRounds'>[],
): RecordedPace | null {
  // A couple that was approved before the clock's first tick says no time.
  const timed = couples.filter(({ answeredAt }) => answeredAt !== null && answeredAt.sequence > 0);
  const ms = timed.reduce(
    (sum, { answeredAt, endedAt }) => sum + ((endedAt?.time ?? 0) - (answeredAt?.time ?? 0)),
    0,
  );
  const rounds = timed.reduce((sum, { startedRounds }) => sum + startedRounds, 0);
  return rounds === 0 ? null : { trainings: timed.length, rounds, secondsPerRound: ms / 1000 / rounds };
}
