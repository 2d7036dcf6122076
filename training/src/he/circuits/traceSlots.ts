import { valuesAtOddPowers, type Roots } from './oddPowers.js';

/** Beyond, a transform is faster. */
const MAX_DIRECT_SLOTS = 32;

/** The slots of a trace: sums of the big ring's slots of one class modulo D. */
export interface TraceSlots {
  /** D numbers. */
  readonly real: Float64Array;
  /** D numbers. */
  readonly imaginary: Float64Array;
}

/**
 * Slots of a trace polynomial: slot j is block · Σ c[k]·ω^(k·3^j) for ω a primitive root of order 4·D (SEAL's slot
 * order). Roots are made by half-angles, so that only + − × ÷ √ occur. Every second imaginary part changes its sign, so that
 * what was multiplied by X^(N/2), which is i·(−1)^j in slot j, comes out as it went in.
 */
export function decodeTrace(coefficients: readonly bigint[], block: number, scaleBits: number): TraceSlots {
  const order = 2 * coefficients.length;
  const roots = rootsOfUnity(order);
  const numbers = Float64Array.from(coefficients, (value) => (Number(value) / 2 ** scaleBits) * block);
  const slots = numbers.length / 2;
  const [real, imaginary] = [new Float64Array(slots), new Float64Array(slots)];
  const valueAt = slots <= MAX_DIRECT_SLOTS ? directSum(numbers, roots) : transformed(numbers, roots);
  for (let slot = 0, exponent = 1; slot < slots; slot++, exponent = (exponent * 3) % order) {
    const [x, y] = valueAt(exponent);
    real[slot] = x;
    imaginary[slot] = slot % 2 === 0 ? y : -y;
  }
  return { real, imaginary };
}

/** The polynomial's value at an odd power of ω. */
type ValueAt = (exponent: number) => readonly [x: number, y: number];

/** Term by term. Models follow from these sums to the last bit, so short traces keep the order that they always had. */
function directSum(numbers: Float64Array, { cosines, sines }: Roots): ValueAt {
  const order = cosines.length;
  return (exponent) => {
    let x = 0;
    let y = 0;
    for (let k = 0, angle = 0; k < numbers.length; k++, angle = (angle + exponent) % order) {
      x += numbers[k]! * cosines[angle]!;
      y += numbers[k]! * sines[angle]!;
    }
    return [x, y];
  };
}

/** All at once. */
function transformed(numbers: Float64Array, roots: Roots): ValueAt {
  const { real, imaginary } = valuesAtOddPowers(numbers, roots);
  return (exponent) => [real[(exponent - 1) / 2]!, imaginary[(exponent - 1) / 2]!];
}

const known = new Map<number, Roots>();

/** exp(2πi·k/order), k = 0 … order − 1; order a power of two. */
function rootsOfUnity(order: number): Roots {
  const cached = known.get(order);
  if (cached !== undefined) return cached;
  const roots =
    order === 1
      ? { cosines: Float64Array.of(1), sines: Float64Array.of(0) }
      : doubled(rootsOfUnity(order / 2), order);
  known.set(order, roots);
  return roots;
}

/** The half's roots, and between them the same turned by the first root. */
function doubled(half: Roots, order: number): Roots {
  const [cosine, sine] = firstRoot(order);
  const [cosines, sines] = [new Float64Array(order), new Float64Array(order)];
  for (let k = 0; k < order / 2; k++) {
    const [x, y] = [half.cosines[k]!, half.sines[k]!];
    cosines.set([x, x * cosine - y * sine], 2 * k);
    sines.set([y, x * sine + y * cosine], 2 * k);
  }
  return { cosines, sines };
}

function firstRoot(order: number): readonly [cosine: number, sine: number] {
  if (order === 2) return [-1, 0];
  if (order === 4) return [0, 1];
  const [cosine, sine] = firstRoot(order / 2);
  const halfCosine = Math.sqrt((1 + cosine) / 2);
  return [halfCosine, sine / (2 * halfCosine)];
}
