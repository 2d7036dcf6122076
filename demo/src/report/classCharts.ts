import type { TopLevelSpec } from 'vega-lite';
import type { BothCurves, Curves } from '../result.js';
import { chartWidth, seriesEncoding, seriesNames } from './charts.js';
import { colour } from './palette.js';

interface Point {
  readonly x: number;
  readonly y: number;
  readonly series: string;
  /** In which order the points are joined. */
  readonly order: number;
}

const [ours, twin] = seriesNames;

/** Share of the rows of the second class found against share of the rows of the first taken for it. */
export function rocChart({ names: [negative, positive], encrypted, plain }: BothCurves): TopLevelSpec {
  const points = ({ roc }: Curves, series: string): Point[] =>
    roc.map(({ falsePositives: x, truePositives: y }, order) => ({ x, y, series, order }));
  return unitSquare([...points(encrypted, ours), ...points(plain, twin)], {
    x: `rows of “${negative}” taken for “${positive}”`,
    y: `rows of “${positive}” found`,
  });
}

/** Share of rows of the second class against the probability that was predicted for them. */
export function calibrationChart({ names: [, positive], encrypted, plain }: BothCurves): TopLevelSpec {
  return calibrated(encrypted.calibration, plain.calibration, {
    x: `predicted probability of “${positive}”`,
    y: `share of rows of “${positive}”`,
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
