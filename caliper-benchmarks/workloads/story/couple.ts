import { agree } from './agreement.js';
import { digestFor } from './digests.js';
import { playRound } from './round.js';
import type { Stage } from './stage.js';

/**
 * A couple from the offer of its dataset to its end: every transaction of honest agents, in their order and with their
 * concurrency. Only the clock's ticks are not part of it.
 */
export async function playCouple(stage: Stage): Promise<void> {
  const { submit, shape, cast } = stage;
  const couple = await agree(stage);
  const { coupleId } = couple;
  for (let attempt = 1; attempt <= shape.rounds; attempt += 1) await playRound(stage, couple, attempt);
  await submit(cast.modelOwner, 'FinishTraining', {
    coupleId,
    finalModelDigest: digestFor(`final model of ${coupleId}`),
    metrics: [{ name: 'mse', value: '2868.52' }],
  });
  await submit(cast.dataOwner, 'ReleaseRounds', { coupleId });
}
