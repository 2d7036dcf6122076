import type { DatasetDeadlines } from '@veritrain/client-sdk';

/**
 * Deadlines of a dataset from one pace: how long a host has for its commitment. Nobody waits for a deadline while
 * all answer; it is what a silent member costs the others.
 *
 * @param paceMs at least the market's least deadline, since each deadline of a round follows the one before by as much
 */
export const deadlinesAtPace = (paceMs: number): DatasetDeadlines => ({
  verifyMs: 10 * paceMs,
  noticeMs: 2 * paceMs,
  answerMs: 10 * paceMs,
  startMs: 2 * paceMs,
  commitMs: paceMs,
  uploadMs: 2 * paceMs,
  closeMs: 4 * paceMs,
  revealMs: 5 * paceMs,
  attestMs: 6 * paceMs,
});
