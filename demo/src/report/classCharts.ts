import type { TopLevelSpec } from 'vega-lite';
import type { Curves } from '../result.js';
import { chartWidth, seriesEncoding, seriesNames } from './charts.js';
import { colour } from './palette.js';

interface BothCurves {
  readonly encrypted: Curves;
  readonly plain: Curves;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly series: string;
  /** In which order the points are joined. */
  readonly order: number;
}

const [ours, twin] = seriesNames;

/** Share of positive rows found against share of negative rows taken for positive. */
export function rocChart({ encrypted, plain }: BothCurves): TopLevelSpec {
  const points = ({ roc }: Curves, series: string): Point[] =>
    roc.map(({ falsePositives: x, truePositives: y }, order) => ({ x, y, series, order }));
  return unitSquare([...points(encrypted, ours), ...points(plain, twin)], {
    x: 'negative rows taken for positive',
    y: 'positive rows found',
  });
}

/** Share of positive rows against the probability that was predicted for them. */
export function calibrationChart({ encrypted, plain }: BothCurves): TopLevelSpec {
  return calibrated(encrypted.calibration, plain.calibration, {
    x: 'predicted probability',
    y: 'share of positive rows',
  });
}

/** Share of rows that are of their likeliest class against its probability. */
export function likeliestChart(encrypted: Curves['calibration'], plain: Curves['calibration']): TopLevelSpec {
  return calibrated(encrypted, plain, {
    x: 'probability of the likeliest class',
    y: 'share of rows that are of it',
  });
}

function calibrated(
  encrypted: Curves['calibration'],
  plain: Curves['calibration'],
  titles: { readonly x: string; readonly y: string },
): TopLevelSpec {
  const points = (calibration: Curves['calibration'], series: string): Point[] =>
    calibration.map(({ predicted: x, observed: y }, order) => ({ x, y, series, order }));
  return unitSquare([...points(encrypted, ours), ...points(plain, twin)], titles);
}

/** Two curves over the diagonal of the unit square. */
function unitSquare(
  values: readonly Point[],
  titles: { readonly x: string; readonly y: string },
): TopLevelSpec {
  const axis = (field: 'x' | 'y') => ({
    field,
    type: 'quantitative' as const,
    title: titles[field],
    axis: { format: '.0%', grid: true },
    scale: { domain: [0, 1], nice: false },
  });
  return {
    width: chartWidth,
    height: 360,
    layer: [
      {
        data: {
          values: [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
        },
        mark: { type: 'line', color: colour.soft, strokeWidth: 1 },
        encoding: { x: axis('x'), y: axis('y') },
      },
      {
        data: { values: [...values] },
        mark: { type: 'line', interpolate: 'linear' },
        encoding: {
          x: axis('x'),
          y: axis('y'),
          order: { field: 'order', type: 'quantitative' },
          ...seriesEncoding,
        },
      },
    ],
  };
}
