import { z } from 'zod';
import { datasetReadiness, dataSubset } from '../dataset.js';
import { datasetId, instanceId, participantId } from '../ids.js';
import { cloudInstance, instanceState } from '../instance.js';
import { maxSubsetsPerCall } from '../keyCosts.js';
import { digest, epochMs, es256Signature, nonce, pageInput, pageOf } from '../primitives.js';
import { subsetIndex } from '../round.js';
import { waiting } from '../views.js';
import { example, exampleDigest } from './examples.js';
import { evaluate, submit } from './specification.js';

const generation = z.int().min(1).max(1_000_000);
const atSlot = { instanceId, generation };

export const instanceTransactions = {
  JoinInstance: submit({
    name: 'JoinInstance',
    method: 'instances.join',
    contract: 'InstanceContract',
    who: 'the host that the join token names',
    summary: 'Takes an open slot with the data owner’s token and commits to the package’s digest.',
    input: z.strictObject({
      ...atSlot,
      expiresAt: epochMs,
      token: es256Signature,
      nonce,
      commitment: digest,
    }),
    output: cloudInstance,
    example: {
      instanceId: example.instance,
      generation: 1,
      expiresAt: 1_900_000_000_000,
      token: example.signature,
      nonce: example.nonce,
      commitment: exampleDigest('2b'),
    },
    events: ['InstanceJoined'],
    errors: [
      'NOT_REGISTERED',
      'MISSING_ROLE',
      'ROLE_NOT_CERTIFIED',
      'NOT_FOUND',
      'DATASET_WITHDRAWN',
      'OUT_OF_RANGE',
      'WRONG_GENERATION',
      'SLOT_TAKEN',
      'SUBSET_HELD',
      'COMPANY_TAG_MISSING',
      'TOKEN_INVALID',
      'TOKEN_EXPIRED',
      'CONFLICT',
    ],
  }),
  VerifyInstances: submit({
    name: 'VerifyInstances',
    method: 'instances.verify',
    contract: 'InstanceContract',
    who: 'the dataset’s owner',
    summary:
      'Gives one package digest per subset; the contract opens every joined slot’s commitment. The first digest that a quorum opens is pinned. A slot whose commitment does not open is mismatched, and nobody is blamed.',
    input: z.strictObject({
      datasetId,
      packages: z
        .array(z.strictObject({ subsetIndex, packageDigest: digest }))
        .min(1)
        .max(maxSubsetsPerCall)
        .refine(
          (list) => new Set(list.map((each) => each.subsetIndex)).size === list.length,
          'names a subset twice',
        ),
    }),
    output: z.strictObject({
      /** The subsets that were named, as they stand now. */
      subsets: z.array(dataSubset),
      /** Which subsets are ready now. */
      readiness: datasetReadiness,
    }),
    example: {
      datasetId: example.dataset,
      packages: [{ subsetIndex: 0, packageDigest: exampleDigest('3c') }],
    },
    events: ['PackagePinned', 'InstanceVerified', 'InstanceMismatched', 'DatasetReady'],
    errors: [
      'NOT_REGISTERED',
      'NOT_FOUND',
      'NOT_OWNER',
      'OUT_OF_RANGE',
      'TOO_MANY_AT_ONCE',
      'NO_QUORUM_FOR_DIGEST',
      'PACKAGE_DIGEST_PINNED',
    ],
  }),
  ExpireJoin: submit({
    name: 'ExpireJoin',
    method: 'instances.expireJoin',
    contract: 'InstanceContract',
    who: 'anyone, after the slot’s verify deadline',
    summary:
      'Frees a joined slot that the data owner did not verify in time. It opens again under the next generation.',
    input: z.strictObject(atSlot),
    output: cloudInstance,
    example: { instanceId: example.instance, generation: 1 },
    events: ['JoinExpired'],
    errors: ['NOT_FOUND', 'OUT_OF_RANGE', 'WRONG_GENERATION', 'WRONG_STATE', 'DEADLINE_NOT_PASSED'],
  }),
  LeaveInstance: submit({
    name: 'LeaveInstance',
    method: 'instances.leave',
    contract: 'InstanceContract',
    who: 'the slot’s host; after the notice, anyone',
    summary:
      'Releases a host from its slot. The first call for a verified slot starts a notice. Rounds that start before the notice ends still name the slot, and a second call after it frees the slot. Any other slot is free at once.',
    input: z.strictObject(atSlot),
    output: cloudInstance,
    example: { instanceId: example.instance, generation: 1 },
    events: ['InstanceLeaving', 'InstanceLeft', 'DatasetUnready'],
    errors: [
      'NOT_REGISTERED',
      'NOT_FOUND',
      'OUT_OF_RANGE',
      'NOT_HOLDER',
      'WRONG_GENERATION',
      'WRONG_STATE',
      'DEADLINE_NOT_PASSED',
    ],
  }),
  GetInstance: evaluate({
    name: 'GetInstance',
    method: 'instances.get',
    contract: 'InstanceContract',
    summary: 'A slot by id. A slot that nobody has joined is open, generation 1.',
    input: z.strictObject({ instanceId }),
    output: cloudInstance,
    example: { instanceId: example.instance },
    errors: ['NOT_FOUND', 'OUT_OF_RANGE'],
  }),
  ListInstances: evaluate({
    name: 'ListInstances',
    method: 'instances.list',
    contract: 'InstanceContract',
    summary: 'Slots that a host has joined at some time, by dataset or host, all or those in one state.',
    input: z.strictObject({
      datasetId: datasetId.optional(),
      participantId: participantId.optional(),
      state: instanceState.optional(),
      ...pageInput,
    }),
    output: pageOf(cloudInstance),
    example: { participantId: example.host },
    errors: [],
  }),
  WaitingForJoins: evaluate({
    name: 'WaitingForJoins',
    method: 'instances.waitingForJoins',
    contract: 'InstanceContract',
    summary:
      'The participants that a dataset’s slots wait for, the deadlines, and the transactions that anyone may call after them.',
    input: z.strictObject({ datasetId, ...pageInput }),
    output: pageOf(waiting),
    example: { datasetId: example.dataset },
    errors: ['NOT_FOUND'],
  }),
} as const;
