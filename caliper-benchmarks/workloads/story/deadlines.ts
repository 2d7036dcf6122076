import type { DatasetDeadlines, MarketSettings } from '@veritrain/client-sdk';

/** Deadlines that a story can let pass. */
export type Lapsing = 'verify' | 'answer' | 'start' | 'attest';

/** The five deadlines that run from StartRound, in order, at equal distances. */
const roundDeadlines = (step: number) => ({
  commitMs: step,
  uploadMs: 2 * step,
  closeMs: 3 * step,
  revealMs: 4 * step,
  attestMs: 5 * step,
});

/**
 * A dataset's deadlines: the maximum that the market allows, so that no couple ends by a deadline, however slow the
 * ledger is.
 * @param lapsing the deadline to let pass, which gets the minimum that the market allows
 */
export function deadlinesOf(settings: MarketSettings, lapsing?: Lapsing): DatasetDeadlines {
  const { leastDeadlineMs, mostDeadlineMs } = settings;
  const longest: DatasetDeadlines = {
    verifyMs: mostDeadlineMs,
    noticeMs: mostDeadlineMs,
    answerMs: mostDeadlineMs,
    startMs: mostDeadlineMs,
    ...roundDeadlines(Math.floor(mostDeadlineMs / 5)),
  };
  if (lapsing === undefined) return longest;
  if (lapsing === 'attest') return { ...longest, ...roundDeadlines(leastDeadlineMs) };
  return { ...longest, [`${lapsing}Ms`]: leastDeadlineMs };
}
