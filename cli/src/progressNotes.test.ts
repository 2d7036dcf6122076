import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { roundResultFile, CoupleHome } from '@veritrain/member/home';
import type { RoundMetrics } from '@veritrain/training';
import { ProgressNotes } from './progressNotes.js';
import { roundTable } from './roundFigures.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-notes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const home = new CoupleHome(folder);

function note(attempt: number, gradientNorm: number, precisionBits: number | null, met = {}): void {
  roundResultFile(home, attempt).write({
    schemaVersion: 2,
    attempt,
    model: { family: 'linear', parameters: { weights: [1], intercept: 0 } },
    metrics: {
      metrics: [],
      attempt,
      rounds: 1,
      gradientNorm,
      lossEstimate: -0.2,
      boundActive: false,
      stepRefused: false,
      step: 1,
      precisionBits,
      unusable: [],
      finished: false,
      ...met,
    },
    usedSubsets: [0],
  });
}

describe("a model owner's notes of a training", () => {
  const figureOf = (name: 'mse' | 'r2' | 'logLoss', value: number, subsets: number) =>
    ({ name, value, split: 'train', kind: 'estimate', subsets, of: 5 }) as const;

  it('come once each, with the figures of the model, whatever attempts were never started', () => {
    const notes = new ProgressNotes(home);
    notes.await(1);
    expect(notes.read()).toEqual([]);
    note(1, 2, 20.75, { metrics: [figureOf('mse', 2860.7236, 3), figureOf('r2', 0.51757, 3)] });
    notes.await(5);
    note(5, 0.5, 20.25, { metrics: [figureOf('logLoss', 0.62746, 5)] });
    const facts = notes.read();
    expect(facts.map(({ summary }) => summary)).toEqual([
      'round 1 taken in (3 of 5 subsets): mean squared error 2,861, R² 0.5176, gradient 2, 20.8 bits',
      'round 5 taken in: log-loss 0.6275, gradient 0.5, 20.3 bits',
    ]);
    expect(facts[1]?.learnt).toMatchObject({ attempt: 5, usedSubsets: [0], precisionBits: 20.25 });
    expect(notes.read()).toEqual([]);
  });

  it('tell nothing of precision where nothing is encrypted, and that no step was made yet', () => {
    const notes = new ProgressNotes(home);
    note(6, 1, null);
    notes.await(6);
    expect(notes.read()).toMatchObject([{ kind: 'progress', summary: 'round 6 taken in: gradient 1' }]);
    note(7, 0, null);
    notes.await(7);
    expect(notes.read()[0]?.summary).toBe('round 7 taken in: subsets are missing for a step');
  });

  it('tell where a step was taken back, and where the bound of weights was active', () => {
    const notes = new ProgressNotes(home);
    note(8, 1, null, { boundActive: true, stepRefused: true });
    notes.await(8);
    expect(notes.read()[0]?.summary).toBe('round 8 taken in: gradient 1, last step taken back, bound active');
  });
});

describe('the table of rounds', () => {
  const round = (attempt: number): RoundMetrics => ({
    attempt,
    rounds: attempt,
    metrics: [{ name: 'logLoss', value: 1 / attempt, split: 'train', kind: 'estimate', subsets: 3, of: 5 }],
    gradientNorm: 0.01,
    lossEstimate: -0.2,
    boundActive: attempt === 100,
    stepRefused: false,
    step: 1,
    precisionBits: 20.75,
    unusable: [],
    finished: false,
  });

  it('fits 80 columns, and shows some rounds of many with the last', () => {
    const lines = roundTable(Array.from({ length: 100 }, (_, index) => round(index + 1)))!.split('\n');
    expect(lines.length).toBeLessThanOrEqual(13);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(/^round +log-loss +subsets +gradient +bits$/);
    expect(lines.at(-1)).toMatch(/^100 +0\.01 +3 of 5 +0\.01 +20\.8 +bound active$/);
  });

  it('is none of a training without rounds', () => {
    expect(roundTable([])).toBeUndefined();
  });
});
