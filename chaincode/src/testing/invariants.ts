import {
  batchOf,
  checkDraws,
  packageCommitment,
  quorumOf,
  consequencesOf,
  opensWith,
  type CoupleTerms,
  type Round,
  type TrainCouple,
} from '../domain/index.js';
import { indexes, keyPart, records } from '../ledger/collections.js';
import type { MemoryLedger } from './memoryLedger.js';
import { recordsOf, unknownKeys } from './records.js';

type Check = (ledger: MemoryLedger) => string[];

const place = (ledger: MemoryLedger) => ({ channel: ledger.channel, chaincode: ledger.chaincode });
const when = (broken: boolean, what: string): string[] => (broken ? [what] : []);

const keysAreKnown: Check = (ledger) =>
  unknownKeys(ledger).map((key) => `unknown key ${JSON.stringify(key)}`);

const nobodyHoldsTwoSlots: Check = (ledger) => {
  const held = recordsOf(ledger, records.instance)
    .map((each) => each.value)
    .filter(({ state }) => state !== 'open' && state !== 'left')
    .map((each) => `${each.datasetId} ${each.subsetIndex} ${each.participantId ?? ''}`);
  return when(new Set(held).size < held.length, 'a host holds two slots of a subset');
};

const verifiedSlotsOpen: Check = (ledger) =>
  recordsOf(ledger, records.subset).flatMap(({ value: subset }) =>
    subset.verified.flatMap(({ slot, generation, participantId }) => {
      const instance = recordsOf(ledger, records.instance).find(
        ({ value }) =>
          value.datasetId === subset.datasetId &&
          value.subsetIndex === subset.subsetIndex &&
          value.slot === slot,
      )?.value;
      if (instance === undefined || instance.nonce === null) return ['a verified slot has no record'];
      const { instanceId, nonce } = instance;
      const facts = { ...place(ledger), instanceId, generation, participantId, nonce };
      const opens = packageCommitment(facts, subset.packageDigest ?? '') === instance.commitment;
      return when(
        !opens || !['verified', 'leaving'].includes(instance.state),
        `${instanceId} is not verified`,
      );
    }),
  );

const readinessFollows: Check = (ledger) =>
  recordsOf(ledger, records.readiness).flatMap(({ value: { datasetId, readySubsets } }) => {
    const dataset = recordsOf(ledger, records.dataset).find(
      ({ value }) => value.datasetId === datasetId,
    )?.value;
    const ready = recordsOf(ledger, records.subset)
      .map((each) => each.value)
      .filter((subset) => subset.datasetId === datasetId)
      .filter(
        (subset) =>
          subset.verified.filter((slot) => slot.leaving === null).length >= quorumOf(dataset?.replicas ?? 0),
      )
      .map((subset) => subset.subsetIndex);
    return when(ready.sort((a, b) => a - b).join() !== readySubsets.join(), `readiness of ${datasetId}`);
  });

const reservationsAdd: Check = (ledger) =>
  recordsOf(ledger, records.datasetRounds).flatMap(({ value: { datasetId, reserved } }) => {
    const held = recordsOf(ledger, records.couple)
      .map((each) => each.value)
      .filter((couple) => couple.datasetId === datasetId && couple.dataOwnerChain !== null)
      .reduce((sum, couple) => sum + couple.terms.rounds - (couple.releasedRounds ?? 0), 0);
    const lifetime = recordsOf(ledger, records.dataset).find(
      ({ value }) => value.datasetId === datasetId,
    )?.value;
    return when(
      held !== reserved || reserved < 0 || reserved > (lifetime?.lifetimeRounds ?? 0),
      `rounds of ${datasetId}`,
    );
  });

const roundsOf = (ledger: MemoryLedger, couple: TrainCouple): Round[] =>
  recordsOf(ledger, records.round)
    .map((each) => each.value)
    .filter((round) => round.coupleId === couple.coupleId);

const isSettled = (ledger: MemoryLedger, round: Round): boolean =>
  recordsOf(ledger, records.settlement).filter(
    ({ value }) =>
      value.coupleId === round.coupleId && value.attempt === round.attempt && value.state === 'settled',
  ).length === round.drawn.length;

/** Whole batches, no subset twice, and none beyond those that make enough. Without sums a batch is one subset. */
function isWholeDraw({ drawn }: Round, terms: CoupleTerms): boolean {
  const indexes = drawn.map(({ subsetIndex }) => subsetIndex);
  const batches = new Set(indexes.map((index) => batchOf(terms, index).join()));
  const last = batchOf(terms, indexes.at(-1) ?? 0).length;
  return (
    [...batches].join() === indexes.join() &&
    indexes.length >= terms.subsetsPerRound &&
    indexes.length - last < terms.subsetsPerRound
  );
}

const roundsKeepTerms: Check = (ledger) =>
  recordsOf(ledger, records.couple).flatMap(({ value: couple }) => {
    const rounds = roundsOf(ledger, couple);
    const started = rounds.filter((round) => round.state === 'started');
    const { terms } = couple;
    const unsettled = rounds.filter(
      (round) => round.state === 'opened' || (round.state === 'started' && !isSettled(ledger, round)),
    );
    const ended = ['finished', 'cancelled', 'rejected'].includes(couple.state);
    return [
      ...when(rounds.length !== couple.attempts, 'attempts and rounds differ'),
      ...when(
        started.length !== couple.startedRounds || started.length > terms.rounds,
        'too many rounds started',
      ),
      ...when(couple.attempts > terms.rounds + terms.spareAttempts, 'beyond the end of the chain'),
      ...when(unsettled.length > (ended ? 0 : 1), 'unsettled rounds'),
      ...when(
        unsettled.some((round) => round.attempt !== couple.attempts),
        'an old round is unsettled',
      ),
      ...when(
        started.some((round) => !isWholeDraw(round, terms)),
        'draw',
      ),
      ...when(
        couple.releasedRounds !== null && couple.releasedRounds !== terms.rounds - couple.startedRounds,
        'a started round was given back',
      ),
    ];
  });

/** Draws every recorded draw again, as anyone can, and compares the results. */
const drawsFollow: Check = (ledger) =>
  recordsOf(ledger, records.couple).flatMap(({ value: couple }) =>
    checkDraws(place(ledger), couple, roundsOf(ledger, couple)).flatMap(({ attempt, fault }) =>
      when(fault !== null, `${couple.coupleId}, attempt ${attempt}: ${fault ?? ''}`),
    ),
  );

const listsFollow: Check = (ledger) =>
  recordsOf(ledger, records.couple).flatMap(({ value: { coupleId, state } }) => {
    const rows = recordsOf(ledger, indexes.coupleByState).filter(({ key }) => key[1] === coupleId);
    return when(rows.length !== 1 || rows[0]?.key[0] !== state, `${coupleId} is listed under a wrong state`);
  });

/** One row for each unanswered request, under its owner. */
const openRequestsFollow: Check = (ledger) => {
  const held = recordsOf(ledger, records.openRequest).map(({ key, value }) => [...key, ...value].join(' '));
  const open = recordsOf(ledger, records.couple)
    .map((each) => each.value)
    .filter((couple) => couple.state === 'requested')
    .map((of) => [of.modelOwnerId, of.datasetId, keyPart(of.requestNumber), of.coupleId].join(' '));
  return when(held.sort().join() !== open.sort().join(), 'open requests and their rows differ');
};

const commitmentsIn = (
  ledger: MemoryLedger,
  coupleId: string,
  attempt: number,
  subsetIndex: number,
): number =>
  recordsOf(ledger, records.job).filter(
    ({ value }) =>
      value.coupleId === coupleId &&
      value.attempt === attempt &&
      value.subsetIndex === subsetIndex &&
      value.state === 'committed',
  ).length;

/** A subset is void exactly if one of its batch lacks a quorum of commitments. */
const batchesStandTogether: Check = (ledger) =>
  recordsOf(ledger, records.settlement).flatMap(({ value: { coupleId, attempt, subsetIndex, outcome } }) => {
    const couple = recordsOf(ledger, records.couple).find(({ value }) => value.coupleId === coupleId)?.value;
    if (couple === undefined || outcome === null) return [];
    const batch = batchOf(couple.terms, subsetIndex);
    const least = Math.min(...batch.map((index) => commitmentsIn(ledger, coupleId, attempt, index)));
    const isDue = least < quorumOf(couple.terms.replicas);
    return when(isDue !== (outcome === 'void'), `subset ${subsetIndex} is ${outcome}, unlike its batch`);
  });

const verdictsFollow: Check = (ledger) =>
  recordsOf(ledger, records.settlement).flatMap(({ value: settlement }) => {
    const { coupleId, attempt, subsetIndex, outcome, digest, verdicts } = settlement;
    const jobs = recordsOf(ledger, records.job)
      .map((each) => each.value)
      .filter(
        (job) => job.coupleId === coupleId && job.attempt === attempt && job.subsetIndex === subsetIndex,
      );
    const couple = recordsOf(ledger, records.couple).find(({ value }) => value.coupleId === coupleId)?.value;
    const quorum = quorumOf(couple?.terms.replicas ?? 0);
    const opening = jobs.filter((job) => digest !== null && opensWith(place(ledger), job, digest)).length;
    const blamed = verdicts.filter((each) => each.verdict === 'dissented');
    return [
      ...when(outcome === 'agreed' && opening < quorum, 'agreed without a quorum'),
      ...when(blamed.length > 0 && (outcome !== 'agreed' || quorum < 2), 'a dissent without an agreement'),
      ...when(
        verdicts.some((each) => each.verdict === 'absent' && jobs.some((job) => job.slot === each.slot)),
        'absent with a job',
      ),
    ];
  });

const conductFollows: Check = (ledger) => {
  const written = recordsOf(ledger, records.conduct).map((each) => each.value);
  const couples = new Map(
    recordsOf(ledger, records.couple).map(({ value }) => [value.coupleId, value] as const),
  );
  const due = recordsOf(ledger, records.settlement).flatMap(({ value: settlement }) => {
    const { coupleId, attempt, subsetIndex, verdicts } = settlement;
    const couple = couples.get(coupleId);
    if (couple === undefined) return [];
    return consequencesOf({ kind: 'judged', subsetIndex, verdicts }, couple).map(
      (each) => `${each.participantId} ${attempt} ${subsetIndex} ${each.conduct}`,
    );
  });
  const known = new Set(due);
  return written
    .filter((row) => row.kind !== 'lateDraw' && row.kind !== 'unclosed')
    .filter((row) => !known.has(`${row.participantId} ${row.attempt} ${row.subsetIndex ?? ''} ${row.kind}`))
    .map((row) => `conduct without a verdict: ${row.kind}`);
};

const checks: readonly Check[] = [
  keysAreKnown,
  nobodyHoldsTwoSlots,
  verifiedSlotsOpen,
  readinessFollows,
  reservationsAdd,
  roundsKeepTerms,
  drawsFollow,
  listsFollow,
  openRequestsFollow,
  verdictsFollow,
  batchesStandTogether,
  conductFollows,
];

/** The broken invariants of this ledger, in words; empty when there are none. */
export const brokenInvariants = (ledger: MemoryLedger): string[] => checks.flatMap((check) => check(ledger));
