/** Powers 0 … 2·n − 1 of a primitive complex root of unity ω of order 2·n. */
export interface Roots {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/** Complex numbers. */
interface Values {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * Values of a polynomial with n real coefficients at ω, ω^3, ω^5, …: the coefficients times ω^k, then a Fourier transform of
 * radix 2 (Cooley and Tukey 1965), n a power of two. Only + − ×, in a fixed order.
 */
export function valuesAtOddPowers(coefficients: Float64Array, roots: Roots): Values {
  const values = twisted(coefficients, roots);
  const n = coefficients.length;
  for (let half = 1; half < n; half *= 2) {
    const stride = n / half;
    for (let start = 0; start < n; start += 2 * half) {
      for (let k = 0; k < half; k++) butterfly(values, start + k, half, roots, k * stride);
    }
  }
  return values;
}

/** Coefficient k times ω^k, in bit-reversed order. */
function twisted(coefficients: Float64Array, { cosines, sines }: Roots): Values {
  const n = coefficients.length;
  const [real, imaginary] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0, place = 0; k < n; k++) {
    real[place] = coefficients[k]! * cosines[k]!;
    imaginary[place] = coefficients[k]! * sines[k]!;
    // The next place: one more, counted from the highest bit down.
    let bit = n / 2;
    for (; place & bit; bit /= 2) place ^= bit;
    place |= bit;
  }
  return { real, imaginary };
}

function butterfly(
  { real, imaginary }: Values,
  place: number,
  half: number,
  { cosines, sines }: Roots,
  angle: number,
): void {
  const [cosine, sine] = [cosines[angle]!, sines[angle]!];
  const [x, y] = [real[place + half]!, imaginary[place + half]!];
  const turnedX = x * cosine - y * sine;
  const turnedY = x * sine + y * cosine;
  real[place + half] = real[place]! - turnedX;
  imaginary[place + half] = imaginary[place]! - turnedY;
  real[place]! += turnedX;
  imaginary[place]! += turnedY;
}
