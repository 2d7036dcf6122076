import { z } from 'zod';
import { coupleId, datasetId, instanceId, modelId, participantId, proposalId } from './ids.js';
import { protection } from './dataset.js';
import { digest, durationMs, epochMs, mspId, vaultHandle } from './primitives.js';
import { role } from './roles.js';
import { attempt, drawnSubset, roundDeadlines, subsetIndex } from './round.js';
import { rejectReason } from './couple.js';
import { conductKind } from './conduct.js';
import { claim, outcome, slotVerdict } from './verdict.js';

/** Name of the one event that a transaction sets. */
export const marketEventName = 'veritrain.changes';
export const eventSchemaVersion = 1;

const change = <N extends string, S extends z.core.$ZodLooseShape>(type: N, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape });

const slot = { instanceId, generation: z.int().min(1), participantId };
const inRound = { coupleId, attempt };

/** Every change that an event may report, in the order in which they happened. */
export const marketChange = z.discriminatedUnion('type', [
  change('ConfigConfirmed', { mspId, baseVersion: z.int().min(0) }),
  change('MarketConfigured', { version: z.int().min(1) }),
  change('ConfigProposed', { proposalId, mspId }),
  change('ConfigVoted', { proposalId, mspId, approve: z.boolean() }),
  change('ConfigAdopted', { proposalId, version: z.int().min(1) }),
  change('ConfigRefused', { proposalId }),
  change('ClockTicked', { sequence: z.int().min(1), time: epochMs }),
  change('ParticipantRegistered', { participantId, roles: z.array(role) }),
  change('DatasetRegistered', { datasetId, ownerId: participantId, subsets: z.int(), replicas: z.int() }),
  change('DatasetWithdrawn', { datasetId }),
  change('DatasetReady', { datasetId }),
  change('DatasetUnready', { datasetId }),
  change('InstanceJoined', { datasetId, ...slot }),
  change('InstanceVerified', { datasetId, ...slot }),
  change('InstanceMismatched', { datasetId, ...slot }),
  change('PackagePinned', { datasetId, subsetIndex, packageDigest: digest }),
  change('JoinExpired', { datasetId, ...slot }),
  change('InstanceLeaving', { datasetId, ...slot }),
  change('InstanceLeft', { datasetId, ...slot }),
  change('ModelRegistered', { modelId, ownerId: participantId, protection }),
  change('TrainingRequested', {
    coupleId,
    datasetId,
    modelId,
    dataOwnerId: participantId,
    modelOwnerId: participantId,
  }),
  change('TrainingApproved', { coupleId, dataOwnerId: participantId, modelOwnerId: participantId }),
  change('TrainingRejected', { coupleId, modelOwnerId: participantId, reason: rejectReason }),
  change('TrainingCancelled', { coupleId, dataOwnerId: participantId, modelOwnerId: participantId }),
  change('TrainingFinished', { coupleId, dataOwnerId: participantId, finalModelDigest: digest }),
  change('RoundsReleased', { coupleId, datasetId, rounds: z.int().min(0) }),
  change('RoundOpened', {
    ...inRound,
    dataOwnerId: participantId,
    modelDigest: digest,
    modelHandle: vaultHandle,
    startMs: durationMs,
  }),
  change('RoundStarted', {
    ...inRound,
    modelOwnerId: participantId,
    drawn: z.array(drawnSubset),
    deadlines: roundDeadlines,
  }),
  change('RoundExpired', inRound),
  change('UpdateCommitted', { ...inRound, subsetIndex, ...slot }),
  change('UpdateUnavailable', { ...inRound, subsetIndex, ...slot }),
  change('SubsetSettled', {
    ...inRound,
    subsetIndex,
    outcome,
    digest: digest.nullable(),
    verdicts: z.array(slotVerdict),
  }),
  change('SubsetContested', { ...inRound, subsetIndex, claim }),
  change('UpdateRevealed', { ...inRound, subsetIndex, ...slot, digest }),
  change('ConductRecorded', {
    ...inRound,
    participantId,
    subsetIndex: subsetIndex.nullable(),
    kind: conductKind,
  }),
]);
/** A change that an event reports. */
export type MarketChange = z.infer<typeof marketChange>;
export type ChangeType = MarketChange['type'];
export const changeTypes: readonly ChangeType[] = marketChange.options.map(
  (option) => option.shape.type.value,
);

/** The content of a transaction's event. */
export const marketEvent = z.strictObject({
  schemaVersion: z.literal(eventSchemaVersion),
  changes: z.array(marketChange).min(1),
});
/** What a transaction's event carries. */
export interface MarketEvent extends z.infer<typeof marketEvent> {}
