import type { ChangeType, MarketChange } from '@veritrain/chaincode/domain';

type Summaries = { readonly [T in ChangeType]: (change: Extract<MarketChange, { type: T }>) => string };

const place = ({ coupleId, attempt }: { coupleId: string; attempt: number }): string =>
  `${coupleId} round ${attempt}`;

const part = (change: { coupleId: string; attempt: number; subsetIndex: number }): string =>
  `${place(change)} subset ${change.subsetIndex}`;

const count = (list: readonly unknown[], noun: string): string =>
  `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;

const summaries: Summaries = {
  ConfigConfirmed: ({ mspId, baseVersion }) =>
    `${mspId} confirmed what is to follow configuration ${baseVersion}.`,
  MarketConfigured: ({ version }) => `The market is open, configuration ${version}.`,
  ConfigProposed: ({ proposalId, mspId }) => `${mspId} proposed the settings ${proposalId}.`,
  ConfigVoted: ({ proposalId, mspId, approve }) =>
    `${mspId} voted ${approve ? 'for' : 'against'} ${proposalId}.`,
  ConfigAdopted: ({ proposalId, version }) => `${proposalId} was adopted as configuration ${version}.`,
  ConfigRefused: ({ proposalId }) => `${proposalId} was refused.`,
  ClockTicked: ({ sequence, time }) => `Tick ${sequence}: ${new Date(time).toISOString()}.`,
  ParticipantRegistered: ({ participantId, roles }) =>
    `${participantId} joined the market as ${roles.join(', ')}.`,
  DatasetRegistered: ({ datasetId, ownerId, subsets, replicas }) =>
    `${ownerId} offers ${datasetId}: ${subsets} subsets × ${replicas} replicas.`,
  DatasetWithdrawn: ({ datasetId }) => `${datasetId} was withdrawn.`,
  DatasetReady: ({ datasetId }) => `${datasetId} is ready: requests are open.`,
  DatasetUnready: ({ datasetId }) => `${datasetId} lacks verified slots: requests are closed.`,
  InstanceJoined: ({ instanceId, participantId }) => `${participantId} took the slot ${instanceId}.`,
  InstanceVerified: ({ instanceId, participantId }) =>
    `${participantId} holds the right package in ${instanceId}.`,
  InstanceMismatched: ({ instanceId }) =>
    `The package of ${instanceId} is not the pinned one; nobody is blamed.`,
  PackagePinned: ({ datasetId, subsetIndex }) =>
    `The package of ${datasetId} subset ${subsetIndex} is pinned.`,
  JoinExpired: ({ instanceId }) => `${instanceId} was not verified in time and is free again.`,
  InstanceLeaving: ({ instanceId, participantId }) => `${participantId} gave notice for ${instanceId}.`,
  InstanceLeft: ({ instanceId, participantId }) => `${participantId} left ${instanceId}.`,
  ModelRegistered: ({ modelId, ownerId, protection }) => `${ownerId} registered ${modelId} (${protection}).`,
  TrainingRequested: ({ coupleId, modelId, datasetId }) =>
    `${coupleId}: training of ${modelId} on ${datasetId} was requested.`,
  TrainingApproved: ({ coupleId }) => `${coupleId} was approved.`,
  TrainingRejected: ({ coupleId, reason }) => `${coupleId} was rejected: ${reason}.`,
  TrainingCancelled: ({ coupleId }) => `${coupleId} was cancelled.`,
  TrainingFinished: ({ coupleId }) => `${coupleId} is finished.`,
  RoundsReleased: ({ coupleId, datasetId, rounds }) =>
    `${coupleId} gave ${rounds} rounds back to ${datasetId}.`,
  RoundOpened: (change) => `${place(change)} is open: the data owner draws next.`,
  RoundStarted: (change) =>
    `${place(change)} started: ${count(change.drawn, 'subset')} drawn, ${count(
      change.drawn.flatMap(({ slots }) => slots),
      'job',
    )}.`,
  RoundExpired: (change) => `${place(change)} expired: the data owner did not draw in time.`,
  UpdateCommitted: (change) => `${part(change)}: ${change.instanceId} committed to an update.`,
  UpdateUnavailable: (change) => `${part(change)}: ${change.instanceId} could not have the model.`,
  SubsetSettled: (change) => `${part(change)} is settled: ${change.outcome}${dissenters(change.verdicts)}.`,
  SubsetContested: (change) => `${part(change)} is contested: hosts reveal, then anyone tallies.`,
  UpdateRevealed: (change) => `${part(change)}: ${change.instanceId} revealed its digest.`,
  ConductRecorded: (change) => `${place(change)}: ${change.kind} was recorded of ${change.participantId}.`,
};

function dissenters(verdicts: readonly { instanceId: string; verdict: string }[]): string {
  const found = verdicts.filter(({ verdict }) => verdict === 'dissented').map(({ instanceId }) => instanceId);
  return found.length === 0 ? '' : `, ${found.join(' and ')} dissented`;
}

/** A change in one sentence. */
export function summarise(change: MarketChange): string {
  // The table has each type's own function; the compiler does not tie the two lookups together.
  const summary = summaries[change.type] as (change: MarketChange) => string;
  return summary(change);
}
