import { linearParameters, slotPeriod } from './he/parameters.js';
import type { Template } from './data/template.js';
import type { TrainingProgram } from './program.js';

/**
 * Bits behind the binary point of a standardised weight that an update is expected to keep; null in clear. The noise
 * is the flooding: uniform on 2^floodBits, times the N/(2D) that a trace multiplies it by, summed over 2D
 * coefficients, taken at three standard deviations.
 */
export function expectedPrecisionBits(program: TrainingProgram, template: Template): number | null {
  if (program.protection === 'plain') return null;
  const { ringDegree, floodBits, modelScaleBits, matrixScaleBits } = linearParameters;
  const size = 2 * slotPeriod(template.features);
  const deviation = (2 ** floodBits / Math.sqrt(12)) * (ringDegree / size) * Math.sqrt(size / 2);
  return modelScaleBits + matrixScaleBits - Math.log2(3 * deviation);
}
