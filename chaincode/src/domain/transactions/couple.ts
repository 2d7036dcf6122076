import { z } from 'zod';
import { coupleState, metrics, rejectReason, requestFields, trainCouple } from '../couple.js';
import { coupleId, datasetId, modelId, participantId } from '../ids.js';
import { digest, pageInput, pageOf } from '../primitives.js';
import { historyStep, waiting } from '../views.js';
import { example, exampleDigest } from './examples.js';
import { evaluate, submit } from './specification.js';

const one = z.strictObject({ coupleId });

export const coupleTransactions = {
  RequestTraining: submit({
    name: 'RequestTraining',
    contract: 'CoupleContract',
    who: 'the model’s owner',
    summary:
      'Asks to train a model on a dataset: the terms, the anchor of the model owner’s draw chain and the digest of a homomorphic public key, neither of which it used before.',
    input: z.strictObject({ ...requestFields, subsetsPerRound: z.int().min(1).max(40).optional() }),
    output: trainCouple,
    example: {
      coupleId: example.couple,
      datasetId: example.dataset,
      modelId: example.model,
      rounds: 20,
      spareAttempts: 5,
      subsetsPerRound: 3,
      anchor: exampleDigest('6a'),
      heKeyDigest: exampleDigest('6f'),
      idleMs: 86_400_000,
    },
    events: ['TrainingRequested'],
    errors: [
      'ID_OF_ANOTHER',
      'NOT_REGISTERED',
      'MISSING_ROLE',
      'ROLE_NOT_CERTIFIED',
      'NOT_FOUND',
      'NOT_OWNER',
      'DATASET_WITHDRAWN',
      'NOT_READY',
      'BEYOND_RULES',
      'HE_KEY_REQUIRED',
      'HE_KEY_USED',
      'ANCHOR_USED',
      'TOO_MANY_OPEN_REQUESTS',
      'DEADLINE_TOO_SHORT',
      'DEADLINE_TOO_LONG',
      'CONFLICT',
    ],
  }),
  ApproveTraining: submit({
    name: 'ApproveTraining',
    contract: 'CoupleContract',
    who: 'the dataset’s owner',
    summary:
      'Approves with the anchor of the data owner’s draw chain, as long as the attempts (rounds + spare), and reserves the rounds from the dataset’s lifetime rounds.',
    input: z.strictObject({ coupleId, anchor: digest }),
    output: trainCouple,
    example: { coupleId: example.couple, anchor: exampleDigest('7a') },
    events: ['TrainingApproved'],
    errors: [
      'NOT_REGISTERED',
      'NOT_FOUND',
      'NOT_OWNER',
      'WRONG_STATE',
      'DATASET_WITHDRAWN',
      'DEADLINE_PASSED',
      'ANCHOR_USED',
      'LIFETIME_EXHAUSTED',
      'CONFLICT',
    ],
  }),
  RejectTraining: submit({
    name: 'RejectTraining',
    contract: 'CoupleContract',
    who: 'the dataset’s owner',
    summary:
      'Refuses a request with a reason code. terms, purpose, capacity, reputation and other are the owner’s choice; the rest say why an approval cannot succeed.',
    input: z.strictObject({ coupleId, reason: rejectReason }),
    output: trainCouple,
    example: { coupleId: example.couple, reason: 'capacity' },
    events: ['TrainingRejected'],
    errors: ['NOT_REGISTERED', 'NOT_FOUND', 'NOT_OWNER', 'WRONG_STATE', 'CONFLICT'],
  }),
  FinishTraining: submit({
    name: 'FinishTraining',
    contract: 'CoupleContract',
    who: 'the couple’s model owner',
    summary: 'Ends the couple with the final model’s digest and metrics; refused while a round is unsettled.',
    input: z.strictObject({ coupleId, finalModelDigest: digest, metrics }),
    output: trainCouple,
    example: {
      coupleId: example.couple,
      finalModelDigest: exampleDigest('8b'),
      metrics: [{ name: 'mse', value: '2868.52' }],
    },
    events: ['TrainingFinished'],
    errors: ['NOT_REGISTERED', 'NOT_FOUND', 'NOT_OWNER', 'NOT_APPROVED', 'ROUND_UNSETTLED', 'CONFLICT'],
  }),
  CancelTraining: submit({
    name: 'CancelTraining',
    contract: 'CoupleContract',
    who: 'anyone, after the answer deadline or the idle deadline',
    summary:
      'Ends a couple that was not answered, or that rests too long; refused while a round is unsettled.',
    input: one,
    output: trainCouple,
    example: { coupleId: example.couple },
    events: ['TrainingCancelled'],
    errors: ['NOT_FOUND', 'WRONG_STATE', 'ROUND_UNSETTLED', 'DEADLINE_NOT_PASSED'],
  }),
  ReleaseRounds: submit({
    name: 'ReleaseRounds',
    contract: 'CoupleContract',
    who: 'the dataset’s owner, after the couple’s end',
    summary: 'Gives back to the dataset the reserved rounds that were never started.',
    input: one,
    output: trainCouple,
    example: { coupleId: example.couple },
    events: ['RoundsReleased'],
    errors: ['NOT_REGISTERED', 'NOT_FOUND', 'NOT_OWNER', 'WRONG_STATE', 'NOTHING_RESERVED'],
  }),
  GetCouple: evaluate({
    name: 'GetCouple',
    contract: 'CoupleContract',
    summary: 'A couple by id.',
    input: one,
    output: trainCouple,
    example: { coupleId: example.couple },
    errors: ['NOT_FOUND'],
  }),
  ListCouples: evaluate({
    name: 'ListCouples',
    contract: 'CoupleContract',
    summary: 'Couples, by party (data owner or model owner), dataset, model or state.',
    input: z.strictObject({
      participantId: participantId.optional(),
      datasetId: datasetId.optional(),
      modelId: modelId.optional(),
      state: coupleState.optional(),
      ...pageInput,
    }),
    output: pageOf(trainCouple),
    example: { participantId: example.modelOwner, state: 'approved' },
    errors: [],
  }),
  GetCoupleHistory: evaluate({
    name: 'GetCoupleHistory',
    contract: 'CoupleContract',
    summary:
      'A couple’s whole history in order. A page holds that many attempts; bookmarks are attempt numbers.',
    input: z.strictObject({ coupleId, ...pageInput }),
    output: pageOf(historyStep),
    example: { coupleId: example.couple, pageSize: 10 },
    errors: ['NOT_FOUND'],
  }),
  WaitingFor: evaluate({
    name: 'WaitingFor',
    contract: 'CoupleContract',
    summary:
      'Whom a couple waits for, until when, and what anyone may call then. Empty when it waits for nothing.',
    input: one,
    output: z.array(waiting),
    example: { coupleId: example.couple },
    errors: ['NOT_FOUND'],
  }),
} as const;
