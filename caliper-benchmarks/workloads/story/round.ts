import { type OutputOf, subsetsPerClose, updateCommitment } from '@veritrain/client-sdk/protocol';
import { chunksOf } from '../chunks.js';
import type { Member } from '../preparedMarket.js';
import type { Couple } from './agreement.js';
import { digestFor } from './digests.js';
import type { Stage } from './stage.js';

export type StartedRound = OutputOf<'StartRound'>;

/** A host's part of a round: its drawn slot. */
export interface Job {
  readonly subsetIndex: number;
  readonly slot: number;
  readonly instanceId: string;
  readonly host: Member;
}

/** One honest round: opened, started, answered by every drawn host, closed. */
export async function playRound(stage: Stage, couple: Couple, attempt: number): Promise<void> {
  const round = await startRound(stage, couple, attempt);
  // The hosts of a drawn subset commit to the same update.
  const digestOf = (subsetIndex: number): string =>
    digestFor(`update ${round.coupleId} ${round.attempt} ${subsetIndex}`);
  await Promise.all(
    jobsOf(stage, round).map((job) => submitUpdate(stage, round, job, digestOf(job.subsetIndex))),
  );
  await closeRound(stage, round, digestOf);
}

/** Opens a round with a model. */
export async function openRound({ cast, submit }: Stage, couple: Couple, attempt: number): Promise<void> {
  const { modelOwner } = cast;
  const { coupleId, modelOwnerChain } = couple;
  await submit(modelOwner, 'OpenRound', {
    coupleId,
    attempt,
    modelDigest: digestFor(`model ${coupleId} ${attempt}`),
    modelHandle: modelOwner.keyring.handle('model', coupleId, attempt.toString()),
    link: modelOwnerChain.link(attempt),
  });
}

/** Opens a round, and the data owner starts it, which draws the hosts. */
export async function startRound(stage: Stage, couple: Couple, attempt: number): Promise<StartedRound> {
  await openRound(stage, couple, attempt);
  const { coupleId, dataOwnerChain } = couple;
  const link = dataOwnerChain.link(attempt);
  return stage.submit(stage.cast.dataOwner, 'StartRound', { coupleId, attempt, link });
}

/** The jobs of a round's hosts. */
export const jobsOf = ({ cast }: Stage, round: StartedRound): Job[] =>
  round.drawn.flatMap(({ subsetIndex, slots }) =>
    slots.map(({ instanceId, slot, participantId }) => {
      const host = cast.hosts.find((each) => each.participantId === participantId);
      if (host === undefined)
        throw new Error(`The round drew ${participantId}, which is not a host of this worker.`);
      return { subsetIndex, slot, instanceId, host };
    }),
  );

/** A host commits to the digest of its update. */
export async function submitUpdate(
  { cast, submit, sealedLocation: sealed }: Stage,
  { coupleId, attempt }: StartedRound,
  { host, instanceId }: Job,
  digest: string,
): Promise<void> {
  const { participantId, keyring } = host;
  const nonce = keyring.updateNonce(coupleId, attempt, instanceId);
  const commitment = updateCommitment(
    { ...cast.place, coupleId, attempt, instanceId, participantId, nonce },
    digest,
  );
  await submit(host, 'SubmitUpdate', { coupleId, attempt, instanceId, nonce, commitment, sealed });
}

/** The model owner claims the received digest of each drawn subset. */
export async function closeRound(
  { cast, submit, shape }: Stage,
  { coupleId, attempt, drawn }: StartedRound,
  claimOf: (subsetIndex: number) => string,
): Promise<void> {
  const results = drawn.map(({ subsetIndex }) => ({ subsetIndex, claim: claimOf(subsetIndex) }));
  for (const part of chunksOf(results, subsetsPerClose({ ...shape, aggregation: 'perSubset' })))
    await submit(cast.modelOwner, 'CloseRound', { coupleId, attempt, results: part });
}
