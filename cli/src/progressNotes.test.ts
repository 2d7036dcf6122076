import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { roundResultFile, CoupleHome } from '@veritrain/member/home';
import { ProgressNotes } from './progressNotes.js';

const folder = mkdtempSync(join(tmpdir(), 'veritrain-notes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const home = new CoupleHome(folder);

function note(attempt: number, gradientNorm: number, precisionBits: number | null, met = {}): void {
  roundResultFile(home, attempt).write({
    schemaVersion: 2,
    attempt,
    model: { family: 'linear', parameters: { weights: [1], intercept: 0 } },
    metrics: {
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
  it('come once each, with the change of the gradient, whatever attempts were never started', () => {
    const notes = new ProgressNotes(home);
    notes.await(1);
    expect(notes.read()).toEqual([]);
    note(1, 2, 20.75);
    notes.await(5);
    note(5, 0.5, 20.25);
    expect(notes.read().map(({ summary }) => summary)).toEqual([
      'round 1 taken in: gradient 2.00, 20.8 bits of precision left',
      'round 5 taken in: gradient 0.500, -75 %, 20.3 bits of precision left',
    ]);
    expect(notes.read()).toEqual([]);
  });

  it('tell nothing of precision where nothing is encrypted', () => {
    const notes = new ProgressNotes(home);
    note(6, 1, null);
    notes.await(6);
    expect(notes.read()).toMatchObject([{ kind: 'progress', summary: 'round 6 taken in: gradient 1.00' }]);
  });

  it('tell where a step was taken back, and where the bound of weights was active', () => {
    const notes = new ProgressNotes(home);
    note(7, 1, null, { boundActive: true, stepRefused: true });
    notes.await(7);
    expect(notes.read()[0]?.summary).toBe(
      'round 7 taken in: gradient 1.00, last step taken back, bound active',
    );
  });
});
