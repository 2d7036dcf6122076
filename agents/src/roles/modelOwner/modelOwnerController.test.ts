import type { CommittedChange } from '@veritrain/client-sdk';
import { expect, it } from 'vitest';
import { testFolder } from '../../../../test/support/folder.js';
import { couple, roundWith } from '../../../../test/support/sampleRound.js';
import { roleContext } from '../../testing/roleContext.js';
import { afterStep } from '../role.js';
import { AnswerCounts } from '../shared/answerCounts.js';
import { ModelOwnerController } from './modelOwnerController.js';

const folder = testFolder('model-owner');
const { coupleId, modelOwnerId, dataOwnerId, datasetId } = couple;
const { attempt, drawn, deadlines } = roundWith([]);
const [subset] = drawn;
const at = { summary: '', transactionId: 't', blockNumber: 1n, coupleId, attempt };

const answer = (slot: number): CommittedChange => ({
  ...at,
  type: 'UpdateCommitted',
  subsetIndex: subset!.subsetIndex,
  instanceId: subset!.slots[slot]!.instanceId,
  generation: 1,
  participantId: subset!.slots[slot]!.participantId,
});

it('is woken at once by the last answer alone; what it can fetch before then waits a little for it', () => {
  const answers = new AnswerCounts();
  answers.know(couple);
  const context = roleContext({ folder: folder(), participantId: modelOwnerId });
  const controller = new ModelOwnerController(context, answers);
  expect(controller.keyOf(answer(0)), 'a couple of others').toBeUndefined();
  const requested = { ...at, type: 'TrainingRequested', datasetId, modelOwnerId, dataOwnerId };
  expect(controller.keyOf(requested as unknown as CommittedChange), 'its own request').toBe(coupleId);
  expect(controller.keyOf(answer(0)), 'a round whose start it did not hear').toBe(coupleId);
  const started: CommittedChange = {
    ...at,
    type: 'RoundStarted',
    modelOwnerId,
    drawn,
    deadlines: deadlines!,
  };
  expect(controller.keyOf(started)).toEqual({ subject: coupleId, afterMs: afterStep.requeueAfterMs });
  const soon = { subject: coupleId, afterMs: expect.any(Number) as number };
  expect([0, 1, 2].map((slot) => controller.keyOf(answer(slot)))).toEqual([undefined, soon, coupleId]);
});
