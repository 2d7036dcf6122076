import {
  coefficientParameters,
  linearParameters,
  productParameters,
  type CkksParameters,
} from './he/ckks/parameters.js';
import type { MessageShape } from './models/family.js';
import { slotPeriod } from './he/circuits/packing.js';
import { groupsOf } from './data/batches.js';
import type { Template } from './data/template.js';
import type { TrainingProgram } from './program.js';
import { messageShape } from './trainer/messageShape.js';

/**
 * Bits behind the binary point of a standardised weight that an update is expected to keep; null in clear.
 */
export function expectedPrecisionBits(program: TrainingProgram, template: Template): number | null {
  if (program.protection === 'plain') return null;
  const shape = messageShape(program, template.features);
  return -Math.log2(expectedNoise(shape) * summedNoise(template) * (shape.unit ?? 1));
}

/**
 * Noise that is expected in an entry of an encrypted update, in standardised units. It is the flooding: uniform on
 * 2^floodBits, times the N/(2D) that a trace multiplies it by, summed over 2D coefficients, taken at three standard
 * deviations.
 */
export function expectedNoise({
  outputs,
  vectors,
  isMapEncrypted,
}: Pick<MessageShape, 'outputs' | 'vectors' | 'isMapEncrypted'>): number {
  // The noise of an encrypted matrix is less than a quarter of the flooding, for all weights in their range.
  if (isMapEncrypted === true) return coefficientNoise(productParameters);
  if (vectors !== undefined) return coefficientNoise(coefficientParameters);
  const { ringDegree, floodBits, modelScaleBits, matrixScaleBits } = linearParameters;
  const size = 2 * slotPeriod(outputs);
  const deviation = (2 ** floodBits / Math.sqrt(12)) * (ringDegree / size) * Math.sqrt(size / 2);
  return (3 * deviation) / 2 ** (modelScaleBits + matrixScaleBits);
}

/** The same where replies are packed in coefficients: a number is one coefficient, with one number of flooding. */
function coefficientNoise({ floodBits, modelScaleBits, matrixScaleBits }: CkksParameters): number {
  return (3 * 2 ** floodBits) / Math.sqrt(12) / 2 ** (modelScaleBits + matrixScaleBits);
}

/** How many times the noise of an update that of a batch's sum is: independent noises of so many updates. */
export function summedNoise(template: Template): number {
  return Math.sqrt(Math.max(...groupsOf(template).map(({ length }) => length)));
}

/** Bits of an update's precision that a result leaves out: its rounding step is then some 14 standard deviations of noise. */
const GUARD_BITS = 2;

/**
 * Bits behind the binary point that a standardised weight keeps in a result: those of {@link expectedPrecisionBits}, rounded
 * down, less two; null in clear, where nothing is rounded. CKKS is no longer secure once decryptions are shown with their
 * noise (Li and Micciancio 2021), so nothing leaves the trainer's state unrounded.
 */
export function resultBits(program: TrainingProgram, template: Template): number | null {
  const bits = expectedPrecisionBits(program, template);
  return bits === null ? null : Math.floor(bits) - GUARD_BITS;
}
