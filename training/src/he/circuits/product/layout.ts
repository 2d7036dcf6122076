import type { HostMap } from '../../../models/family.js';
import type { RingShape } from '../../ring/residues.js';
import type { CoefficientLayout } from '../coefficients/layout.js';

/**
 * One ciphertext of a matrix and one of a query, as in {@link CoefficientLayout}, with the widest block that leaves each output a
 * coefficient of the trace and at least one free, which shows the noise. A reply has no more coefficients than that to answer with:
 * 16 for 8 to 15 outputs. A last input, which is always 1, stands before the offset.
 * @throws RangeError where the inputs do not fit in a block: 63 and more inputs of as many outputs
 */
export function productLayout(
  { ringDegree }: Pick<RingShape, 'ringDegree'>,
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
): CoefficientLayout {
  const block = ringDegree / 2 ** Math.ceil(Math.log2(outputs + 1));
  if (inputs >= block) throw new RangeError(`no layout for ${inputs} × ${outputs} numbers`);
  return { block, outputs, vectors: 1, inputRuns: 1, outputRuns: 1, groups: 1 };
}

/** A map whose offset is the last column of its matrix. */
export function withOffsetColumn({ inputs, outputs, matrix, offset }: HostMap): HostMap {
  const wide = new Float64Array(outputs * (inputs + 1));
  for (let output = 0; output < outputs; output++) {
    wide.set(matrix.subarray(output * inputs, (output + 1) * inputs), output * (inputs + 1));
    wide.set(offset.subarray(output, output + 1), output * (inputs + 1) + inputs);
  }
  return { inputs: inputs + 1, outputs, matrix: wide, offset: new Float64Array(outputs) };
}
