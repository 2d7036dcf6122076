import type { StepCounts } from '../roles/coupleProgress.js';

/** What to know of a training's steps; undefined where there is nothing. */
export function stepText({ boundRounds, refusedSteps }: StepCounts): string | undefined {
  const said = [
    ...(boundRounds === 0 ? [] : [`bound active in ${times(boundRounds, 'round')}`]),
    ...(refusedSteps === 0 ? [] : [`${times(refusedSteps, 'step')} taken back`]),
  ];
  return said.length === 0 ? undefined : said.join(', ');
}

const times = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
