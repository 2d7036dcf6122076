import { afterAll, beforeAll, it } from 'vitest';
import { nameOf, play, type CrashPoint } from '../support/crashScenes.js';
import { CrashStage } from '../support/crashStage.js';
import { withinMs } from '../support/stage.js';

// An agent dies at steps that no undisturbed couple has, or that anyone may do; crashes.test.ts has the others. Every
// step, before and after, in every round: `npm run test:crashes`.

const steps = [
  'expireJoin',
  'rejectTraining',
  'reportUnavailable',
  'revealUpdate',
  'tick',
  'tallyRound',
  'expireRound',
  'cancelTraining',
  'putDocument',
] as const;

let stage: CrashStage;

beforeAll(async () => {
  stage = await CrashStage.open();
}, withinMs);
afterAll(() => stage?.close());

for (const step of steps) {
  const point: CrashPoint = { when: 'after', step, count: 1 };
  it.concurrent(
    `${nameOf(point)}: the couple ends as if nothing had happened`,
    () => play(stage, point),
    withinMs,
  );
}
