import {
  anchoredChain,
  checkDurations,
  ContractError,
  coupleMachine,
  defaultSubsetsPerRound,
  mostDrawn,
  quorumOf,
  step,
  type CoupleTerms,
  type Dataset,
  type Model,
  type ParsedInputOf,
  type TrainCouple,
} from '../../domain/index.js';
import { holds } from '../../ledger/holds.js';
import { records } from '../../ledger/collections.js';
import type { Transaction } from '../../ledger/transaction.js';
import { requireOffered } from '../dataset/datasets.js';
import { indexCouple } from './coupleRecord.js';
import { takeRequestNumber } from './openRequests.js';
import { useAnchor, useHeKey } from './usedOnce.js';

type Request = ParsedInputOf<'RequestTraining'>;

export async function requestTraining(tx: Transaction, input: Request): Promise<TrainCouple> {
  const { participantId: modelOwnerId } = await tx.callerWith('modelOwner');
  const { coupleId, datasetId, modelId } = input;
  tx.requireOwnId(coupleId, modelOwnerId);
  const dataset = await tx.find(records.dataset, 'dataset', datasetId);
  const model = await tx.find(records.model, 'model', modelId);
  const { settings } = await tx.config();
  const asked = termsOf(input, dataset, model);
  const existing = await tx.ledger.get(records.couple, coupleId);
  if (existing !== null)
    return sameRequest(existing, { datasetId, modelId, modelOwnerId }, asked, input.anchor);
  await tx.requireCaller(model.ownerId);
  requireOffered(dataset);
  await requireReady(tx, dataset);
  requireWithinRules(dataset, model, asked);
  checkDurations(settings, { idleMs: input.idleMs });
  requireKeyAsProtected(model, asked.heKeyDigest);
  const use = { ownerId: modelOwnerId, coupleId };
  if (asked.heKeyDigest !== null) await useHeKey(tx, asked.heKeyDigest, use);
  await useAnchor(tx, input.anchor, use);
  const { windowMs } = settings;
  const couple: TrainCouple = {
    coupleId,
    datasetId,
    modelId,
    dataOwnerId: dataset.ownerId,
    modelOwnerId,
    state: step(coupleMachine, null, 'RequestTraining', 'requested'),
    terms: { ...asked, windowMs },
    requestNumber: await takeRequestNumber(tx, { coupleId, datasetId, modelOwnerId }),
    requestedAt: await tx.stamp(),
    answerDeadline: await tx.deadline(dataset.deadlines.answerMs, windowMs),
    modelOwnerChain: anchoredChain(input.anchor),
    ...untouched,
  };
  tx.ledger.put(records.couple, [coupleId], couple);
  indexCouple(tx, couple);
  const { dataOwnerId } = couple;
  tx.emit({ type: 'TrainingRequested', coupleId, datasetId, modelId, dataOwnerId, modelOwnerId });
  return couple;
}

/** The fields of a new couple. */
const untouched = {
  answeredAt: null,
  rejectReason: null,
  dataOwnerChain: null,
  attempts: 0,
  startedRounds: 0,
  remainder: [],
  endedAt: null,
  finalModelDigest: null,
  metrics: [],
  releasedRounds: null,
  releasedAt: null,
} satisfies Partial<TrainCouple>;

const termsOf = (input: Request, dataset: Dataset, model: Model): Omit<CoupleTerms, 'windowMs'> => ({
  rounds: input.rounds,
  spareAttempts: input.spareAttempts,
  subsetsPerRound: input.subsetsPerRound ?? defaultSubsetsPerRound(dataset),
  subsets: dataset.subsets,
  replicas: dataset.replicas,
  quorum: quorumOf(dataset.replicas),
  aggregation: dataset.aggregation,
  protection: model.protection,
  programDigest: model.programDigest,
  heKeyDigest: input.heKeyDigest,
  idleMs: input.idleMs,
  deadlines: dataset.deadlines,
});

function sameRequest(existing: TrainCouple, parties: object, asked: object, anchor: string): TrainCouple {
  const isSame = existing.modelOwnerChain.anchor === anchor && holds(existing.terms, asked);
  if (isSame && holds(existing, parties)) return existing;
  throw new ContractError('CONFLICT', 'Another couple has this id.', { coupleId: existing.coupleId });
}

async function requireReady(tx: Transaction, dataset: Dataset): Promise<void> {
  const { datasetId, subsets } = dataset;
  const ready = (await tx.ledger.get(records.readiness, datasetId))?.readySubsets.length ?? 0;
  if (ready === subsets) return;
  throw new ContractError('NOT_READY', 'Some subsets have no quorum of verified slots.', {
    datasetId,
    ready,
    subsets,
  });
}

function requireWithinRules(dataset: Dataset, model: Model, asked: Omit<CoupleTerms, 'windowMs'>): void {
  const { mostRounds, mostSubsetsPerRound, mostIdleMs, protections } = dataset.requestRules;
  const broken: readonly (readonly [boolean, string])[] = [
    [asked.rounds > mostRounds, 'rounds'],
    [asked.subsetsPerRound > dataset.subsets, 'subsetsPerRound'],
    [mostDrawn(dataset, asked.subsetsPerRound) > mostSubsetsPerRound, 'subsetsPerRound'],
    [asked.idleMs > mostIdleMs, 'idleMs'],
    [!protections.includes(model.protection), 'protection'],
  ];
  const rule = broken.find(([isBroken]) => isBroken)?.[1];
  if (rule !== undefined) {
    throw new ContractError('BEYOND_RULES', `The dataset’s rules do not allow this ${rule}.`, { rule });
  }
}

/** Refuses with HE_KEY_REQUIRED. */
function requireKeyAsProtected({ protection }: Model, heKeyDigest: string | null): void {
  if ((protection === 'encrypted') === (heKeyDigest !== null)) return;
  throw new ContractError('HE_KEY_REQUIRED', 'The key does not fit the model’s protection.', { protection });
}
