import { setTimeout as delay } from 'node:timers/promises';
import type { Step, StepQueue } from './stepQueue.js';

/** Maximum steps in flight before the round. */
const concurrency = 25;
const pauseMs = 2;

interface SpreadOptions {
  /** Contains the first steps of stories 0 to `stories` - 1, none of which was sent. */
  readonly queue: StepQueue;
  readonly stories: number;
  /** Transactions of a story. */
  readonly steps: number;
  /** Sends a step and returns whether it was committed. If not, the queue gets it again. */
  readonly send: (step: Step) => Promise<boolean>;
  /** Throws once a story was aborted. */
  readonly check: () => void;
}

/** The target step of each story, at equal distances: the first nearly at its end. */
export const targetsOf = ({ stories, steps }: Pick<SpreadOptions, 'stories' | 'steps'>): number[] =>
  Array.from({ length: stories }, (_, story) => Math.floor(((stories - story - 0.5) / stories) * steps));

/**
 * Advances stories to points spread over their whole length, as in a market that has run for a long time. Stories that
 * began together would send the same kind of step at the same time, and in a short round none would end.
 */
export async function spreadStories({ queue, stories, steps, send, check }: SpreadOptions): Promise<void> {
  const left = targetsOf({ stories, steps });
  let toCommit = left.reduce((sum, count) => sum + count, 0);
  const parked: Step[] = [];
  const work = async (): Promise<void> => {
    while (toCommit > 0) {
      check();
      const step = queue.next();
      if (step === undefined) {
        await delay(pauseMs);
        continue;
      }
      const { story, failures } = step;
      const ofStory = left[story] ?? 0;
      if (failures === 0) {
        if (ofStory === 0) {
          parked.push(step);
          continue;
        }
        left[story] = ofStory - 1;
      }
      if (await send(step)) toCommit -= 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  for (const step of parked) queue.add(step);
}
