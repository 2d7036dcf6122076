import type { TopLevelSpec } from 'vega-lite';
import type { Loss } from '../document.js';
import { chartWidth } from './chart.js';
import { colour } from './palette.js';

/** Above this ratio of the largest to the smallest loss, a linear axis would hide the end of the run. */
const ratioForLogarithm = 30;

/** Loss by round: the encrypted run as a broad line, the plain twin dashed on top of it. */
export function lossChart(losses: readonly Loss[], target: string): TopLevelSpec {
  const series = [
    {
      name: 'encrypted training',
      values: losses.map(({ round, encrypted }) => ({ round, loss: encrypted })),
    },
    { name: 'plain twin', values: losses.map(({ round, plain }) => ({ round, loss: plain })) },
  ];
  const values = series.flatMap(({ name, values: points }) =>
    points.map((point) => ({ ...point, series: name })),
  );
  const all = values.map(({ loss }) => loss);
  const logarithmic = Math.min(...all) > 0 && Math.max(...all) / Math.min(...all) > ratioForLogarithm;
  const names = series.map(({ name }) => name);
  return {
    width: chartWidth,
    height: 280,
    data: { values },
    mark: { type: 'line', interpolate: 'linear' },
    encoding: {
      x: {
        field: 'round',
        type: 'quantitative',
        title: 'round (0: before training)',
        axis: { grid: false, tickMinStep: 1, format: 'd' },
        scale: { nice: false },
      },
      y: {
        field: 'loss',
        type: 'quantitative',
        title: `mean squared error (${target}²)`,
        scale: logarithmic ? { type: 'log', nice: true } : { type: 'linear', zero: false, nice: true },
      },
      color: {
        field: 'series',
        type: 'nominal',
        title: null,
        sort: names,
        scale: { domain: names, range: [colour.series('encrypted'), colour.series('plain')] },
        legend: { orient: 'top', direction: 'horizontal', symbolType: 'stroke', symbolSize: 900 },
      },
      strokeDash: {
        field: 'series',
        type: 'nominal',
        sort: names,
        scale: {
          domain: names,
          range: [
            [1, 0],
            [5, 5],
          ],
        },
      },
      strokeWidth: {
        field: 'series',
        type: 'nominal',
        sort: names,
        scale: { domain: names, range: [7, 2] },
      },
    },
  };
}
