// Small dense linear algebra, + − × ÷ √ in a fixed order: the same numbers on every machine.

/** Σ a[i]·b[i]. */
export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Euclidean length. */
export function norm(a: readonly number[]): number {
  return Math.sqrt(dot(a, a));
}

/** a + factor·b. The + 0 leaves no negative zero, which JSON would lose. */
export function addScaled(a: readonly number[], factor: number, b: readonly number[]): number[] {
  return addTo([...a], factor, b);
}

/** Adds factor·b to a. @returns a */
export function addTo(a: number[], factor: number, b: readonly number[]): number[] {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) + factor * (b[i] ?? 0) + 0;
  return a;
}

/** factor·a. */
export function scaled(factor: number, a: readonly number[]): number[] {
  return a.map((value) => factor * value + 0);
}

/** Largest absolute entry; 0 of none. */
export function largest(a: readonly number[]): number {
  return a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** a − b. */
export function subtract(a: readonly number[], b: readonly number[]): number[] {
  return addScaled(a, -1, b);
}

/** matrix·vector, row-major. */
export function multiply(matrix: readonly number[], vector: readonly number[]): number[] {
  const size = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let column = 0; column < size; column++)
      sum += (matrix[row * size + column] ?? 0) * (vector[column] ?? 0);
    return sum;
  });
}

/** factor·I, row-major. */
export function scaledIdentity(size: number, factor: number): number[] {
  return Array.from({ length: size * size }, (_, place) => (place % (size + 1) === 0 ? factor : 0));
}

/** Adds factor·vector·vectorᵀ to a row-major matrix. */
export function addOuter(matrix: number[], factor: number, vector: readonly number[]): void {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    const left = factor * vector[row]!;
    for (let place = row * size, column = 0; column < size; place++, column++)
      matrix[place] = (matrix[place] ?? 0) + left * (vector[column] ?? 0);
  }
}

/** factor^times, 0 ≤ factor ≤ 1. */
export function repeated(factor: number, times: number): number {
  let product = 1;
  // A factor that no longer changes the product never will: 1, or the product has become 0 or denormal.
  for (let done = 0, last = 0; done < times && product !== last; done++) {
    last = product;
    product *= factor;
  }
  return product;
}

/** Solves matrix·x = right for a symmetric positive definite matrix (Cholesky); undefined where it is not definite. */
export function solveDefinite(matrix: readonly number[], right: readonly number[]): number[] | undefined {
  const size = right.length;
  const lower = decompose(matrix, size);
  if (lower === undefined) return undefined;
  const x = [...right];
  for (let i = 0; i < size; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * size + k]! * x[k]!;
    x[i] = sum / lower[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < size; k++) sum -= lower[k * size + i]! * x[k]!;
    x[i] = sum / lower[i * size + i]!;
  }
  return x;
}

/**
 * What each row of a symmetric matrix has beside the rows taken before it (Cholesky's method). The row that has most is taken
 * next, as long as it has more than `least`: in another order errors of entries grow by what a row has over one taken before it.
 */
export function pivotsOf(matrix: readonly number[], size: number, least: number): readonly number[] {
  const rest = [...matrix];
  const pivots = Array.from({ length: size }, () => 0);
  const open = new Set(pivots.keys());
  const left = (index: number): number => rest[index * size + index]!;
  const most = (): number | undefined => [...open].sort((one, other) => left(other) - left(one))[0];
  for (let next = most(); next !== undefined && left(next) > least; next = most()) {
    open.delete(next);
    const pivot = (pivots[next] = left(next));
    const row = rest.slice(next * size, (next + 1) * size);
    for (const i of open)
      for (const j of open) rest[i * size + j] = rest[i * size + j]! - (row[i]! / pivot) * row[j]!;
  }
  for (const index of open) pivots[index] = left(index);
  return pivots;
}

function decompose(matrix: readonly number[], size: number): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    let pivot = matrix[i * size + i]!;
    for (let j = 0; j < i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!;
      const entry = sum / lower[j * size + j]!;
      lower[i * size + j] = entry;
      pivot -= entry * entry;
    }
    if (!(pivot > 0)) return undefined;
    lower[i * size + i] = Math.sqrt(pivot);
  }
  return lower;
}
