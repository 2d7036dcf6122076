/** What decryption gives: one real number per slot, and how much noise there is beside it. */
export interface DecodedTrace {
  /** D sums: M·w + c in the first `features`, nothing in the others. */
  readonly sums: Float64Array;
  /** Largest imaginary part: the true one is 0, so this is noise and nothing else. */
  readonly largestNoise: number;
}

/**
 * Slots of a trace polynomial: slot j is block · Σ c[k]·ω^(k·3^j) for ω a primitive root of order 4·D (SEAL's slot
 * order). Roots are made by half-angles, so that only + − × ÷ √ occur.
 */
export function decodeTrace(coefficients: readonly bigint[], block: number, scaleBits: number): DecodedTrace {
  const order = 2 * coefficients.length;
  const roots = rootsOfUnity(order);
  const numbers = coefficients.map((value) => (Number(value) / 2 ** scaleBits) * block);
  const sums = new Float64Array(coefficients.length / 2);
  let largestNoise = 0;
  for (let slot = 0, exponent = 1; slot < sums.length; slot++, exponent = (exponent * 3) % order) {
    let real = 0;
    let imaginary = 0;
    numbers.forEach((value, k) => {
      const [cosine, sine] = roots[(k * exponent) % order] ?? [1, 0];
      real += value * cosine;
      imaginary += value * sine;
    });
    sums[slot] = real;
    largestNoise = Math.max(largestNoise, Math.abs(imaginary));
  }
  return { sums, largestNoise };
}

type Complex = readonly [cosine: number, sine: number];

const known = new Map<number, readonly Complex[]>();

/** exp(2πi·k/order), k = 0 … order − 1; order a power of two. */
function rootsOfUnity(order: number): readonly Complex[] {
  const cached = known.get(order);
  if (cached !== undefined) return cached;
  const roots = order === 1 ? ([[1, 0]] as const) : doubled(rootsOfUnity(order / 2), order);
  known.set(order, roots);
  return roots;
}

function doubled(half: readonly Complex[], order: number): readonly Complex[] {
  const [cosine, sine] = firstRoot(order);
  return half.flatMap(([x, y]): Complex[] => [
    [x, y],
    [x * cosine - y * sine, x * sine + y * cosine],
  ]);
}

function firstRoot(order: number): Complex {
  if (order === 2) return [-1, 0];
  if (order === 4) return [0, 1];
  const [cosine, sine] = firstRoot(order / 2);
  const halfCosine = Math.sqrt((1 + cosine) / 2);
  return [halfCosine, sine / (2 * halfCosine)];
}
