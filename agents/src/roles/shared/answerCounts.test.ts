import type { CommittedChange } from '@veritrain/client-sdk';
import { expect, it } from 'vitest';
import { couple } from '../../../../test/support/sampleRound.js';
import { AnswerCounts, type Answer } from './answerCounts.js';

const at = { summary: '', transactionId: 't', blockNumber: 1n };
const slot = (index: number) => ({
  instanceId: `ci_${index.toString()}`,
  slot: index,
  generation: 1,
  participantId: `pt_${index.toString()}`,
});
const slots = [slot(0), slot(1), slot(2)];
const started: Extract<CommittedChange, { type: 'RoundStarted' }> = {
  ...at,
  type: 'RoundStarted',
  coupleId: 'tc_1',
  attempt: 2,
  modelOwnerId: 'pt_lab',
  drawn: [{ subsetId: 'sb_4', subsetIndex: 4, packageDigest: null, slots }],
  deadlines: {
    sequence: 1,
    windowMs: 1,
    commitMs: 1,
    uploadMs: 1,
    closeMs: 1,
    revealMs: 1,
    attestMs: 1,
  },
};
const known = { ...couple, coupleId: 'tc_1' };
const answer = (index: number, over: Partial<Answer> = {}): Answer => ({
  ...at,
  type: 'UpdateCommitted',
  coupleId: 'tc_1',
  attempt: 2,
  subsetIndex: 4,
  instanceId: `ci_${index.toString()}`,
  generation: 1,
  participantId: `pt_${index.toString()}`,
  ...over,
});

it('counts who answered, an event that comes twice once', () => {
  const counts = new AnswerCounts();
  counts.know(known);
  counts.begin(started);
  const one = { quorum: 2, slots: 3, committed: 1, answered: 1, isLast: false };
  expect(counts.note(answer(0))).toEqual(one);
  expect(counts.note(answer(0))).toEqual(one);
  expect(counts.note(answer(1, { type: 'UpdateUnavailable' }))).toEqual({ ...one, answered: 2 });
});

it('tells the answer after which no host of any subset is left', () => {
  const counts = new AnswerCounts();
  counts.know(known);
  const [subset] = started.drawn;
  counts.begin({ ...started, drawn: [subset!, { ...subset!, subsetIndex: 5 }] });
  const answers = [0, 1, 2].flatMap((index) => [answer(index), answer(index, { subsetIndex: 5 })]);
  expect(answers.map((each) => counts.note(each)?.isLast)).toEqual([false, false, false, false, false, true]);
});

it('knows nothing of a round whose start it did not hear', () => {
  const counts = new AnswerCounts();
  expect(counts.note(answer(0))).toBeUndefined();
  counts.begin(started);
  expect(counts.note(answer(0))).toBeUndefined();
  counts.know(known);
  expect(counts.note(answer(0, { attempt: 3 }))).toBeUndefined();
  expect(counts.note(answer(0, { subsetIndex: 5 }))).toBeUndefined();
  counts.forget('tc_1');
  expect(counts.note(answer(0))).toBeUndefined();
});
