import type { StepCounts } from '@veritrain/member/home';
import { plural } from '@veritrain/member/text';

/** What to know of a training's steps; undefined where there is nothing. */
export function stepText({ boundRounds, refusedSteps }: StepCounts): string | undefined {
  const said = [
    ...(boundRounds === 0 ? [] : [`bound active in ${plural(boundRounds, 'round')}`]),
    ...(refusedSteps === 0 ? [] : [`${plural(refusedSteps, 'step')} taken back`]),
  ];
  return said.length === 0 ? undefined : said.join(', ');
}
