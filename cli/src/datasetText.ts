import type { Dataset } from '@veritrain/client-sdk';
import { deadlineRows } from './deadlineText.js';
import { shortDigest } from '@veritrain/member/text';
import { type Cell, duration, fields } from './text.js';

/** A dataset's terms, and what else there is to say of it. */
export function describeDataset(of: Dataset, more: readonly (readonly [string, Cell])[] = []): string {
  const { deadlines, requestRules } = of;
  return fields([
    ['Dataset', of.datasetId],
    ['State', of.state],
    ['Owner', of.ownerId],
    ['Template', shortDigest(of.templateDigest)],
    ['Subsets × replicas', `${of.subsets} × ${of.replicas}`],
    ['Lifetime rounds', of.lifetimeRounds],
    [
      'A couple may ask for',
      `${requestRules.mostRounds} rounds of ${requestRules.mostSubsetsPerRound} subsets`,
    ],
    ['Protection', requestRules.protections.join(' or ')],
    ['It may rest for', `${duration(requestRules.mostIdleMs)} at most`],
    ...deadlineRows(deadlines),
    ...more,
  ]);
}
