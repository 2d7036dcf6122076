import type { MessageShape } from '../models/family.js';
import { familyOf } from '../models/registry.js';
import type { TrainingProgram } from '../program.js';

/** Sizes of a program's messages on a dataset of so many features. */
export function messageShape(
  { family, head }: Pick<TrainingProgram, 'family' | 'head'>,
  features: number,
): MessageShape {
  return familyOf(family).messages(head, features);
}
