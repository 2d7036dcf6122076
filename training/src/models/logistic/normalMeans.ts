import { DERIVATIVES, softplus, softplusDerivatives } from './softplus.js';

/** Beyond so many deviations a normal law has a share of 2·10⁻¹⁷. */
const REACH = 8.5;
/** Spacing of nodes in deviations: the trapezoidal rule is then exact for the normal law to rounding. */
const SPACING = 0.5;
/**
 * Most spacing in z. softplus has its poles at ±iπ, so the rule's error is e^(−2π²/spacing) times (2π/spacing)^order: 10⁻⁹ for
 * the seventh derivative.
 */
const MAX_SPACING_IN_Z = 0.5;
/** Most halvings of the spacing: deviations of up to 256 are integrated to this precision. */
const MAX_HALVINGS = 8;

interface Node {
  /** Deviations from the mean. */
  readonly place: number;
  readonly weight: number;
}

const rules = new Map<number, readonly Node[]>();

/** Means of softplus and of its first seven derivatives under z ~ N(mean, deviation²). */
export function normalMeans(mean: number, deviation: number): number[] {
  const sums = new Array<number>(DERIVATIVES).fill(0);
  for (const { place, weight } of ruleFor(deviation)) {
    const values = softplusDerivatives(mean + deviation * place);
    for (let order = 0; order < DERIVATIVES; order++) sums[order]! += weight * values[order]!;
  }
  return sums;
}

/** The first of {@link normalMeans}, of softplus itself. */
export function meanSoftplus(mean: number, deviation: number): number {
  let sum = 0;
  for (const { place, weight } of ruleFor(deviation)) sum += weight * softplus(mean + deviation * place);
  return sum;
}

function ruleFor(deviation: number): readonly Node[] {
  let halvings = 0;
  while (halvings < MAX_HALVINGS && (deviation * SPACING) / 2 ** halvings > MAX_SPACING_IN_Z) halvings++;
  const rule = rules.get(halvings) ?? trapezoid(SPACING / 2 ** halvings);
  rules.set(halvings, rule);
  return rule;
}

/** The trapezoidal rule under the standard normal law. */
function trapezoid(spacing: number): readonly Node[] {
  const half = Math.ceil(REACH / spacing);
  const nodes = Array.from({ length: 2 * half + 1 }, (_, index) => {
    const place = (index - half) * spacing;
    return { place, weight: Math.exp((-place * place) / 2) };
  });
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
  return nodes.map(({ place, weight }) => ({ place, weight: weight / total }));
}
