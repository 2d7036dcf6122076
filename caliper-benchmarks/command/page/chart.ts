import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** A point of a line, or a bar. */
export interface Point {
  readonly x: number | string;
  readonly y: number;
  /** Name of its line in the legend. */
  readonly series: string;
}

export interface Chart {
  /** The name of its file without the extension. */
  readonly name: string;
  /** Its description, which screen readers use, too. */
  readonly title: string;
  readonly points: readonly Point[];
  readonly x: string;
  readonly y: string;
  /** Bars are for points without an order. Default: lines. */
  readonly mark?: 'line' | 'bar';
  /** Default: linear. */
  readonly scale?: 'linear' | 'log';
}

const colours = ['#1565c0', '#e65100', '#2e7d32', '#6a1b9a', '#00838f', '#ad1457'];

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

function specOf({ title, points, x, y, mark = 'line', scale = 'linear' }: Chart): TopLevelSpec {
  const series = [...new Set(points.map((point) => point.series))];
  const common: TopLevelSpec = {
    title: { text: title, anchor: 'start', fontWeight: 'normal', fontSize: 14 },
    width: 620,
    background: 'white',
    padding: 12,
    data: { values: [...points] },
    config: { font: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif', view: { stroke: null } },
    mark: mark === 'bar' ? { type: 'bar' } : { type: 'line', point: true },
  };
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: series, range: colours },
    legend: series.length === 1 ? null : { title: null, orient: 'bottom', columns: 3, labelLimit: 320 },
  } as const;
  if (mark === 'bar') {
    return {
      ...common,
      height: { step: 9 },
      encoding: {
        y: { field: 'x', type: 'nominal', title: null, sort: null, axis: { labelLimit: 240 } },
        yOffset: { field: 'series', sort: series },
        x: { field: 'y', type: 'quantitative', title: y },
        color,
      },
    };
  }
  return {
    ...common,
    height: 260,
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: x,
        scale: { type: scale, nice: scale === 'linear' },
        axis: {
          grid: false,
          values: scale === 'log' ? [...new Set(points.map((point) => point.x))] : undefined,
        },
      },
      y: { field: 'y', type: 'quantitative', title: y, scale: { zero: true } },
      color,
    },
  } as TopLevelSpec;
}
