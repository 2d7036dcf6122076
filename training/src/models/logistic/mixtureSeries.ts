import { normalMeans } from './normalMeans.js';
import { Series } from './series.js';

/** One class in z: its share, label, and the mean of z. */
export interface ScorePart {
  readonly share: number;
  readonly label: 0 | 1;
  readonly z: number;
}

/** Places of the variables: 0 and 1 are the means of z in the two parts; then its variance within them, and its excess third moment. */
export const VARIANCE = 2;
export const THIRD = 3;

const NONE = Series.constant(0);
const ONE = Series.constant(1);

/** Where less than this of z's variance lies within classes, rounding leaves nothing of the coefficient below. */
const MIN_WITHIN = 1e-4;
/** A smaller loss is rounding: nothing corrects it. */
const MIN_LOSS = 1e-9;

/**
 * Log-loss of z that is normal within each class, and the coefficient of z³ in the best cubic for softplus, as functions of the
 * variables.
 */
export interface MixtureSeries {
  readonly loss: Series;
  /** Undefined where rounding leaves nothing of it. */
  readonly cubic: Series | undefined;
}

export function mixtureSeries(parts: readonly ScorePart[], variance: number): MixtureSeries {
  const within = Series.variable(VARIANCE, variance);
  const classes = parts.map(({ share, label, z }, place) => {
    const orders = normalMeans(z, Math.sqrt(variance));
    const softplusMean = (order: number): Series => meanOf(orders, order, place);
    return { share, label, mean: Series.variable(place, z), softplusMean };
  });
  let loss = NONE;
  for (const { share, label, mean, softplusMean } of classes)
    loss = loss.plus(softplusMean(0).minus(mean.scaled(label)).scaled(share));
  return { loss, cubic: cubicOf(classes, within) };
}

/**
 * loss·(1 + φ(x)) with x = extra / loss and φ(x) = x / (1 + 16·x⁴)^¼: the loss plus extra while that is small beside it; never
 * more than half of the loss is added or taken, so that the sum is not negative. Smooth, so that Newton's steps see no edge.
 */
export function correctedBy(loss: Series, extra: Series): Series {
  if (!(loss.value > MIN_LOSS)) return loss;
  const x = extra.over(loss);
  const square = x.times(x);
  const bend = square.times(square).scaled(16).plus(ONE);
  return loss.times(x.over(bend.root().root()).plus(ONE));
}

/** E f(z) in a class, f the derivative of softplus of an order: dE f/d mean = E f′, dE f/d variance = E f″/2. */
function meanOf(orders: readonly number[], order: number, place: number): Series {
  const mean = (above: number): number => orders[order + above]!;
  return Series.of(
    mean(0),
    [
      [place, mean(1)],
      [VARIANCE, mean(2) / 2],
    ],
    [
      [place, place, mean(2)],
      [place, VARIANCE, mean(3) / 2],
      [VARIANCE, VARIANCE, mean(4) / 4],
    ],
  );
}

interface ClassSeries {
  readonly share: number;
  readonly mean: Series;
  readonly softplusMean: (order: number) => Series;
}

/**
 * Coefficient of z³ in the least-squares cubic for softplus under the mixture. A law that differs from the mixture in the third
 * moment alone, by T, and is otherwise as near to it as may be (least χ² distance), has a mean softplus that differs by this
 * coefficient times T: with P the third orthogonal polynomial of the mixture, E softplus·P / E P².
 */
function cubicOf(classes: readonly ClassSeries[], within: Series): Series | undefined {
  const centre = sumOf(classes, ({ mean }) => mean);
  const [m2, m3, m4, m5, m6] = momentsAbout(centre, classes, within);
  if (!(within.value > MIN_WITHIN * m2.value)) return undefined;
  // P = y³ + a·y² + b·y + c in y = z − centre, orthogonal to 1, y and y².
  const skew = m3.over(m2);
  const a = m5
    .minus(skew.times(m4))
    .minus(m3.times(m2))
    .over(m4.minus(skew.times(m3)).minus(m2.times(m2)))
    .scaled(-1);
  const b = m4.plus(a.times(m3)).over(m2).scaled(-1);
  const c = m3.plus(a.times(m2)).scaled(-1);
  const square = m6.plus(a.times(m5)).plus(b.times(m4)).plus(c.times(m3));
  const product = sumOf(classes, ({ mean, softplusMean }) => {
    const [f0, f1, f2, f3] = productsWithPowers(softplusMean, mean.minus(centre), within);
    return f3.plus(a.times(f2)).plus(b.times(f1)).plus(c.times(f0));
  });
  return product.over(square);
}

function sumOf(classes: readonly ClassSeries[], of: (one: ClassSeries) => Series): Series {
  return classes.reduce((sum, one) => sum.plus(of(one).scaled(one.share)), NONE);
}

/** E (z − centre)^n, n from 2 to 6. Of y ~ N(mean, variance), E y^n = mean·E y^(n−1) + (n − 1)·variance·E y^(n−2). */
function momentsAbout(
  centre: Series,
  classes: readonly ClassSeries[],
  variance: Series,
): [Series, Series, Series, Series, Series] {
  const sums: [Series, Series, Series, Series, Series] = [NONE, NONE, NONE, NONE, NONE];
  for (const { share, mean } of classes) {
    const d = mean.minus(centre);
    let [before, moment] = [ONE, d];
    sums.forEach((sum, place) => {
      [before, moment] = [moment, d.times(moment).plus(variance.scaled(place + 1).times(before))];
      sums[place] = sum.plus(moment.scaled(share));
    });
  }
  return sums;
}

/** E f(z)·y^n in a class, n from 0 to 3, with y of mean d there: Stein's lemma turns powers of y into derivatives of f. */
function productsWithPowers(
  f: (order: number) => Series,
  d: Series,
  v: Series,
): [Series, Series, Series, Series] {
  const s0 = f(0);
  const s1 = v.times(f(1));
  const s2 = v.times(s0.plus(v.times(f(2))));
  const s3 = v.times(v).times(
    f(1)
      .scaled(3)
      .plus(v.times(f(3))),
  );
  const square = d.times(d);
  return [
    s0,
    d.times(s0).plus(s1),
    square.times(s0).plus(d.times(s1).scaled(2)).plus(s2),
    square.times(d).times(s0).plus(square.times(s1).scaled(3)).plus(d.times(s2).scaled(3)).plus(s3),
  ];
}
