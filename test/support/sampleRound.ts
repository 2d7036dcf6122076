import type { DrawnSlot, RoundView, TrainCouple, TrainJob } from '@veritrain/client-sdk';
import { encodeLocation, encryptObject, inMemoryKeyring, type PublicJwk } from '@veritrain/client-sdk/keys';
import { jobIdOf, updateCommitment } from '@veritrain/client-sdk/protocol';
import { digestOf, type Vault } from '@veritrain/client-sdk/vault';
import { place } from './scriptedMarket.js';

const minute = 60_000;
const digest = digestOf(Buffer.from('any'));
const stamp = { sequence: 1, time: 1_000, transactionId: 'a'.repeat(64) };
const phaseMs = {
  commitMs: minute,
  uploadMs: 2 * minute,
  closeMs: 3 * minute,
  revealMs: 4 * minute,
  attestMs: 5 * minute,
};
const coupleId = 'tc_sample';
const attempt = 1;

const chain = { anchor: digest, opened: { attempt: 0, link: digest } };

export const couple: TrainCouple = {
  coupleId,
  datasetId: 'ds_sample',
  modelId: 'ml_sample',
  dataOwnerId: 'pt_owner',
  modelOwnerId: 'pt_member',
  state: 'approved',
  terms: {
    rounds: 3,
    spareAttempts: 1,
    subsetsPerRound: 1,
    subsets: 2,
    replicas: 3,
    quorum: 2,
    aggregation: 'perSubset',
    protection: 'plain',
    programDigest: digest,
    heKeyDigest: null,
    idleMs: minute,
    windowMs: 250,
    deadlines: { verifyMs: minute, noticeMs: minute, answerMs: minute, startMs: minute, ...phaseMs },
  },
  requestNumber: 0,
  requestedAt: stamp,
  answerDeadline: { sequence: 1, durationMs: minute, windowMs: 250 },
  answeredAt: stamp,
  rejectReason: null,
  modelOwnerChain: chain,
  dataOwnerChain: chain,
  attempts: attempt,
  startedRounds: 1,
  remainder: [],
  endedAt: null,
  finalModelDigest: null,
  metrics: [],
  releasedRounds: null,
  releasedAt: null,
};

const slots: readonly DrawnSlot[] = [0, 1, 2].map((slot) => ({
  instanceId: `ci_sample_0_${slot}`,
  slot,
  generation: 1,
  participantId: `pt_host${slot}`,
}));

type Phase = keyof NonNullable<RoundView['phases']>;

/** A started round over one subset of three replicas, with these answers; the named phases have passed. */
export function roundWith(jobs: readonly TrainJob[], passed: readonly Phase[] = []): RoundView {
  const phase = (name: Phase): NonNullable<RoundView['phases']>[Phase] => ({
    sequence: 1,
    durationMs: phaseMs[`${name}Ms`],
    windowMs: 250,
    dueAt: 1_000 + phaseMs[`${name}Ms`],
    passed: passed.includes(name),
  });
  const commitments = jobs.filter(({ state }) => state === 'committed').length;
  const reports = jobs.length - commitments;
  const quorumReached = commitments >= couple.terms.quorum;
  const isVoid = !quorumReached && (jobs.length >= slots.length || passed.includes('commit'));
  return {
    coupleId,
    attempt,
    state: 'started',
    modelDigest: digest,
    modelHandle: 'a'.repeat(32),
    openedAt: stamp,
    startDeadline: couple.answerDeadline,
    modelOwnerLink: digest,
    dataOwnerLink: digest,
    seed: digest,
    drawn: [{ subsetId: 'ss_sample_0', subsetIndex: 0, packageDigest: digest, slots: [...slots] }],
    startedAt: stamp,
    deadlines: { sequence: 1, windowMs: 250, ...phaseMs },
    expiredAt: null,
    settled: false,
    subsets: [{ subsetIndex: 0, slots: 3, commitments, reports, quorum: 2, quorumReached, settled: false }],
    batches: [{ subsetIndexes: [0], quorumReached, outcome: isVoid ? 'void' : null }],
    jobs: [...jobs],
    settlements: [],
    reveals: [],
    startBy: { ...couple.answerDeadline, dueAt: 1, passed: false },
    phases: {
      commit: phase('commit'),
      upload: phase('upload'),
      close: phase('close'),
      reveal: phase('reveal'),
      attest: phase('attest'),
    },
  };
}

export interface HostAnswer {
  readonly job: TrainJob;
  /** Puts the update into the vault, as a host does once its subset has a quorum. */
  deliver(vault: Vault): Promise<void>;
}

/** A host's commitment to an update, sealed to the model owner as hosts do. */
export async function answerOf(slotIndex: number, update: string, recipient: PublicJwk): Promise<HostAnswer> {
  const slot = slots[slotIndex];
  if (slot === undefined) throw new Error(`there is no slot ${slotIndex}`);
  const keyring = inMemoryKeyring(slot.participantId);
  const { instanceId, participantId } = slot;
  const jobId = jobIdOf(coupleId, attempt, 0, slotIndex);
  const key = keyring.derive('update', jobId);
  const object = encryptObject(key, Buffer.from(update), jobId);
  const handle = keyring.handle('update', jobId);
  const nonce = keyring.updateNonce(coupleId, attempt, instanceId);
  const facts = { ...place, coupleId, attempt, instanceId, participantId, nonce };
  const location = encodeLocation({ handle, digest: digestOf(object), key });
  const job: TrainJob = {
    jobId,
    coupleId,
    attempt,
    subsetIndex: 0,
    ...slot,
    state: 'committed',
    nonce,
    commitment: updateCommitment(facts, digestOf(Buffer.from(update))),
    sealed: await keyring.seal(recipient, location),
    answeredAt: stamp,
  };
  return {
    job,
    deliver: async (vault) => {
      await vault.put(object, { handle });
    },
  };
}
