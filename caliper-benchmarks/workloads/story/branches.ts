// Branches off the path of an honest couple, up to the transaction that each branch is for.
import { newId } from '@veritrain/client-sdk/keys';
import { subsetsPerTally } from '@veritrain/client-sdk/protocol';
import { chunksOf } from '../chunks.js';
import { agree, request } from './agreement.js';
import { digestFor } from './digests.js';
import { generation, instanceOf, join, registerDataset, slotsOf, type Slot } from './offer.js';
import {
  closeRound,
  jobsOf,
  openRound,
  startRound,
  submitUpdate,
  type Job,
  type StartedRound,
} from './round.js';
import type { Stage } from './stage.js';

const attempt = 1;

/** A member joins the market. */
export async function registerNewcomer({ newcomers, submit }: Stage): Promise<void> {
  const newcomer = newcomers.shift();
  if (newcomer === undefined) {
    throw new Error('All enrolled identities are registered: npm run prepare-network -- --newcomers …');
  }
  const { signingKey, encryptionKey } = newcomer.keyring;
  const { participantId } = newcomer;
  const keys = { signingKey, encryptionKey };
  await submit(newcomer, 'RegisterParticipant', { participantId, roles: ['cloudOwner'], ...keys });
}

/** An administrator proposes other settings, and two others vote against them. */
export async function refuseProposal({ cast, settings, submit }: Stage): Promise<void> {
  const [proposer, ...voters] = cast.administrators;
  if (proposer === undefined) throw new Error('The market has no administrator.');
  const proposalId = newId('cf', { ...cast.place, ownerId: proposer.mspId });
  const proposed = { ...settings, mostDeadlineMs: settings.mostDeadlineMs + 1 };
  await submit(proposer, 'ProposeConfig', {
    proposalId,
    settings: proposed,
    voteMs: settings.mostDeadlineMs,
  });
  for (const voter of voters.slice(0, 2)) await submit(voter, 'VoteConfig', { proposalId, approve: false });
}

/** The data owner takes a dataset off the market. */
export async function withdrawDataset(stage: Stage): Promise<void> {
  const datasetId = await registerDataset(stage);
  await stage.submit(stage.cast.dataOwner, 'WithdrawDataset', { datasetId });
}

async function joinEach(stage: Stage, then: (slot: Slot) => Promise<unknown>): Promise<void> {
  const datasetId = await registerDataset(stage);
  await Promise.all(
    slotsOf(stage, datasetId).map(async (slot) => {
      await join(stage, slot);
      await then(slot);
    }),
  );
}

/** Hosts leave before their verification. */
export const leaveInstances = (stage: Stage): Promise<void> =>
  joinEach(stage, (slot) =>
    stage.submit(slot.host, 'LeaveInstance', { instanceId: instanceOf(slot), generation }),
  );

/** Nobody verifies the hosts that joined. */
export const expireJoins = (stage: Stage): Promise<void> =>
  joinEach(stage, (slot) =>
    stage.submit(stage.cast.dataOwner, 'ExpireJoin', { instanceId: instanceOf(slot), generation }),
  );

/** The data owner does not want the model. */
export async function rejectRequest(stage: Stage): Promise<void> {
  const { coupleId } = await request(stage);
  await stage.submit(stage.cast.dataOwner, 'RejectTraining', { coupleId, reason: 'capacity' });
}

/** The data owner does not answer. */
export async function cancelRequest(stage: Stage): Promise<void> {
  const { coupleId } = await request(stage);
  await stage.submit(stage.cast.modelOwner, 'CancelTraining', { coupleId });
}

/** The data owner does not start the round. */
export async function expireRound(stage: Stage): Promise<void> {
  const couple = await agree(stage);
  const { coupleId } = couple;
  await openRound(stage, couple, attempt);
  await stage.submit(stage.cast.modelOwner, 'ExpireRound', { coupleId, attempt });
}

/** No host can get the model. */
export async function reportUnavailable(stage: Stage): Promise<void> {
  const couple = await agree(stage);
  const { coupleId } = couple;
  const round = await startRound(stage, couple, attempt);
  await Promise.all(
    jobsOf(stage, round).map(({ host, instanceId }) =>
      stage.submit(host, 'ReportUnavailable', { coupleId, attempt, instanceId }),
    ),
  );
}

/** Replicas commit to different updates, and the model owner claims one that none of them sent. */
async function contest(stage: Stage) {
  const couple = await agree(stage);
  const round = await startRound(stage, couple, attempt);
  const jobs = jobsOf(stage, round);
  const digestOf = ({ instanceId }: Job): string => digestFor(`own update ${couple.coupleId} ${instanceId}`);
  await Promise.all(jobs.map((job) => submitUpdate(stage, round, job, digestOf(job))));
  await closeRound(stage, round, (subsetIndex) => digestFor(`claim ${couple.coupleId} ${subsetIndex}`));
  return { round, jobs, digestOf };
}

/** In a contested round each host reveals its digest. */
export async function revealUpdates(stage: Stage): Promise<StartedRound> {
  const { round, jobs, digestOf } = await contest(stage);
  const { coupleId } = round;
  await Promise.all(
    jobs.map((job) => {
      const { host, instanceId } = job;
      return stage.submit(host, 'RevealUpdate', { coupleId, attempt, instanceId, digest: digestOf(job) });
    }),
  );
  return round;
}

/** The contract judges a contested round by its hosts' reveals. */
export async function tallyRound(stage: Stage): Promise<void> {
  const { coupleId, drawn } = await revealUpdates(stage);
  const subsetIndexes = drawn.map(({ subsetIndex }) => subsetIndex);
  const most = subsetsPerTally({ ...stage.shape, aggregation: 'perSubset' });
  for (const part of chunksOf(subsetIndexes, most))
    await stage.submit(stage.cast.modelOwner, 'TallyRound', { coupleId, attempt, subsetIndexes: part });
}
