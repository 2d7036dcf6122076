import type { CommittedChange } from '@veritrain/client-sdk';
import { describe, expect, it } from 'vitest';
import { CoupleFacts } from './coupleFacts.js';

const place = { summary: 'what happened', transactionId: 'ab', blockNumber: 7n };
const inRound = { ...place, coupleId: 'tc_x', attempt: 3 };
const slot = (subset: number, index: number) => ({
  instanceId: `ci_x_${subset.toString()}_${index.toString()}`,
  slot: index,
  generation: 1,
  participantId: `pt_${index.toString()}`,
});
const drawn = [0, 2].map((subsetIndex) => ({
  subsetId: `sub_x_${subsetIndex.toString()}`,
  subsetIndex,
  packageDigest: null,
  slots: [0, 1, 2].map((index) => slot(subsetIndex, index)),
}));
const deadlines = {
  sequence: 1,
  windowMs: 1,
  commitMs: 1,
  uploadMs: 2,
  closeMs: 3,
  revealMs: 4,
  attestMs: 5,
};
const opened = {
  ...inRound,
  type: 'RoundOpened',
  dataOwnerId: 'pt_d',
  modelDigest: 'sha256:0',
  modelHandle: 'h',
  startMs: 1,
} as const satisfies CommittedChange;
const started = {
  ...inRound,
  type: 'RoundStarted',
  modelOwnerId: 'pt_m',
  drawn,
  deadlines,
} satisfies CommittedChange;
const settled = (subsetIndex: number, liar?: number): CommittedChange => ({
  ...inRound,
  type: 'SubsetSettled',
  subsetIndex,
  outcome: 'agreed',
  digest: 'sha256:1',
  verdicts: [0, 1, 2].map((index) => ({
    ...slot(subsetIndex, index),
    verdict: index === liar ? 'dissented' : 'agreed',
  })),
});

describe('facts of a training that is watched', () => {
  it('are one line for a round, with its verdicts and its time', () => {
    const facts = new CoupleFacts();
    expect(facts.read(opened, true, 1000)).toEqual([]);
    expect(facts.read(started, true, 1200)).toEqual([]);
    expect(facts.read(settled(2), true, 2000)).toEqual([]);
    expect(facts.read(settled(0), true, 2500)).toMatchObject([
      {
        kind: 'round',
        summary: 'round 3: subsets 0 2, 6 of 6 agreed, 1.5 s',
        blockNumber: '7',
        round: { attempt: 3, subsets: [0, 2], jobs: 6, verdicts: { agreed: 6 }, ms: 1500 },
      },
    ]);
  });

  it('name who dissented', () => {
    const facts = new CoupleFacts();
    facts.read(started, true, 0);
    facts.read(settled(0, 1), true, 0);
    expect(facts.read(settled(2), true, 0)[0]?.summary).toBe(
      'round 3: subsets 0 2, 5 of 6 agreed, 1 dissented (pt_1 in ci_x_0_1)',
    );
  });

  it('make up no time for a round that was over before', () => {
    const facts = new CoupleFacts();
    facts.read(opened, false, 1000);
    facts.read(started, false, 1001);
    facts.read(settled(0), false, 1002);
    expect(facts.read(settled(2), false, 1003)[0]?.round).not.toHaveProperty('ms');
  });

  it('warn of what goes wrong, and tell the rest', () => {
    const facts = new CoupleFacts();
    const expired = { ...inRound, type: 'RoundExpired' } as const;
    const approved = {
      ...place,
      coupleId: 'tc_x',
      type: 'TrainingApproved',
      dataOwnerId: 'd',
      modelOwnerId: 'm',
    } as const;
    expect(facts.read(expired, true, 0)).toMatchObject([{ kind: 'warning', summary: 'what happened' }]);
    expect(facts.read(approved, true, 0)).toMatchObject([{ kind: 'step', transactionId: 'ab' }]);
  });
});
