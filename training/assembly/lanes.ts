// Arithmetic modulo a prime below 2^60 on two residues at once, one in each 64-bit lane. WebAssembly has no product of 64-bit
// lanes with all 128 bits: products are made of 32-bit halves.

@inline
function lowHalves(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 0, 2, 0, 2);
}

@inline
function highHalves(a: v128): v128 {
  return v128.shuffle<i32>(a, a, 1, 3, 1, 3);
}

/** Products of the first two 32-bit lanes. */
@inline
function product(a: v128, b: v128): v128 {
  return i64x2.extmul_low_i32x4_u(a, b);
}

@inline
function carry(a: v128): v128 {
  return i64x2.shr_u(a, 32);
}

/** value mod limit, for values below 2 · limit; limit up to 2^62. */
@inline
export function reduceOnce(value: v128, limit: v128): v128 {
  return i64x2.sub(value, v128.andnot(limit, i64x2.gt_s(limit, value)));
}

/** (a + b) mod q. */
@inline
export function addModulo(a: v128, b: v128, q: v128): v128 {
  return reduceOnce(i64x2.add(a, b), q);
}

/**
 * value · root mod q up to a multiple of q: below 4 · q, for values below 2^63. quotient = floor(root · 2^64 / q). Shoup's
 * product, whose quotient may be 2 short here, since carries out of its lowest bits are left out.
 */
@inline
export function timesRoot(value: v128, root: v128, quotient: v128, q: v128): v128 {
  const low = lowHalves(value);
  const high = highHalves(value);
  const quotientLow = lowHalves(quotient);
  const quotientHigh = highHalves(quotient);
  const middle = i64x2.add(carry(product(high, quotientLow)), carry(product(low, quotientHigh)));
  const multiple = i64x2.add(product(high, quotientHigh), middle);
  return i64x2.sub(i64x2.mul(value, root), i64x2.mul(multiple, q));
}

/** a · b / 2^64 mod q, for a · b < 2^64 · q; inverse = q^-1 mod 2^64. Montgomery's product, exact. */
@inline
export function montgomery(a: v128, b: v128, q: v128, inverse: v128): v128 {
  const mask = i64x2.splat(0xffffffff);
  const aLow = lowHalves(a);
  const aHigh = highHalves(a);
  const bLow = lowHalves(b);
  const bHigh = highHalves(b);
  const lowest = product(aLow, bLow);
  const middle = i64x2.add(product(aHigh, bLow), carry(lowest));
  const other = i64x2.add(product(aLow, bHigh), v128.and(middle, mask));
  const high = i64x2.add(i64x2.add(product(aHigh, bHigh), carry(middle)), carry(other));
  const low = v128.or(i64x2.shl(other, 32), v128.and(lowest, mask));
  const reduced = mulHigh(i64x2.mul(low, inverse), q);
  return i64x2.add(i64x2.sub(high, reduced), v128.and(q, i64x2.gt_s(reduced, high)));
}

/** floor(a · b / 2^64). */
@inline
function mulHigh(a: v128, b: v128): v128 {
  const aLow = lowHalves(a);
  const aHigh = highHalves(a);
  const bLow = lowHalves(b);
  const bHigh = highHalves(b);
  const middle = i64x2.add(product(aHigh, bLow), carry(product(aLow, bLow)));
  const other = i64x2.add(product(aLow, bHigh), v128.and(middle, i64x2.splat(0xffffffff)));
  return i64x2.add(i64x2.add(product(aHigh, bHigh), carry(middle)), carry(other));
}
