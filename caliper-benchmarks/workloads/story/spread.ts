import { setTimeout as delay } from 'node:timers/promises';
import type { Step, StepQueue } from './stepQueue.js';

/** Steps that are sent at once meanwhile. */
const lanes = 25;
const pauseMs = 2;

interface SpreadOptions {
  /** Holds the first steps of stories 0 to `stories` - 1, none of which was sent. */
  readonly queue: StepQueue;
  readonly stories: number;
  /** Transactions of a story. */
  readonly steps: number;
  /** Sends a step; tells whether it was committed. The queue gets it again where it was not. */
  readonly send: (step: Step) => Promise<boolean>;
  /** Throws once a story broke off. */
  readonly check: () => void;
}

/** How far each story goes, so that they lie equally far apart: the first nearly to its end. */
export const targetsOf = ({ stories, steps }: Pick<SpreadOptions, 'stories' | 'steps'>): number[] =>
  Array.from({ length: stories }, (_, story) => Math.floor(((stories - story - 0.5) / stories) * steps));

/**
 * Brings stories to points that are spread over all their length, as they are in a market that has run for long. Stories
 * that began together would take the same kind of step together, and in a short round none would come to its end.
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
  await Promise.all(Array.from({ length: lanes }, work));
  for (const step of parked) queue.add(step);
}
