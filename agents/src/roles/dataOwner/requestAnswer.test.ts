import type { Dataset, TrainCouple } from '@veritrain/client-sdk';
import { expect, it } from 'vitest';
import { couple } from '../../../../test/support/sampleRound.js';
import { objectionTo } from './requestAnswer.js';

const { terms } = couple;
const dataset: Dataset = {
  datasetId: couple.datasetId,
  templateDigest: terms.programDigest,
  subsets: terms.subsets,
  replicas: terms.replicas,
  lifetimeRounds: 100,
  aggregation: 'perSubset',
  requestRules: {
    mostRounds: terms.rounds,
    mostSubsetsPerRound: terms.subsetsPerRound,
    mostIdleMs: terms.idleMs,
    protections: [terms.protection],
  },
  deadlines: terms.deadlines,
  ownerId: couple.dataOwnerId,
  state: 'offered',
  transactionId: 't',
};
const asked = (over: Partial<TrainCouple['terms']>): TrainCouple => ({
  ...couple,
  terms: { ...terms, ...over },
});

it('attack 43: an owner’s agent approves by itself only what keeps to the rules that the owner offered', () => {
  expect(objectionTo(couple, dataset)).toBeUndefined();
  expect(objectionTo(asked({ idleMs: terms.idleMs + 1 }), dataset)).toBe('idleMs');
  expect(objectionTo(asked({ rounds: terms.rounds + 1 }), dataset)).toBe('rounds');
  expect(objectionTo(asked({ subsetsPerRound: 2 }), dataset)).toBe('subsetsPerRound');
  expect(objectionTo(asked({ protection: 'encrypted' }), dataset)).toBe('protection');
  expect(objectionTo(asked({ replicas: 5 }), dataset)).toBe('size');
  for (const name of Object.keys(terms.deadlines) as (keyof typeof terms.deadlines)[]) {
    const deadlines = { ...terms.deadlines, [name]: terms.deadlines[name] + 1 };
    expect(objectionTo(asked({ deadlines }), dataset)).toBe(name);
  }
});
