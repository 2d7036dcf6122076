import type { TopLevelSpec } from 'vega-lite';
import type { BothClasses, BothCurves, Curves } from '../result.js';
import { chartWidth, seriesEncoding, seriesNames } from './charts.js';
import { colour } from './palette.js';

interface Point {
  /** The class that a small chart is of. */
  readonly name?: string;
  readonly x: number;
  readonly y: number;
  readonly series: string;
  /** In which order the points are joined. */
  readonly order: number;
}

const [ours, twin] = seriesNames;

/** Share of the rows of the second class found against share of the rows of the first taken for it. */
export function rocChart({ names: [negative, positive], encrypted, plain }: BothCurves): TopLevelSpec {
  return unitSquare([...rocPoints(encrypted.roc, ours), ...rocPoints(plain.roc, twin)], {
    x: `rows of “${negative}” taken for “${positive}”`,
    y: `rows of “${positive}” found`,
  });
}

const rocPoints = (roc: Curves['roc'], series: string): Point[] =>
  roc.map(({ falsePositives: x, truePositives: y }, order) => ({ x, y, series, order }));

/** So many small charts stand beside each other. */
const chartsInARow = 3;

/** The ROC curve of each class against the rest, a small chart each; undefined of models without probabilities. */
export function classRocChart({ names, encrypted, plain }: BothClasses): TopLevelSpec | undefined {
  if (encrypted.roc === null || plain.roc === null) return undefined;
  const of = (rocs: readonly Curves['roc'][], series: string): Point[] =>
    rocs.flatMap((roc, place) =>
      rocPoints(roc, series).map((point) => ({ ...point, name: names[place] ?? '' })),
    );
  const columns = Math.min(chartsInARow, names.length);
  const side = chartWidth / columns - 70;
  const layer = overDiagonal({ x: 'others taken for it', y: 'rows found' });
  return {
    data: { values: [...of(encrypted.roc, ours), ...of(plain.roc, twin)] },
    facet: { field: 'name', type: 'nominal', title: null, sort: names },
    columns,
    spec: { width: side, height: side, layer },
  };
}

/** Share of rows of the second class against the probability that was predicted for them. */
export function calibrationChart({ names: [, positive], encrypted, plain }: BothCurves): TopLevelSpec {
  return calibrated(encrypted.calibration, plain.calibration, {
    x: `predicted probability of “${positive}”`,
    y: `share of rows of “${positive}”`,
  });
}

/** Share of rows that are of their likeliest class against its probability; undefined of models without probabilities. */
export function likeliestChart({ encrypted, plain }: BothClasses): TopLevelSpec | undefined {
  if (encrypted.calibration === null || plain.calibration === null) return undefined;
  return calibrated(encrypted.calibration, plain.calibration, {
    x: 'probability of the likeliest class',
    y: 'share of rows that are of it',
  });
}

function calibrated(
  encrypted: Curves['calibration'],
  plain: Curves['calibration'],
  titles: Titles,
): TopLevelSpec {
  const points = (calibration: Curves['calibration'], series: string): Point[] =>
    calibration.map(({ predicted: x, observed: y }, order) => ({ x, y, series, order }));
  return unitSquare([...points(encrypted, ours), ...points(plain, twin)], titles);
}

type Layers = Extract<TopLevelSpec, { layer: unknown }>['layer'];

/** Titles of both axes. */
interface Titles {
  readonly x: string;
  readonly y: string;
}

/** Two curves over the diagonal of the unit square. */
const unitSquare = (values: readonly Point[], titles: Titles): TopLevelSpec => ({
  data: { values: [...values] },
  width: chartWidth,
  height: 360,
  layer: overDiagonal(titles),
});

/** The diagonal, and the curves of the chart's points. */
function overDiagonal(titles: Titles): Layers {
  const axis = (field: 'x' | 'y') => ({
    field,
    type: 'quantitative' as const,
    title: titles[field],
    axis: { format: '.0%', grid: true },
    scale: { domain: [0, 1], nice: false },
  });
  const diagonal = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ];
  return [
    {
      data: { values: diagonal },
      mark: { type: 'line', color: colour.soft, strokeWidth: 1 },
      encoding: { x: axis('x'), y: axis('y') },
    },
    {
      mark: { type: 'line', interpolate: 'linear' },
      encoding: {
        x: axis('x'),
        y: axis('y'),
        order: { field: 'order', type: 'quantitative' },
        ...seriesEncoding,
      },
    },
  ];
}
