import type { Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import { isMapped } from '../maps/mappedRows.js';
import { familyOf } from '../models/registry.js';
import type { TrainingProgram } from '../program.js';

/** Whether second moments of the columns are all that a program asks of a subset. */
export function needsSecondMomentsAlone({
  family: name,
  head,
  featureMap,
}: Pick<TrainingProgram, 'family' | 'head' | 'featureMap'>): boolean {
  const family = familyOf(name);
  return (
    !isMapped(featureMap) &&
    family.exposes(head) === 'secondMoments' &&
    family.fromSecondMoments !== undefined
  );
}

/** Refuses a program that needs more than a private dataset has. @throws TrainingError VT7508 */
export function requireServed(program: TrainingProgram, { privacy }: Pick<Template, 'privacy'>): void {
  if (privacy !== undefined && !needsSecondMomentsAlone(program)) refuseProgram(program);
}

/** @throws TrainingError VT7508 */
export function refuseProgram({ family }: { readonly family: string }): never {
  throw new TrainingError('VT7508', 'the dataset has second moments of its columns alone, with noise', {
    family,
  });
}
