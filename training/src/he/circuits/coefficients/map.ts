import { hashParts } from '../../../canonical.js';
import type { HostMap } from '../../../models/family.js';
import type { Scheme } from '../../ckks/scheme.js';
import type { Factor, Polynomial } from '../../ring/backend.js';
import type { Pieces } from '../../../work.js';
import { checkMap } from '../hostMap.js';
import { writeFixed } from './fixedPoint.js';
import { coefficientLayout, type CoefficientLayout } from './layout.js';

/** A host's map, encoded once for all rounds. */
export interface CoefficientMap {
  readonly layout: CoefficientLayout;
  /** By run of outputs, a plaintext for each run of inputs. */
  readonly matrix: readonly (readonly Factor[])[];
  /** By group of vectors and run of outputs: traces at the scale of updates. */
  readonly offsets: readonly (readonly Polynomial[])[];
  /** 32 bytes that name the encoded map by its content. Secret, as the map is. */
  readonly hash: Uint8Array;
}

type Ring = Pick<Scheme, 'parameters' | 'ring'>;

/**
 * Coefficients are entries times the scale, rounded: exact integers, without an encoder. A piece is a plaintext; the backend keeps
 * none of them where not all are made.
 * @throws TrainingError VT7501 for a map of other sizes than it says, or with something else than finite numbers
 */
export function* encodeCoefficientMap({ parameters, ring }: Ring, map: HostMap): Pieces<CoefficientMap> {
  checkMap(map);
  const { vectors = 1 } = map;
  const layout = coefficientLayout(parameters, { ...map, vectors });
  const { outputRuns, inputRuns, groups } = layout;
  const factors: Factor[] = [];
  let isWhole = false;
  try {
    const of = outputRuns * inputRuns;
    for (const place of placesOf(outputRuns, inputRuns)) {
      const [transformed] = ring.transformWide([matrixCoefficients(parameters, layout, map, place)]);
      factors.push(...ring.factors([transformed]));
      transformed.release();
      yield { phase: 'encodeMatrix', done: factors.length, of, unit: 'plaintexts' };
    }
    isWhole = true;
  } finally {
    if (!isWhole) for (const factor of factors) factor.release();
  }
  const matrix = Array.from({ length: outputRuns }, (_, run) =>
    factors.slice(run * inputRuns, (run + 1) * inputRuns),
  );
  const offsets = Array.from({ length: groups }, (_, group) =>
    Array.from({ length: outputRuns }, (_unused, outputRun) => {
      const [trace] = ring.transformWide([offsetTrace(parameters, layout, map, { group, outputRun })]);
      return trace;
    }),
  );
  return { layout, matrix, offsets, hash: hashOf(parameters, layout, map) };
}

/** Which plaintext of a matrix. */
interface Place {
  readonly outputRun: number;
  readonly inputRun: number;
}

function* placesOf(outputRuns: number, inputRuns: number): Generator<Place> {
  for (let outputRun = 0; outputRun < outputRuns; outputRun++)
    for (let inputRun = 0; inputRun < inputRuns; inputRun++) yield { outputRun, inputRun };
}

/** Entry (t, i) of a run is the coefficient of X^(t·B − i); X^N is −1. Signed 128-bit numbers. */
export function matrixCoefficients(
  { ringDegree, matrixScaleBits }: Scheme['parameters'],
  { block, outputs }: CoefficientLayout,
  map: HostMap,
  { outputRun, inputRun }: Place,
): BigUint64Array {
  const coefficients = new BigUint64Array(2 * ringDegree);
  const rows = Math.min(outputs, map.outputs - outputRun * outputs);
  const columns = Math.min(block, map.inputs - inputRun * block);
  for (let t = 0; t < rows; t++) {
    const start = (outputRun * outputs + t) * map.inputs + inputRun * block;
    for (let i = 0; i < columns; i++) {
      const exponent = t * block - i;
      const value = map.matrix[start + i]!;
      if (exponent >= 0) writeFixed(coefficients, exponent, value, matrixScaleBits);
      else writeFixed(coefficients, ringDegree + exponent, -value, matrixScaleBits);
    }
  }
  return coefficients;
}

/** A trace is `block` times the coefficients that it keeps, as `sumBlocks` makes it. */
function offsetTrace(
  { ringDegree, modelScaleBits, matrixScaleBits }: Scheme['parameters'],
  { block, outputs, vectors }: CoefficientLayout,
  map: HostMap,
  { group, outputRun }: { readonly group: number; readonly outputRun: number },
): BigUint64Array {
  const coefficients = new BigUint64Array((2 * ringDegree) / block);
  const bits = modelScaleBits + matrixScaleBits + Math.log2(block);
  const rows = Math.min(outputs, map.outputs - outputRun * outputs);
  const end = Math.min(vectors, (map.vectors ?? 1) - group * vectors);
  for (let v = 0; v < end; v++) {
    const start = (group * vectors + v) * map.outputs + outputRun * outputs;
    for (let t = 0; t < rows; t++) writeFixed(coefficients, v * outputs + t, map.offset[start + t]!, bits);
  }
  return coefficients;
}

function hashOf(
  { matrixScaleBits }: Scheme['parameters'],
  { block, outputs, vectors }: CoefficientLayout,
  map: HostMap,
): Uint8Array {
  const encoded = map.matrix.map((entry) => Math.round(entry * 2 ** matrixScaleBits) + 0);
  const sizes = Uint32Array.of(block, outputs, vectors, map.inputs, map.outputs);
  const parts = [sizes, encoded, map.offset].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return hashParts('veritrain/coefficient-map/1', ...parts);
}
