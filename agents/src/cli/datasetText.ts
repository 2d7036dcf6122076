import type { Dataset } from '@veritrain/client-sdk';
import { type Cell, duration, fields, short } from './text.js';

/** A dataset's terms, and what else there is to say of it. */
export function describeDataset(of: Dataset, more: readonly (readonly [string, Cell])[] = []): string {
  const { deadlines, requestRules } = of;
  return fields([
    ['Dataset', of.datasetId],
    ['State', of.state],
    ['Owner', of.ownerId],
    ['Template', short(of.templateDigest)],
    ['Subsets × replicas', `${of.subsets} × ${of.replicas}`],
    ['Lifetime rounds', of.lifetimeRounds],
    [
      'A couple may ask for',
      `${requestRules.mostRounds} rounds of ${requestRules.mostSubsetsPerRound} subsets`,
    ],
    ['Protection', requestRules.protections.join(' or ')],
    [
      'Deadlines',
      `commit ${duration(deadlines.commitMs)}, upload ${duration(deadlines.uploadMs)}, ` +
        `close ${duration(deadlines.closeMs)}, answer ${duration(deadlines.answerMs)}`,
    ],
    ...more,
  ]);
}
