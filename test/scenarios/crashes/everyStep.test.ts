import { afterAll, beforeAll, it } from 'vitest';
import { agentSteps, type StepName } from '@veritrain/agents';
import { nameOf, play, pointsOf } from '../../support/crashScenes.js';
import { CrashStage } from '../../support/crashStage.js';
import { withinMs } from '../../support/stage.js';

// `npm run test:crashes`: an agent is killed before and after each of its steps, in every round of a small couple,
// and every couple ends as an undisturbed one. A few couples train at the same time, in one market.

const all: StepName[] = Object.values(agentSteps).flat();
const asked = process.env.VERITRAIN_CRASH_STEPS?.split(',');
const steps = all.filter((step) => asked?.includes(step) !== false);

let stage: CrashStage;

beforeAll(async () => {
  stage = await CrashStage.open();
}, withinMs);
afterAll(() => stage?.close());

for (const point of steps.flatMap(pointsOf)) {
  it.concurrent(nameOf(point), () => play(stage, point), withinMs);
}
