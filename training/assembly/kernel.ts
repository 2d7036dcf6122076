// Arithmetic on polynomials modulo a prime below 2^60, residues in [0, q), for the rings of he/ckks/parameters.ts.
// Products modulo q are Montgomery's (R = 2^64), the transform's are Shoup's with Harvey's lazy reduction
// (D. Harvey, "Faster arithmetic for number-theoretic transforms", 2014). The transform's order and roots are
// Microsoft SEAL's: natural order in, bit-reversed order out. Results equal SEAL's bit for bit.
// Pointers are byte offsets; `count` is in elements, a power of two and at least 2. Transforms of fewer than N elements (traces)
// use the first roots of the same tables.
import { addModulo, montgomery, reduceOnce, timesRoot } from './lanes';

/** In place; roots[m + i] and floor(roots · 2^64 / q), both in bit-reversed order. Between stages values are below 8 · q. */
export function transform(data: usize, count: u32, roots: usize, quotients: usize, prime: u64): void {
  const q = i64x2.splat(prime);
  const fourQ = i64x2.splat(prime << 2);
  let half: u32 = count >> 1;
  let blocks: u32 = 1;
  for (; half > 1; blocks <<= 1, half >>= 1) {
    const stride = (<usize>half) << 3;
    for (let block: u32 = 0; block < blocks; block++) {
      const place = (<usize>(blocks + block)) << 3;
      const root = v128.load_splat<u64>(roots + place);
      const quotient = v128.load_splat<u64>(quotients + place);
      let left: usize = data + <usize>block * stride * 2;
      const end = left + stride;
      while (left < end) {
        const u = reduceOnce(v128.load(left), fourQ);
        const product = timesRoot(v128.load(left + stride), root, quotient, q);
        v128.store(left, i64x2.add(u, product));
        v128.store(left + stride, i64x2.sub(i64x2.add(u, fourQ), product));
        left += 16;
      }
    }
  }
  const twoQ = i64x2.splat(prime << 1);
  const last = data + ((<usize>count) << 3);
  let place = (<usize>blocks) << 3;
  for (let at = data; at < last; at += 16, place += 8) {
    // Both of a pair of neighbours are in one vector.
    const u = reduceOnce(v128.load_splat<u64>(at), fourQ);
    const root = v128.load_splat<u64>(roots + place);
    const quotient = v128.load_splat<u64>(quotients + place);
    const product = timesRoot(v128.load_splat<u64>(at + 8), root, quotient, q);
    const sum = i64x2.add(u, product);
    const difference = i64x2.sub(i64x2.add(u, fourQ), product);
    const pair = v128.shuffle<i64>(sum, difference, 0, 2);
    v128.store(at, reduceOnce(reduceOnce(reduceOnce(pair, fourQ), twoQ), q));
  }
}

/** The inverse of `transform`, in place, given the roots' inverses; scale = 2^64 / count mod q. Between stages values are below 4 · q. */
export function invert(
  data: usize,
  count: u32,
  roots: usize,
  quotients: usize,
  prime: u64,
  inverse: u64,
  scale: u64,
): void {
  const q = i64x2.splat(prime);
  const fourQ = i64x2.splat(prime << 2);
  const last = data + ((<usize>count) << 3);
  let blocks: u32 = count >> 1;
  let place = (<usize>blocks) << 3;
  for (let at = data; at < last; at += 16, place += 8) {
    const u = v128.load_splat<u64>(at);
    const v = v128.load_splat<u64>(at + 8);
    const root = v128.load_splat<u64>(roots + place);
    const quotient = v128.load_splat<u64>(quotients + place);
    const sum = reduceOnce(i64x2.add(u, v), fourQ);
    const product = timesRoot(i64x2.sub(i64x2.add(u, fourQ), v), root, quotient, q);
    v128.store(at, v128.shuffle<i64>(sum, product, 0, 2));
  }
  blocks >>= 1;
  for (let half: u32 = 2; blocks >= 1; blocks >>= 1, half <<= 1) {
    const stride = (<usize>half) << 3;
    for (let block: u32 = 0; block < blocks; block++) {
      const place = (<usize>(blocks + block)) << 3;
      const root = v128.load_splat<u64>(roots + place);
      const quotient = v128.load_splat<u64>(quotients + place);
      let left: usize = data + <usize>block * stride * 2;
      const end = left + stride;
      while (left < end) {
        const u = v128.load(left);
        const v = v128.load(left + stride);
        v128.store(left, reduceOnce(i64x2.add(u, v), fourQ));
        const difference = i64x2.sub(i64x2.add(u, fourQ), v);
        v128.store(left + stride, timesRoot(difference, root, quotient, q));
        left += 16;
      }
    }
  }
  const factor = i64x2.splat(scale);
  const inverses = i64x2.splat(inverse);
  for (let at = data; at < last; at += 16) v128.store(at, montgomery(v128.load(at), factor, q, inverses));
}

/** out = small mod q; small are i32. */
export function lift(small: usize, out: usize, count: u32, prime: u64): void {
  const q = i64x2.splat(prime);
  const zero = i64x2.splat(0);
  for (let index: usize = 0; index < <usize>count; index += 2) {
    const value = v128.load_ext<i32>(small + (index << 2));
    v128.store(out + (index << 3), i64x2.add(value, v128.and(q, i64x2.gt_s(zero, value))));
  }
}

/**
 * out = (low + 2^64 · high) mod q for pairs of u64; one = 2^64 mod q, square = 2^128 mod q. `correction` is added where the pair
 * is negative as two's complement: q − square for signed pairs, 0 for unsigned ones.
 */
export function reducePairs(
  pairs: usize,
  out: usize,
  count: u32,
  prime: u64,
  inverse: u64,
  one: u64,
  square: u64,
  correction: u64,
): void {
  const q = i64x2.splat(prime);
  const inverses = i64x2.splat(inverse);
  const ones = i64x2.splat(one);
  const squares = i64x2.splat(square);
  const corrections = i64x2.splat(correction);
  const zero = i64x2.splat(0);
  for (let index: usize = 0; index < <usize>count; index += 2) {
    const first = v128.load(pairs + (index << 4));
    const second = v128.load(pairs + (index << 4) + 16);
    const low = montgomery(v128.shuffle<i64>(first, second, 0, 2), ones, q, inverses);
    const highs = v128.shuffle<i64>(first, second, 1, 3);
    const sum = addModulo(low, montgomery(highs, squares, q, inverses), q);
    v128.store(out + (index << 3), addModulo(sum, v128.and(corrections, i64x2.gt_s(zero, highs)), q));
  }
}

/** out = data · 2^64 mod q; square = 2^128 mod q. */
export function toMontgomery(
  data: usize,
  out: usize,
  count: u32,
  prime: u64,
  inverse: u64,
  square: u64,
): void {
  const q = i64x2.splat(prime);
  const inverses = i64x2.splat(inverse);
  const squares = i64x2.splat(square);
  for (let offset: usize = 0; offset < (<usize>count) << 3; offset += 16) {
    v128.store(out + offset, montgomery(v128.load(data + offset), squares, q, inverses));
  }
}

/** sum = sum + a · b, b in Montgomery form. */
export function addProduct(sum: usize, a: usize, b: usize, count: u32, prime: u64, inverse: u64): void {
  const q = i64x2.splat(prime);
  const inverses = i64x2.splat(inverse);
  for (let offset: usize = 0; offset < (<usize>count) << 3; offset += 16) {
    const product = montgomery(v128.load(a + offset), v128.load(b + offset), q, inverses);
    v128.store(sum + offset, addModulo(v128.load(sum + offset), product, q));
  }
}

/** sum = sum + a. */
export function add(sum: usize, a: usize, count: u32, prime: u64): void {
  const q = i64x2.splat(prime);
  for (let offset: usize = 0; offset < (<usize>count) << 3; offset += 16) {
    v128.store(sum + offset, addModulo(v128.load(sum + offset), v128.load(a + offset), q));
  }
}

/** out[k] = the sum over the k-th run of `block` residues. */
export function blockSums(a: usize, out: usize, count: u32, block: u32, q: u64): void {
  const width = (<usize>block) << 3;
  for (let start: usize = 0; start < (<usize>count) << 3; start += width) {
    let sum: u64 = 0;
    for (let offset = start; offset < start + width; offset += 8) {
      sum += load<u64>(a + offset);
      sum = sum >= q ? sum - q : sum;
    }
    store<u64>(out, sum);
    out += 8;
  }
}
