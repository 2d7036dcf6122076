import type { CouplePlan } from '@veritrain/member/couples';
import { defineProgram, messageSizes } from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import { couple } from '../../test/support/sampleRound.js';
import { describeCouple, deadlineRows, describeDataset, describePlan } from './termsText.js';

const second = 1_000;
const deadlines = {
  verifyMs: 11 * second,
  noticeMs: 12 * second,
  answerMs: 13 * second,
  startMs: 14 * second,
  commitMs: 15 * second,
  uploadMs: 16 * second,
  closeMs: 17 * second,
  revealMs: 18 * second,
  attestMs: 19 * second,
};
const seconds = [11, 12, 13, 14, 15, 16, 17, 18, 19].map((count) => `${count}.0 s`);

describe('times that people agree to', () => {
  it('attack 43: whoever agrees to a dataset sees each of its deadlines, and how long a training may rest', () => {
    const shown = deadlineRows(deadlines).flat().join('\n');
    for (const each of seconds) expect(shown).toContain(each);
    const dataset = describeDataset({
      datasetId: 'ds_a',
      ownerId: 'pt_a',
      state: 'offered',
      templateDigest: `sha256:${'0'.repeat(64)}`,
      subsets: 2,
      replicas: 3,
      lifetimeRounds: 9,
      aggregation: 'perSubset',
      requestRules: {
        mostRounds: 1,
        mostSubsetsPerRound: 1,
        mostIdleMs: 20 * second,
        protections: ['encrypted'],
      },
      deadlines,
      transactionId: 't',
    });
    for (const each of [...seconds, '20.0 s']) expect(dataset.replace(/\s+/g, ' ')).toContain(each);
  });

  it('attack 43: whoever approves a training sees how long it may rest, and each of its deadlines', () => {
    const terms = { ...couple.terms, idleMs: 21 * second, deadlines };
    const text = describeCouple({ ...couple, terms }).replace(/\s+/g, ' ');
    for (const each of [...seconds, '21.0 s']) expect(text).toContain(each);
  });
});

describe('a plan', () => {
  const privacy = { epsilon: 3, delta: 1e-5, clip: 2, targetClip: 3, domain: 'observed' } as const;

  const planned = (family: 'linear' | 'logistic', more: Partial<CouplePlan> = {}): string => {
    const program = defineProgram({ family });
    return describePlan({
      coupleId: 'tc_a',
      datasetId: 'ds_a',
      modelId: 'md_a',
      rounds: 8,
      spareAttempts: 2,
      subsets: 3,
      subsetsPerRound: 2,
      replicas: 3,
      aggregation: 'perSubset',
      program,
      protection: 'encrypted',
      privacy: family === 'linear' ? null : privacy,
      shown: family === 'linear' ? { moments: 76, subsets: [0], rows: 88, values: 968, usualLeast: 4 } : null,
      idleMs: second,
      deadlines,
      jobsPerRound: 6,
      jobs: 48,
      messageSizes: messageSizes(program, 15),
      trafficBytes: 20_000_000,
      expectedPrecisionBits: 20.2,
      resultBits: 18,
      recordedPace: null,
      measuredMs: null,
      longestRoundMs: 240 * second,
      lifetimeRoundsLeft: 100,
      ...more,
    }).replace(/\s+/g, ' ');
  };

  it('says the task, what each side learns, and the sizes of messages', () => {
    expect(planned('linear')).toContain('Task predict a number, by least squares');
    expect(planned('linear')).toContain('about 20.0 MB: models of 131 kB, updates of 132 kB Time');
    expect(planned('logistic')).toContain('They learn model owner: of each subset drawn, its second moments');
    expect(planned('linear')).not.toContain('Differential privacy');
    expect(planned('linear')).toContain('76 over 88 rows of 968 values: 12.7 values for each Rounds');
    const shown = { moments: 296, subsets: [0], rows: 88, values: 968, usualLeast: 4 };
    expect(planned('linear', { shown })).toContain('3.2 values for each. An owner rejects fewer than 4');
    expect(planned('logistic')).not.toContain('Sums to learn');
    expect(planned('logistic')).toContain(
      'Differential privacy epsilon 3, delta 0.00001, one row changed; ranges and levels as the rows show them, not covered',
    );
    expect(planned('logistic')).not.toContain('sums');
    const sums = planned('logistic', { aggregation: 'sum' });
    expect(sums).toContain('model owner: of each batch drawn, its second moments');
    expect(sums).toContain('The model owner sees sums over batches of subsets alone, drawn whole');
    expect(planned('logistic')).toMatch(/updates of \d+ kB, a subset's first of \d+ kB Time/);
  });

  it('says how long it may take, by earlier trainings where there are some', () => {
    expect(planned('linear')).toContain('Time not known before the first finished training');
    const recordedPace = { trainings: 2, rounds: 16, secondsPerRound: 3 };
    expect(planned('linear', { recordedPace })).toContain(
      'Time about 24.0 s: 3.0 s a round in 2 finished trainings; a round may take 4 min 0 s at most',
    );
  });

  it('says what this machine computes, beside the ledger and behind what was recorded', () => {
    expect(planned('linear')).not.toContain('Computing');
    const measuredMs = { prepare: 500, query: 40, reply: 200, apply: 60 };
    const recordedPace = { trainings: 2, rounds: 16, secondsPerRound: 3 };
    const text = planned('linear', { measuredMs, recordedPace });
    expect(text).toContain(
      'at most Computing about 300 ms a round and at most 2.9 s for all rounds, on this machine: ' +
        "the query takes 40 ms, a host's reply 200 ms, applying the updates 60 ms, a host's preparation 500 ms once.",
    );
    expect(text).toContain("The ledger's commits and the transfers come on top. Measured on made-up rows");
    const inClear = { prepare: 0.2, query: 0.1, reply: 0.1, apply: 0.2 };
    expect(planned('linear', { measuredMs: inClear })).toContain(
      'Computing under 1 ms a round and at most 3 ms for all rounds, on this machine',
    );
  });

  it('says the feature map, where there is one', () => {
    expect(planned('linear')).not.toContain('Features');
    const program = defineProgram({ featureMap: { kind: 'polynomial', degree: 2 } });
    expect(planned('linear', { program })).toContain('Features polynomial, degree 2 ');
  });
});
