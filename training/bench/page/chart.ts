import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** A point of a line. */
export interface Point {
  readonly x: number;
  readonly y: number;
  /** Name of its line in the legend. */
  readonly series: string;
}

/** Lines over one axis. */
export interface Chart {
  /** The name of its file without the extension. */
  readonly name: string;
  /** Its description, which screen readers use, too. */
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly Point[];
  /** Default: linear. */
  readonly xScale?: 'linear' | 'log';
  /** Default: linear, from zero; `near` shows the range of the points alone. */
  readonly yScale?: 'linear' | 'log' | 'near';
  /** Whether the first line is a broad one, so that the next one shows on top of it. */
  readonly isBroad?: boolean;
}

const colours = ['#1565c0', '#e65100', '#2e7d32', '#6a1b9a'];

/** Draws a chart as SVG on a white background, which is readable on light and dark pages. */
export async function drawChart(chart: Chart): Promise<string> {
  const { spec } = compile(specOf(chart));
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

function specOf({
  title,
  points,
  x,
  y,
  xScale = 'linear',
  yScale = 'linear',
  isBroad = false,
}: Chart): TopLevelSpec {
  const series = [...new Set(points.map((point) => point.series))];
  const places = [...new Set(points.map((point) => point.x))];
  return {
    title: { text: title, anchor: 'start', fontWeight: 'normal', fontSize: 14 },
    width: 620,
    height: 260,
    background: 'white',
    padding: 12,
    data: { values: [...points] },
    config: { font: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif', view: { stroke: null } },
    mark: { type: 'line', point: { size: 40 } },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: x,
        scale: xScale === 'log' ? { type: 'log', nice: false } : { nice: false, zero: false },
        axis: { grid: false, values: places, format: ',d' },
      },
      y: {
        field: 'y',
        type: 'quantitative',
        title: y,
        scale: yScale === 'log' ? { type: 'log' } : { type: 'linear', zero: yScale === 'linear' },
      },
      strokeWidth: {
        field: 'series',
        type: 'ordinal',
        sort: series,
        scale: { domain: series, range: series.map((_, place) => (isBroad && place === 0 ? 7 : 2)) },
      },
      color: {
        field: 'series',
        type: 'nominal',
        sort: series,
        scale: { domain: series, range: colours },
        legend: { title: null, orient: 'bottom', columns: 2, labelLimit: 320 },
      },
    },
  };
}
