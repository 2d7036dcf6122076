import type { MessageShape } from '../models/family.js';
import { familyOf } from '../models/registry.js';
import { programFeatures, type TrainingProgram } from '../program.js';

/** Sizes of a program's messages on a dataset of so many columns. @throws TrainingError VT7302 */
export function messageShape(
  program: Pick<TrainingProgram, 'family' | 'head' | 'featureMap' | 'data'>,
  columns: number,
): MessageShape {
  const shape = familyOf(program.family).messages(program.head, programFeatures(program, columns));
  return program.data === 'encrypted' ? { ...shape, isMapEncrypted: true } : shape;
}
