import {
  allAnswered,
  batchHasQuorum,
  batchIsVoid,
  commitmentsOf,
  ContractError,
  judgeClose,
  judgeTally,
  settlementMachine,
  step,
  subsetsPerClose,
  subsetsPerTally,
  type Judgement,
  type OutputOf,
  type ParsedInputOf,
  type Round,
  type Settlement,
  type SubsetAnswers,
  type TrainCouple,
} from '../../domain/index.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { applyRuling } from './consequences.js';
import {
  batchAnswersOf,
  drawnSubsetOf,
  findCoupleOfRound,
  findStarted,
  phaseDeadline,
  type BatchAnswers,
} from './startedRound.js';

type Settlements = OutputOf<'CloseRound'>;
type Claimed = ParsedInputOf<'CloseRound'>['results'][number];

export async function closeRound(tx: Transaction, input: ParsedInputOf<'CloseRound'>): Promise<Settlements> {
  const { coupleId, attempt, results } = input;
  const couple = await findCoupleOfRound(tx, coupleId, attempt);
  await tx.requireCaller(couple.modelOwnerId);
  const round = await findStarted(tx, coupleId, attempt);
  requireChunk(results.length, subsetsPerClose(couple.terms));
  await tx.ledger.prepare(
    ...results.map(({ subsetIndex }) => [records.settlement, coupleId, attempt, subsetIndex] as const),
  );
  const settlements: Settlement[] = [];
  for (const result of results) settlements.push(await closeSubset(tx, couple, round, result));
  return { settlements };
}

function requireChunk(asked: number, max: number): void {
  if (asked > max)
    throw new ContractError('TOO_MANY_AT_ONCE', 'Too many subsets for one call.', { most: max });
}

async function closeSubset(
  tx: Transaction,
  couple: TrainCouple,
  round: Round,
  { subsetIndex, claim }: Claimed,
): Promise<Settlement> {
  const drawn = drawnSubsetOf(round, subsetIndex);
  const existing = await settlementOf(tx, round, subsetIndex);
  if (existing !== null) {
    if (existing.claim === claim) return existing;
    throw new ContractError('CONFLICT', 'The subset was closed with another claim.', {
      subsetIndex,
      state: existing.state,
    });
  }
  const [answers] = await Promise.all([
    batchAnswersOf(tx, round, couple, drawn),
    tx.requireInTime(phaseDeadline(round, 'close'), 'close'),
  ]);
  await requireClosable(tx, round, answers);
  const judgement = judgeClose(answers.own, claim, answers.sisters);
  if (judgement === null && claim === 'undelivered') await requireUploadsOver(tx, round, subsetIndex);
  const at = await tx.stamp();
  const base = { ...unsettled(round, answers.own), claim, closedAt: at };
  return judgement === null ? contest(tx, base) : settle(tx, couple, base, judgement, 'CloseRound');
}

const settlementOf = (tx: Transaction, round: Round, subsetIndex: number): Promise<Settlement | null> =>
  tx.ledger.get(records.settlement, round.coupleId, round.attempt, subsetIndex);

/**
 * Before the commit deadline no host counts as absent. It must be certain, too, whether the batch is void: each close of it
 * says the same.
 */
async function requireClosable(tx: Transaction, round: Round, answers: BatchAnswers): Promise<void> {
  const { own, sisters } = answers;
  const batch = [own, ...sisters];
  if (allAnswered(own) && (batchHasQuorum(batch) || batchIsVoid(batch, false))) return;
  if (await tx.passed(phaseDeadline(round, 'commit'))) return;
  throw new ContractError(
    'NOT_CLOSABLE',
    'Some hosts of the batch have not answered, and the commit deadline has not passed.',
    {
      subsetIndex: own.drawn.subsetIndex,
      answered: own.jobs.length,
      slots: own.drawn.slots.length,
    },
  );
}

async function requireUploadsOver(tx: Transaction, round: Round, subsetIndex: number): Promise<void> {
  if (await tx.passed(phaseDeadline(round, 'upload'))) return;
  throw new ContractError('UPLOADS_OPEN', 'The upload deadline has not passed.', { subsetIndex });
}

const unsettled = (round: Round, answers: SubsetAnswers): Settlement => ({
  coupleId: round.coupleId,
  attempt: round.attempt,
  subsetIndex: answers.drawn.subsetIndex,
  state: 'contested',
  outcome: null,
  claim: null,
  digest: null,
  commitments: commitmentsOf(answers).length,
  verdicts: [],
  closedAt: null,
  settledAt: null,
});

function contest(tx: Transaction, base: Settlement): Settlement {
  const state = step(settlementMachine, null, 'CloseRound', 'contested');
  const { coupleId, attempt, subsetIndex, claim } = base;
  const contested: Settlement = { ...base, state };
  tx.ledger.put(records.settlement, [coupleId, attempt, subsetIndex], contested);
  if (claim !== null) tx.emit({ type: 'SubsetContested', coupleId, attempt, subsetIndex, claim });
  return contested;
}

async function settle(
  tx: Transaction,
  couple: TrainCouple,
  base: Settlement,
  judgement: Judgement,
  action: 'CloseRound' | 'TallyRound',
): Promise<Settlement> {
  const from = action === 'TallyRound' && base.closedAt !== null ? 'contested' : null;
  const state = step(settlementMachine, from, action, 'settled');
  const at = await tx.stamp();
  const { outcome, digest } = judgement;
  const verdicts = [...judgement.verdicts];
  const settled: Settlement = { ...base, state, outcome, digest, verdicts, settledAt: at };
  const { coupleId, attempt, subsetIndex } = settled;
  tx.ledger.put(records.settlement, [coupleId, attempt, subsetIndex], settled);
  tx.emit({ type: 'SubsetSettled', coupleId, attempt, subsetIndex, outcome, digest, verdicts });
  await applyRuling(tx, couple, attempt, { kind: 'judged', subsetIndex, verdicts });
  return settled;
}

export async function tallyRound(tx: Transaction, input: ParsedInputOf<'TallyRound'>): Promise<Settlements> {
  const { coupleId, attempt, subsetIndexes } = input;
  const couple = await tx.find(records.couple, 'couple', coupleId);
  const round = await findStarted(tx, coupleId, attempt);
  requireChunk(subsetIndexes.length, subsetsPerTally(couple.terms));
  const settlements: Settlement[] = [];
  for (const subsetIndex of subsetIndexes)
    settlements.push(await tallySubset(tx, couple, round, subsetIndex));
  return { settlements };
}

async function tallySubset(
  tx: Transaction,
  couple: TrainCouple,
  round: Round,
  subsetIndex: number,
): Promise<Settlement> {
  const { attempt } = round;
  const drawn = drawnSubsetOf(round, subsetIndex);
  const existing = await settlementOf(tx, round, subsetIndex);
  if (existing?.state === 'settled') return existing;
  await tx.requirePassed(phaseDeadline(round, 'attest'), 'attest');
  const { own, sisters } = await batchAnswersOf(tx, round, couple, drawn);
  const judgement = judgeTally(own, await revealedDigests(tx, round, own), sisters);
  const settled = await settle(tx, couple, existing ?? unsettled(round, own), judgement, 'TallyRound');
  if (existing === null) await applyRuling(tx, couple, attempt, { kind: 'unclosed', subsetIndex });
  return settled;
}

async function revealedDigests(tx: Transaction, round: Round, answers: SubsetAnswers): Promise<string[]> {
  const { coupleId, attempt } = round;
  const { subsetIndex, slots } = answers.drawn;
  const reveals = await Promise.all(
    slots.map(({ slot }) => tx.ledger.get(records.reveal, coupleId, attempt, subsetIndex, slot)),
  );
  return reveals.flatMap((reveal) => reveal?.digest ?? []);
}
