import { subsetsPerClose, updateCommitment, type OutputOf } from '@veritrain/client-sdk';
import { digestFor } from './digests.js';
import type { Stage } from './stage.js';

/** A couple that the data owner approved, with both sides' draw chains. */
export interface Couple {
  readonly coupleId: string;
  readonly modelOwnerLink: (attempt: number) => string;
  readonly dataOwnerLink: (attempt: number) => string;
}

/** One honest round: opened, started, answered by every host that it drew, closed. */
export async function playRound(stage: Stage, couple: Couple, attempt: number): Promise<void> {
  const { cast, submit, shape } = stage;
  const { coupleId } = couple;
  await submit(cast.modelOwner, 'OpenRound', {
    coupleId,
    attempt,
    modelDigest: digestFor(`model ${coupleId} ${attempt}`),
    modelHandle: cast.modelOwner.keyring.handle('model', coupleId, attempt.toString()),
    link: couple.modelOwnerLink(attempt),
  });
  const link = couple.dataOwnerLink(attempt);
  const round = await submit(cast.dataOwner, 'StartRound', { coupleId, attempt, link });
  await Promise.all(round.drawn.flatMap((subset) => submitUpdates(stage, round, subset)));
  const results = round.drawn.map(({ subsetIndex }) => ({
    subsetIndex,
    claim: updateDigest(round, subsetIndex),
  }));
  const chunk = subsetsPerClose(shape.replicas);
  for (let at = 0; at < results.length; at += chunk) {
    await submit(cast.modelOwner, 'CloseRound', {
      coupleId,
      attempt,
      results: results.slice(at, at + chunk),
    });
  }
}

type StartedRound = OutputOf<'StartRound'>;

const updateDigest = ({ coupleId, attempt }: StartedRound, subsetIndex: number): string =>
  digestFor(`update ${coupleId} ${attempt} ${subsetIndex}`);

/** The hosts of a drawn subset commit to the same update. */
function submitUpdates(
  { cast, submit, sealedLocation: sealed }: Stage,
  round: StartedRound,
  { subsetIndex, slots }: StartedRound['drawn'][number],
): Promise<unknown>[] {
  const { coupleId, attempt } = round;
  return slots.map(({ instanceId, participantId }) => {
    const host = cast.hosts.find((each) => each.participantId === participantId);
    if (host === undefined)
      throw new Error(`The round drew ${participantId}, who is no host of this worker.`);
    const nonce = host.keyring.updateNonce(coupleId, attempt, instanceId);
    const commitment = updateCommitment(
      { ...cast.place, coupleId, attempt, instanceId, participantId, nonce },
      updateDigest(round, subsetIndex),
    );
    return submit(host, 'SubmitUpdate', { coupleId, attempt, instanceId, nonce, commitment, sealed });
  });
}
