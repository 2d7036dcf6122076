import type { CkksParameters } from '../ckks/parameters.js';

/** How the numbers of a query and a reply lie in slots. */
export interface Packing {
  /** D: slots repeat with this period; slot class j modulo D is output j. A power of two, at least 16. */
  readonly period: number;
  /** N/(2·D): a sum over slots of one class is a sum over such a run of residues. */
  readonly block: number;
  /** Inputs that one ciphertext holds: input i of it fills slots i·D … i·D + D − 1. */
  readonly inputsPerCiphertext: number;
  readonly ciphertexts: number;
}

/** Slots repeat with this period D: 16 or 32 up to 32 outputs, and the next power of two beyond. */
export function slotPeriod(outputs: number): number {
  return 2 ** Math.max(4, Math.ceil(Math.log2(outputs)));
}

/** Residues per block of a trace of this period. */
export function blockSize({ ringDegree }: Pick<CkksParameters, 'ringDegree'>, period: number): number {
  return ringDegree / (2 * period);
}

/** The packing of a map with so many inputs and outputs. */
export function packingOf(
  parameters: Pick<CkksParameters, 'ringDegree'>,
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
): Packing {
  const period = slotPeriod(outputs);
  const inputsPerCiphertext = parameters.ringDegree / 2 / period;
  const ciphertexts = Math.ceil(inputs / inputsPerCiphertext);
  return { period, block: blockSize(parameters, period), inputsPerCiphertext, ciphertexts };
}

/**
 * The slots of each ciphertext: slot i·D + j of the c-th holds what `numberAt` says for output j and the i-th of its inputs.
 * So a slot-wise product of two, summed modulo D and over ciphertexts, is a matrix times a vector.
 */
export function packSlots(
  { period, inputsPerCiphertext, ciphertexts }: Packing,
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
  numberAt: (input: number, output: number) => number,
): Float64Array[] {
  return Array.from({ length: ciphertexts }, (_, index) => {
    const slots = new Float64Array(inputsPerCiphertext * period);
    const start = index * inputsPerCiphertext;
    const end = Math.min(inputs, start + inputsPerCiphertext);
    for (let input = start; input < end; input++) {
      for (let output = 0; output < outputs; output++)
        slots[(input - start) * period + output] = numberAt(input, output);
    }
    return slots;
  });
}
