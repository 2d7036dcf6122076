import type { RingShape } from '../../ring/residues.js';

/** Sizes of a map whose matrix several vectors share. */
export interface VectorShape {
  /** Numbers of each vector of a query. */
  readonly inputs: number;
  /** Numbers of each vector of a reply. */
  readonly outputs: number;
  readonly vectors: number;
}

/**
 * How the numbers of queries, matrices and replies lie in coefficients. A ciphertext of a query holds a run of B inputs for each of
 * V vectors, number i of vector v at X^(i + v·B·P); a plaintext holds B inputs × P outputs of the matrix, entry (t, i) at X^(t·B − i).
 * In their product the coefficient of X^(t·B + v·B·P) is output t of vector v, all of it and nothing else: exponents of two different
 * inputs differ by no multiple of B. A trace of block B keeps these coefficients, and no others, so that partial sums never leave.
 */
export interface CoefficientLayout {
  /** B, a power of two: inputs of a vector that a ciphertext holds, and the block of the trace. */
  readonly block: number;
  /** P: outputs of a vector that a reply's ciphertext holds. */
  readonly outputs: number;
  /** V: vectors of a ciphertext. */
  readonly vectors: number;
  /** Runs of inputs: ceil(inputs / B). */
  readonly inputRuns: number;
  /** Runs of outputs: ceil(outputs / P). */
  readonly outputRuns: number;
  /** Groups of vectors: ceil(vectors / V). */
  readonly groups: number;
}

/** Most plaintexts of a matrix: 200 MiB with a backend, for 1,025 inputs and outputs and 10 vectors. */
const MAX_PLAINTEXTS = 1536;

const ciphertextsOf = ({ inputRuns, outputRuns, groups }: CoefficientLayout): number =>
  groups * (inputRuns + outputRuns);

const plaintextsOf = ({ inputRuns, outputRuns }: CoefficientLayout): number => inputRuns * outputRuns;

/**
 * The layout with the fewest ciphertexts, those of a query and of a reply together, whose matrix is not too large; of equal ones
 * that with the smallest block. For 256 × 10: 8 and 11, where packing by slots takes 160 and 10.
 */
export function coefficientLayout(
  { ringDegree }: Pick<RingShape, 'ringDegree'>,
  shape: VectorShape,
): CoefficientLayout {
  let best: CoefficientLayout | undefined;
  for (const layout of layouts(ringDegree, shape)) {
    if (plaintextsOf(layout) > MAX_PLAINTEXTS) continue;
    if (best === undefined || ciphertextsOf(layout) < ciphertextsOf(best)) best = layout;
  }
  if (best !== undefined) return best;
  throw new RangeError(`no layout for ${shape.inputs} × ${shape.outputs} × ${shape.vectors} numbers`);
}

function* layouts(ringDegree: number, shape: VectorShape): Generator<CoefficientLayout> {
  for (let block = 8; block <= ringDegree / 2; block *= 2) {
    for (let vectors = 1; vectors <= shape.vectors; vectors++) {
      const outputs = Math.min(shape.outputs, Math.floor(ringDegree / (block * vectors)));
      if (outputs === 0) continue;
      yield {
        block,
        outputs,
        vectors,
        inputRuns: Math.ceil(shape.inputs / block),
        outputRuns: Math.ceil(shape.outputs / outputs),
        groups: Math.ceil(shape.vectors / vectors),
      };
    }
  }
}
