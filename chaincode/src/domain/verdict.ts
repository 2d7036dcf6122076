import { z } from 'zod';
import { coupleId } from './ids.js';
import { updateCommitment } from './commitment.js';
import type { LedgerContext } from './hash.js';
import { digest, stamp } from './primitives.js';
import { attempt, drawnSlot, subsetIndex, type DrawnSubset, type TrainJob } from './round.js';

/** q = ⌊n/2⌋ + 1, where n is the dataset's replicas, including vacant, absent and excused ones. */
export const quorumOf = (replicas: number): number => Math.floor(replicas / 2) + 1;

/**
 * agreed: the commitment opens with the winning digest; dissented: it does not; absent: no commitment in time; excused:
 * the host reported that it could not get the model; unjudged: one replica alone cannot be judged; void: committed in a
 * subset without a quorum of commitments, or in a batch with one; forfeited: committed, but nobody outside the hosts confirmed a digest.
 */
export const verdictKind = z.enum([
  'agreed',
  'dissented',
  'absent',
  'excused',
  'unjudged',
  'void',
  'forfeited',
]);
/** What the contract says of a job. */
export type VerdictKind = z.infer<typeof verdictKind>;

/** A slot with what the contract says of its job. */
export const slotVerdict = z.strictObject({
  ...drawnSlot.shape,
  /** What the contract says of its job. */
  verdict: verdictKind,
});
/** A slot of a drawn subset, and what the contract says of its job. */
export interface SlotVerdict extends z.infer<typeof slotVerdict> {}

/** The model owner's claim about a subset: the digest that it received, or that it received nothing. */
export const claim = z.union([digest, z.literal('undelivered')]);

/**
 * agreed: a quorum opens the claimed digest; void: fewer commitments than a quorum, in any subset of the batch; forfeited:
 * by the tally.
 */
export const outcome = z.enum(['agreed', 'void', 'forfeited']);
/** How a subset of a round was settled. */
export type Outcome = z.infer<typeof outcome>;

/** contested: waits for reveals and the tally; settled: final. */
export const settlementState = z.enum(['contested', 'settled']);

/** The outcome of one subset in one round. It has its own key. */
export const settlement = z.strictObject({
  coupleId,
  attempt,
  subsetIndex,
  /** contested, or settled for good. */
  state: settlementState,
  /** Null while contested. */
  outcome: outcome.nullable(),
  /** The model owner's claim; null if it never closed the subset. */
  claim: claim.nullable(),
  /** The digest that a quorum opens; null where there is none. */
  digest: digest.nullable(),
  /** The number of commitments. It is final, because the record is written after the last one is possible. */
  commitments: z.int().min(0),
  /** What the contract says of each slot; empty while contested. */
  verdicts: z.array(slotVerdict),
  /** When the model owner closed it; null if it never did. */
  closedAt: stamp.nullable(),
  /** When it was settled; null while contested. */
  settledAt: stamp.nullable(),
});
/** What became of a subset in a round, as the ledger has it. */
export interface Settlement extends z.infer<typeof settlement> {}

/** The answers of a drawn subset. */
export interface SubsetAnswers {
  /** Where the records live. */
  readonly place: LedgerContext;
  /** The subset, as the round drew it. */
  readonly drawn: DrawnSubset;
  /** The dataset's replicas, vacant slots included. */
  readonly replicas: number;
  /** The jobs of this subset that are on the ledger. */
  readonly jobs: readonly TrainJob[];
}

export const commitmentsOf = (answers: SubsetAnswers): readonly TrainJob[] =>
  answers.jobs.filter((job) => job.state === 'committed');

/** Whether every slot that the record names has committed or reported. */
export const allAnswered = (answers: Pick<SubsetAnswers, 'drawn' | 'jobs'>): boolean =>
  answers.jobs.length >= answers.drawn.slots.length;

/** Whether a job's commitment opens with `digest`. */
export const opensWith = (place: LedgerContext, job: TrainJob, candidate: string): boolean =>
  job.nonce !== null &&
  job.commitment !== null &&
  updateCommitment({ ...place, ...job, nonce: job.nonce }, candidate) === job.commitment;

/** How many of the subset's commitments open with `candidate`. */
export const openings = (answers: SubsetAnswers, candidate: string): number =>
  commitmentsOf(answers).filter((job) => opensWith(answers.place, job, candidate)).length;

/** Whether so many are a quorum of the replicas. */
export const hasQuorum = (answers: SubsetAnswers, count: number): boolean =>
  count >= quorumOf(answers.replicas);

/** Whether a quorum of a subset's hosts has committed. */
export const haveCommitted = (answers: SubsetAnswers): boolean =>
  hasQuorum(answers, commitmentsOf(answers).length);

/** What a close or a tally says of a subset. */
export interface Judgement {
  /** How it is settled. */
  readonly outcome: Outcome;
  /** The digest that a quorum opens; null where there is none. */
  readonly digest: string | null;
  /** What is said of each slot. */
  readonly verdicts: readonly SlotVerdict[];
}

function judgeSlots(answers: SubsetAnswers, ofCommitted: (job: TrainJob) => VerdictKind): SlotVerdict[] {
  const bySlot = new Map(answers.jobs.map((job) => [job.slot, job]));
  return answers.drawn.slots.map((slot) => {
    const job = bySlot.get(slot.slot);
    if (job === undefined) return { ...slot, verdict: 'absent' };
    return { ...slot, verdict: job.state === 'unavailable' ? 'excused' : ofCommitted(job) };
  });
}

function judgeAgreed(answers: SubsetAnswers, winning: string): Judgement {
  const ofCommitted = (job: TrainJob): VerdictKind => {
    if (answers.replicas === 1) return 'unjudged';
    return opensWith(answers.place, job, winning) ? 'agreed' : 'dissented';
  };
  return { outcome: 'agreed', digest: winning, verdicts: judgeSlots(answers, ofCommitted) };
}

const judgeVoid = (answers: SubsetAnswers): Judgement => ({
  outcome: 'void',
  digest: null,
  verdicts: judgeSlots(answers, () => 'void'),
});

/**
 * Judges the model owner's close of a subset. Where it, or a sister of its batch, has fewer commitments than a quorum, it
 * is void, whatever the claim. A digest that a quorum opens settles it. Any other claim is contested (null).
 *
 * @param sisters the other subsets of its batch; none without `sum`
 */
export function judgeClose(
  answers: SubsetAnswers,
  said: string,
  sisters: readonly SubsetAnswers[] = [],
): Judgement | null {
  if (![answers, ...sisters].every(haveCommitted)) return judgeVoid(answers);
  return said !== 'undelivered' && hasQuorum(answers, openings(answers, said))
    ? judgeAgreed(answers, said)
    : null;
}

/**
 * Judges the tally after the attest deadline, when nobody outside the hosts has attested a digest. Where it, or a sister
 * of its batch, has fewer commitments than a quorum, the subset is void. Otherwise it is forfeited, with the revealed
 * digest that a quorum opens, if any.
 *
 * @param sisters the other subsets of its batch; none without `sum`
 */
export function judgeTally(
  answers: SubsetAnswers,
  revealed: readonly string[],
  sisters: readonly SubsetAnswers[] = [],
): Judgement {
  if (![answers, ...sisters].every(haveCommitted)) return judgeVoid(answers);
  const winning = [...new Set(revealed)].find((candidate) =>
    hasQuorum(answers, openings(answers, candidate)),
  );
  return {
    outcome: 'forfeited',
    digest: winning ?? null,
    verdicts: judgeSlots(answers, () => 'forfeited'),
  };
}
