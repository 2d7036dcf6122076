import { z } from 'zod';
import { coupleId, instanceId, jobId, participantId } from '../ids.js';
import { maxSubsetsPerCall } from '../keyCosts.js';
import { compactJwe, digest, nonce, pageInput, pageOf, vaultHandle } from '../primitives.js';
import { attempt, reveal, round, subsetIndex, trainJob } from '../round.js';
import { jobView, roundView } from '../views.js';
import { claim, settlement } from '../verdict.js';
import { example, exampleDigest } from './examples.js';
import { evaluate, submit } from './specification.js';

const one = { coupleId, attempt };
const exampleOne = { coupleId: example.couple, attempt: 1 };
const settlements = z.strictObject({
  /** Of the subsets that were named. */
  settlements: z.array(settlement),
});
const once = (list: readonly { subsetIndex: number }[]): boolean =>
  new Set(list.map((each) => each.subsetIndex)).size === list.length;

export const roundTransactions = {
  OpenRound: submit({
    name: 'OpenRound',
    method: 'rounds.open',
    contract: 'RoundContract',
    who: 'the couple’s model owner',
    summary:
      'Opens the next attempt and its link of the model owner’s draw chain; pins the digest and vault handle of the round’s model.',
    input: z.strictObject({ ...one, modelDigest: digest, modelHandle: vaultHandle, link: digest }),
    output: round,
    example: {
      ...exampleOne,
      modelDigest: exampleDigest('9c'),
      modelHandle: example.handle,
      link: exampleDigest('0c'),
    },
    events: ['RoundOpened'],
    errors: [
      'NOT_REGISTERED',
      'NOT_FOUND',
      'NOT_OWNER',
      'NOT_APPROVED',
      'ROUND_UNSETTLED',
      'WRONG_ATTEMPT',
      'ROUNDS_EXHAUSTED',
      'WRONG_LINK',
      'CONFLICT',
    ],
  }),
  StartRound: submit({
    name: 'StartRound',
    method: 'rounds.start',
    contract: 'RoundContract',
    who: 'the couple’s data owner',
    summary:
      'Opens this attempt’s link of the data owner’s draw chain. The contract draws the subsets, with `sum` whole batches, from both links and names every slot and generation.',
    input: z.strictObject({ ...one, link: digest }),
    output: round,
    example: { ...exampleOne, link: exampleDigest('0d') },
    events: ['RoundStarted'],
    errors: [
      'NOT_REGISTERED',
      'NOT_FOUND',
      'NOT_OWNER',
      'NOT_APPROVED',
      'WRONG_STATE',
      'DEADLINE_PASSED',
      'WRONG_LINK',
      'CONFLICT',
    ],
  }),
  SubmitUpdate: submit({
    name: 'SubmitUpdate',
    method: 'jobs.submitUpdate',
    contract: 'RoundContract',
    who: 'the host that the round’s record names for the slot',
    summary:
      'Commits to an update: nonce, commitment, and handle and key of the object sealed to the model owner. The host uploads the object when the subset, and with `sum` every subset of its batch, has a quorum of commitments.',
    input: z.strictObject({ ...one, instanceId, nonce, commitment: digest, sealed: compactJwe }),
    output: trainJob,
    example: {
      ...exampleOne,
      instanceId: example.instance,
      nonce: example.nonce,
      commitment: exampleDigest('1e'),
      sealed: example.jwe,
    },
    events: ['UpdateCommitted'],
    errors: [
      'NOT_REGISTERED',
      'NOT_FOUND',
      'WRONG_STATE',
      'NOT_DRAWN',
      'NOT_HOLDER',
      'DEADLINE_PASSED',
      'CONFLICT',
    ],
  }),
  ReportUnavailable: submit({
    name: 'ReportUnavailable',
    method: 'jobs.reportUnavailable',
    contract: 'RoundContract',
    who: 'the host that the round’s record names for the slot',
    summary:
      'Reports that the host could not get the round’s model. The host is excused; the report is final.',
    input: z.strictObject({ ...one, instanceId }),
    output: trainJob,
    example: { ...exampleOne, instanceId: example.instance },
    events: ['UpdateUnavailable'],
    errors: [
      'NOT_REGISTERED',
      'NOT_FOUND',
      'WRONG_STATE',
      'NOT_DRAWN',
      'NOT_HOLDER',
      'DEADLINE_PASSED',
      'CONFLICT',
    ],
  }),
  CloseRound: submit({
    name: 'CloseRound',
    method: 'rounds.close',
    contract: 'RoundContract',
    who: 'the couple’s model owner',
    summary:
      'Claims for each subset the digest of the received update, or “undelivered”. With fewer commitments than a quorum the subset is void, whatever the claim; with `sum` so is its whole batch. A digest that a quorum opens settles it. Any other claim is contested.',
    input: z.strictObject({
      ...one,
      results: z
        .array(z.strictObject({ subsetIndex, claim }))
        .min(1)
        .max(maxSubsetsPerCall)
        .refine(once, 'names a subset twice'),
    }),
    output: settlements,
    example: { ...exampleOne, results: [{ subsetIndex: 0, claim: exampleDigest('2f') }] },
    events: ['SubsetSettled', 'SubsetContested', 'ConductRecorded'],
    errors: [
      'NOT_REGISTERED',
      'NOT_FOUND',
      'NOT_OWNER',
      'WRONG_STATE',
      'NOT_DRAWN',
      'NOT_CLOSABLE',
      'UPLOADS_OPEN',
      'DEADLINE_PASSED',
      'TOO_MANY_AT_ONCE',
      'CONFLICT',
    ],
  }),
  RevealUpdate: submit({
    name: 'RevealUpdate',
    method: 'jobs.revealUpdate',
    contract: 'RoundContract',
    who: 'a host that committed, in a contested or unclosed subset',
    summary: 'Names a digest, which must open the caller’s own commitment.',
    input: z.strictObject({ ...one, instanceId, digest }),
    output: reveal,
    example: { ...exampleOne, instanceId: example.instance, digest: exampleDigest('3a') },
    events: ['UpdateRevealed'],
    errors: [
      'NOT_REGISTERED',
      'NOT_FOUND',
      'WRONG_STATE',
      'NOT_DRAWN',
      'NOT_HOLDER',
      'NO_COMMITMENT',
      'NOT_CONTESTED',
      'DEADLINE_PASSED',
      'DIGEST_DOES_NOT_OPEN',
      'CONFLICT',
    ],
  }),
  TallyRound: submit({
    name: 'TallyRound',
    method: 'rounds.tally',
    contract: 'RoundContract',
    who: 'anyone, after the attest deadline',
    summary:
      'Settles contested and unclosed subsets. Since nobody outside the hosts has attested a digest, a subset is void with fewer commitments than a quorum, or in a batch with such a subset, and otherwise forfeited. An unclosed subset adds a conduct record of the model owner.',
    input: z.strictObject({
      ...one,
      subsetIndexes: z
        .array(subsetIndex)
        .min(1)
        .max(maxSubsetsPerCall)
        .refine((list) => new Set(list).size === list.length, 'names a subset twice'),
    }),
    output: settlements,
    example: { ...exampleOne, subsetIndexes: [0] },
    events: ['SubsetSettled', 'ConductRecorded'],
    errors: ['NOT_FOUND', 'WRONG_STATE', 'NOT_DRAWN', 'DEADLINE_NOT_PASSED', 'TOO_MANY_AT_ONCE'],
  }),
  ExpireRound: submit({
    name: 'ExpireRound',
    method: 'rounds.expire',
    contract: 'RoundContract',
    who: 'anyone, after the start deadline',
    summary:
      'Ends an attempt that the data owner did not start, and records a late draw in its conduct. The couple loses only the attempt’s link.',
    input: z.strictObject(one),
    output: round,
    example: exampleOne,
    events: ['RoundExpired', 'ConductRecorded'],
    errors: ['NOT_FOUND', 'WRONG_STATE', 'DEADLINE_NOT_PASSED'],
  }),
  GetRound: evaluate({
    name: 'GetRound',
    method: 'rounds.get',
    contract: 'RoundContract',
    summary: 'A round with its jobs, settlements, reveals, progress by subset and deadlines.',
    input: z.strictObject(one),
    output: roundView,
    example: exampleOne,
    errors: ['NOT_FOUND'],
  }),
  ListRounds: evaluate({
    name: 'ListRounds',
    method: 'rounds.list',
    contract: 'RoundContract',
    summary: 'The rounds of a couple, by attempt.',
    input: z.strictObject({ coupleId, ...pageInput }),
    output: pageOf(round),
    example: { coupleId: example.couple },
    errors: ['NOT_FOUND'],
  }),
  GetJob: evaluate({
    name: 'GetJob',
    method: 'jobs.get',
    contract: 'RoundContract',
    summary: 'A job by id, with its verdict.',
    input: z.strictObject({ jobId }),
    output: jobView,
    example: { jobId: 'tj_ridge1_1_0_2' },
    errors: ['NOT_FOUND'],
  }),
  ListJobs: evaluate({
    name: 'ListJobs',
    method: 'jobs.list',
    contract: 'RoundContract',
    summary: 'Jobs of a couple or a host, all or those of one attempt, with verdicts.',
    input: z.strictObject({
      coupleId: coupleId.optional(),
      attempt: attempt.optional(),
      participantId: participantId.optional(),
      ...pageInput,
    }),
    output: pageOf(jobView),
    example: exampleOne,
    errors: [],
  }),
} as const;
