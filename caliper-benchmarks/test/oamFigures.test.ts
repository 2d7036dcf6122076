import { describe, expect, it } from 'vitest';
import { compareWithOam, modelsOf, trainingOf, type Round } from '../command/oamFigures.js';
import type { Sample, SampleFile } from '../workloads/samples.js';

/** A story's steps, one after another, 100 ms each. A `!` at the end of a name marks a failed one. */
function steps(story: number, startMs: number, names: readonly string[]): Sample[] {
  return names.map((name, at) => ({
    transaction: name.replace('!', ''),
    transactionId: `${story}-${at}`,
    createdAt: startMs + 100 * at,
    latencyMs: 100,
    committed: !name.endsWith('!'),
    story,
  }));
}

function file(stories: readonly (readonly string[])[], finished: readonly number[]): SampleFile {
  return {
    round: 0,
    worker: 0,
    samples: stories.flatMap((names, story) => steps(story, 0, names)),
    stories: finished.map((story) => ({ story, startedAt: 0, endedAt: 100 })),
    failure: null,
  };
}

const oamCouple = ['createDO', 'createMO', 'createCO', 'StartRound', 'UpdateTJ'];
const ourCouple = ['RegisterDataset', 'OpenRound', 'StartRound', 'SubmitUpdate'];

describe('modelsOf', () => {
  it('counts a couple that was cut off by the part that was done, and a transaction sent again once', () => {
    const again = ['createDO', 'createMO', 'createCO', 'StartRound', 'UpdateTJ!', 'UpdateTJ'];
    // 5 + 5 + 2 committed within 0.6 s, 5 for a model.
    const figures = modelsOf([[file([oamCouple, again, ['createDO', 'createMO']], [0, 1])]]);
    expect(figures).toEqual({
      finished: 2,
      transactions: 5,
      failedPerCommitted: 0.08,
      perSecond: 4,
      perSecondWithoutMembers: 10,
      perSecondWithMembers: 4,
    });
  });

  it('leaves out what belongs to no couple, such as ticks', () => {
    const { story: _, ...tick } = steps(0, 0, ['Tick'])[0]!;
    const couples = file([ourCouple], [0]);
    const withTick = { ...couples, samples: [...couples.samples, { ...tick, latencyMs: 10_000 }] };
    expect(modelsOf([[withTick]])).toEqual(modelsOf([[couples]]));
  });

  it('takes rounds of a label together by their own time', () => {
    const round: Round = [file([ourCouple], [0])];
    const later = round.map((each) => ({
      ...each,
      samples: each.samples.map((sample) => ({ ...sample, createdAt: sample.createdAt + 60_000 })),
    }));
    expect(modelsOf([round, later])).toEqual({ ...modelsOf([round]), finished: 2 });
  });

  it('has no figure where no couple finished', () => {
    expect(modelsOf([[file([oamCouple], [])]])).toBeNull();
    expect(modelsOf([])).toBeNull();
  });
});

describe('trainingOf', () => {
  const training = { opener: 'OpenRound', update: 'SubmitUpdate', others: ['StartRound', 'CloseRound'] };
  const opened = ['OpenRound!', 'OpenRound', 'StartRound', 'SubmitUpdate', 'SubmitUpdate', 'CloseRound'];

  it('takes rounds that came to their end, with what failed in them', () => {
    const names = ['RegisterDataset', ...opened, ...opened, 'FinishTraining'];
    const one = trainingOf([[file([names], [0])]], training);
    expect(one).toMatchObject({
      rounds: 2,
      updates: 2,
      committed: 5,
      failed: 1,
      seconds: 0.6,
      committedPerReplica: 2.5,
      secondsPerReplica: 0.3,
    });
    // 14 sent in 1.4 s, of which a round has 6.
    expect(one).toMatchObject({ networkSeconds: 0.6, networkSecondsPerReplica: 0.3 });
  });

  it('leaves out rounds that choose nobody', () => {
    const names = ['StartRound', 'UpdateTJ', 'StartRound', 'StartRound', 'UpdateTJ', 'EndTC'];
    const ofOam = { opener: 'StartRound', update: 'UpdateTJ', others: [] };
    expect(trainingOf([[file([names], [0])]], ofOam)).toMatchObject({ rounds: 2, committed: 2, updates: 1 });
  });

  it('leaves out the round that a couple was in when it was cut off', () => {
    const cutOff = trainingOf([[file([[...opened, ...opened.slice(0, 4)]], [])]], training);
    expect(cutOff).toMatchObject({ rounds: 1, updates: 2 });
    expect(trainingOf([[file([opened], [])]], training)).toBeNull();
  });
});

describe('compareWithOam', () => {
  const none = { 'oam-model': [], model: [], 'oam-round': [], round: [] };

  it('divides our models a second by OAM’s, with members that both flows make or neither', () => {
    const compared = compareWithOam({
      ...none,
      'oam-model': [[file([oamCouple], [0])]],
      model: [[file([ourCouple], [0])]],
    });
    // 10 transactions a second each: 4 of them for a model of ours, 5 for one of OAM's, 3 of which make members.
    expect(compared.modelsPerSecondOverOam).toEqual({ value: 1.25 });
    expect(compared.withMembers).toEqual({ value: 0.71 });
    expect(compared.withoutMembers).toEqual({ value: 0.5 });
  });

  it('has verdicts in our rounds, and leaves them out where it says so', () => {
    const rounds = ['OpenRound', 'StartRound', 'SubmitUpdate', 'CloseRound', 'FinishTraining'];
    const { training } = compareWithOam({
      ...none,
      'oam-round': [[file([['StartRound', 'UpdateTJ!', 'UpdateTJ', 'EndTC']], [0])]],
      round: [[file([rounds], [0])]],
    });
    expect(training.oam).toMatchObject({ committed: 2, failed: 1, seconds: 0.3 });
    expect(training.ours).toMatchObject({ committed: 4, seconds: 0.4 });
    expect(training.oursWithoutVerdicts).toMatchObject({ committed: 3, seconds: 0.3 });
  });

  it('says what is missing', () => {
    expect(compareWithOam(none).modelsPerSecondOverOam).toEqual({
      missing: 'no couple finished in the rounds oam-model or model',
    });
  });
});
