import type { TrainCouple } from '@veritrain/client-sdk';
import type { CouplePlan } from '@veritrain/member/couples';
import type { StepCounts } from '@veritrain/member/home';
import { deadlineRows } from './deadlineText.js';
import { stepText } from './stepText.js';
import { bytesText, shortDigest } from '@veritrain/member/text';
import { duration, fields } from './text.js';

/** What a training comes to, line by line, before anybody agreed to it. */
export function describePlan(of: CouplePlan): string {
  return fields([
    ['Model', `${of.modelId}, ${of.protection}`],
    ['Dataset', `${of.datasetId}, ${of.subsets} subsets × ${of.replicas} replicas`],
    ['Rounds', `${of.rounds} of ${of.subsetsPerRound} subsets, ${of.spareAttempts} spare attempts`],
    ['Jobs', `${of.jobs}, ${of.jobsPerRound} a round`],
    ['Traffic', `about ${bytesText(of.trafficBytes)}, messages of ${bytesText(of.messageBytes)}`],
    [
      'Expected precision',
      of.expectedPrecisionBits === null
        ? 'exact: nothing is encrypted'
        : `${of.expectedPrecisionBits.toFixed(1)} bits an update; the model is rounded to ${of.resultBits ?? 0}`,
    ],
    ['Price', 'none: this market has no prices'],
    ['Rounds it reserves', `${of.rounds} of the ${of.lifetimeRoundsLeft} that the dataset has left`],
    ['May rest for', duration(of.idleMs)],
    ...deadlineRows(of.deadlines),
  ]);
}

/** A couple's terms and how it stands; for its model owner, also what its optimiser met. */
export function describeCouple(of: TrainCouple, steps?: StepCounts): string {
  const { terms } = of;
  return fields([
    ['Training', of.coupleId],
    ['State', of.rejectReason === null ? of.state : `${of.state}: ${of.rejectReason}`],
    ['Model', `${of.modelId} of ${of.modelOwnerId}, ${terms.protection}`],
    ['Dataset', `${of.datasetId} of ${of.dataOwnerId}`],
    [
      'Terms',
      `${terms.rounds} rounds of ${terms.subsetsPerRound} of ${terms.subsets} subsets, ${terms.replicas} replicas, ` +
        `${terms.spareAttempts} spare attempts`,
    ],
    ['May rest for', duration(terms.idleMs)],
    ...deadlineRows(terms.deadlines),
    ['Rounds started', `${of.startedRounds} of ${terms.rounds}, ${of.attempts} attempts`],
    ['Final model', of.finalModelDigest === null ? undefined : shortDigest(of.finalModelDigest)],
    ['Metrics', of.metrics.map(({ name, value }) => `${name} ${value}`).join(', ') || undefined],
    ['Steps', steps && stepText(steps)],
    ['Rounds released', of.releasedRounds ?? undefined],
  ]);
}
