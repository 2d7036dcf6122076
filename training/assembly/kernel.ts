// Arithmetic on polynomials modulo a prime below 2^61, residues in [0, q), for the rings of he/ckks/parameters.ts.
// Products modulo q are Montgomery's (R = 2^64), the transform's are Shoup's with Harvey's lazy reduction
// (D. Harvey, "Faster arithmetic for number-theoretic transforms", 2014). The transform's order and roots are
// Microsoft SEAL's: natural order in, bit-reversed order out. Results equal SEAL's bit for bit.
// Pointers are byte offsets; `count` is in elements. Transforms of fewer than N elements (traces) use the first roots of the
// same tables.

function mulHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const other = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (other >> 32);
}

// a · b / 2^64 mod q, for a · b < 2^64 · q; inverse = q^-1 mod 2^64.
function montgomery(a: u64, b: u64, q: u64, inverse: u64): u64 {
  const high = mulHigh(a, b);
  const reduced = mulHigh(a * b * inverse, q);
  return high >= reduced ? high - reduced : high - reduced + q;
}

function addModulo(a: u64, b: u64, q: u64): u64 {
  const sum = a + b;
  return sum >= q ? sum - q : sum;
}

/** In place; roots[m + i] and floor(roots · 2^64 / q), both in bit-reversed order. */
export function transform(data: usize, count: u32, roots: usize, quotients: usize, q: u64): void {
  const twoQ = q << 1;
  let half: u32 = count >> 1;
  for (let blocks: u32 = 1; blocks < count; blocks <<= 1) {
    const stride = (<usize>half) << 3;
    for (let block: u32 = 0; block < blocks; block++) {
      const place = (<usize>(blocks + block)) << 3;
      const root = load<u64>(roots + place);
      const quotient = load<u64>(quotients + place);
      let left: usize = data + <usize>block * stride * 2;
      const end = left + stride;
      while (left < end) {
        let u = load<u64>(left);
        const v = load<u64>(left + stride);
        u = u >= twoQ ? u - twoQ : u;
        const product = v * root - mulHigh(v, quotient) * q;
        store<u64>(left, u + product);
        store<u64>(left + stride, u + twoQ - product);
        left += 8;
      }
    }
    half >>= 1;
  }
  const last = data + ((<usize>count) << 3);
  for (let at = data; at < last; at += 8) {
    let value = load<u64>(at);
    value = value >= twoQ ? value - twoQ : value;
    store<u64>(at, value >= q ? value - q : value);
  }
}

/** The inverse of `transform`, in place, given the roots' inverses; scale = 2^64 / count mod q. */
export function invert(
  data: usize,
  count: u32,
  roots: usize,
  quotients: usize,
  q: u64,
  inverse: u64,
  scale: u64,
): void {
  const twoQ = q << 1;
  let half: u32 = 1;
  for (let blocks: u32 = count >> 1; blocks >= 1; blocks >>= 1) {
    const stride = (<usize>half) << 3;
    for (let block: u32 = 0; block < blocks; block++) {
      const place = (<usize>(blocks + block)) << 3;
      const root = load<u64>(roots + place);
      const quotient = load<u64>(quotients + place);
      let left: usize = data + <usize>block * stride * 2;
      const end = left + stride;
      while (left < end) {
        const u = load<u64>(left);
        const v = load<u64>(left + stride);
        const sum = u + v;
        const difference = u + twoQ - v;
        store<u64>(left, sum >= twoQ ? sum - twoQ : sum);
        store<u64>(left + stride, difference * root - mulHigh(difference, quotient) * q);
        left += 8;
      }
    }
    half <<= 1;
  }
  const last = data + ((<usize>count) << 3);
  for (let at = data; at < last; at += 8) store<u64>(at, montgomery(load<u64>(at), scale, q, inverse));
}

/** out = small mod q; small are i32. */
export function lift(small: usize, out: usize, count: u32, q: u64): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    const value = <i64>load<i32>(small + (index << 2));
    store<u64>(out + (index << 3), value < 0 ? q - <u64>-value : <u64>value);
  }
}

/** out = (low + 2^64 · high) mod q for pairs of u64; one = 2^64 mod q, square = 2^128 mod q. */
export function reducePairs(
  pairs: usize,
  out: usize,
  count: u32,
  q: u64,
  inverse: u64,
  one: u64,
  square: u64,
): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    const low = montgomery(load<u64>(pairs + (index << 4)), one, q, inverse);
    const high = montgomery(load<u64>(pairs + (index << 4) + 8), square, q, inverse);
    store<u64>(out + (index << 3), addModulo(low, high, q));
  }
}

/** After `reducePairs` of the same pairs: 2^128 is taken from those that are negative as two's complement. */
export function correctSigns(pairs: usize, out: usize, count: u32, q: u64, square: u64): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    if (<i64>load<u64>(pairs + (index << 4) + 8) >= 0) continue;
    const at = out + (index << 3);
    store<u64>(at, addModulo(load<u64>(at), q - square, q));
  }
}

/** out = data · 2^64 mod q; square = 2^128 mod q. */
export function toMontgomery(data: usize, out: usize, count: u32, q: u64, inverse: u64, square: u64): void {
  for (let offset: usize = 0; offset < (<usize>count) << 3; offset += 8) {
    store<u64>(out + offset, montgomery(load<u64>(data + offset), square, q, inverse));
  }
}

/** sum = sum + a · b, b in Montgomery form. */
export function addProduct(sum: usize, a: usize, b: usize, count: u32, q: u64, inverse: u64): void {
  for (let offset: usize = 0; offset < (<usize>count) << 3; offset += 8) {
    const product = montgomery(load<u64>(a + offset), load<u64>(b + offset), q, inverse);
    store<u64>(sum + offset, addModulo(load<u64>(sum + offset), product, q));
  }
}

/** sum = sum + a. */
export function add(sum: usize, a: usize, count: u32, q: u64): void {
  for (let offset: usize = 0; offset < (<usize>count) << 3; offset += 8) {
    store<u64>(sum + offset, addModulo(load<u64>(sum + offset), load<u64>(a + offset), q));
  }
}

/** out[k] = the sum over the k-th run of `block` residues. */
export function blockSums(a: usize, out: usize, count: u32, block: u32, q: u64): void {
  const width = (<usize>block) << 3;
  for (let start: usize = 0; start < (<usize>count) << 3; start += width) {
    let sum: u64 = 0;
    for (let offset = start; offset < start + width; offset += 8) {
      sum = addModulo(sum, load<u64>(a + offset), q);
    }
    store<u64>(out, sum);
    out += 8;
  }
}
