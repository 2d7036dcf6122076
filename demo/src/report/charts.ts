import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { type Loss, phases, phaseTitles, type RoundTime } from '../result.js';
import { html } from './markup.js';
import { colour } from './palette.js';

export const chartWidth = 780;

const font = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

const config: NonNullable<TopLevelSpec['config']> = {
  background: 'transparent',
  font,
  view: { stroke: null },
  axis: {
    labelColor: colour.soft,
    labelFontSize: 12,
    titleColor: colour.ink,
    titleFontSize: 13,
    titleFontWeight: 'normal',
    titlePadding: 10,
    gridColor: colour.rule,
    domainColor: colour.soft,
    tickColor: colour.soft,
  },
  legend: {
    labelColor: colour.ink,
    labelFontSize: 12,
    labelLimit: 320,
    titleColor: colour.ink,
    titleFontSize: 13,
    symbolStrokeWidth: 3,
  },
};

/** Draws a chart as SVG text that takes its colours from the page. */
export async function drawChart(spec: TopLevelSpec, label: string): Promise<string> {
  const { spec: compiled } = compile({ ...spec, config });
  const view = new View(parse(compiled), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    const scalable = svg.replace(/^<svg /, `<svg role="img" aria-label="${html`${label}`.text}" `);
    return scalable.replace(/ width="[\d.]+" height="[\d.]+"/, '');
  } finally {
    view.finalize();
  }
}

/** Above this ratio of the largest to the smallest loss, a linear axis would hide the end of the run. */
const minLogarithmicRatio = 30;

/** The two runs that every chart of a model compares. */
export const seriesNames = ['encrypted training', 'plain twin'] as const;

/** The encrypted run as a broad line, the plain twin dashed on top of it. */
export const seriesEncoding = {
  color: {
    field: 'series',
    type: 'nominal',
    title: null,
    sort: [...seriesNames],
    scale: { domain: [...seriesNames], range: [colour.series('encrypted'), colour.series('plain')] },
    legend: { orient: 'top', direction: 'horizontal', symbolType: 'stroke', symbolSize: 900 },
  },
  strokeDash: {
    field: 'series',
    type: 'nominal',
    sort: [...seriesNames],
    scale: {
      domain: [...seriesNames],
      range: [
        [1, 0],
        [5, 5],
      ],
    },
  },
  strokeWidth: {
    field: 'series',
    type: 'nominal',
    sort: [...seriesNames],
    scale: { domain: [...seriesNames], range: [7, 2] },
  },
} as const;

/**
 * Loss by round.
 * @param title of the vertical axis
 */
export function lossChart(losses: readonly Loss[], title: string): TopLevelSpec {
  const [ours, twin] = seriesNames;
  const values = losses.flatMap(({ round, encrypted, plain }) => [
    { round, loss: encrypted, series: ours },
    { round, loss: plain, series: twin },
  ]);
  const all = values.map(({ loss }) => loss);
  const logarithmic = Math.min(...all) > 0 && Math.max(...all) / Math.min(...all) > minLogarithmicRatio;
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
        title,
        scale: logarithmic ? { type: 'log', nice: true } : { type: 'linear', zero: false, nice: true },
      },
      ...seriesEncoding,
    },
  };
}

/** Seconds by round, stacked by phase in the order in which the phases happen. */
export function timeChart(times: readonly RoundTime[]): TopLevelSpec {
  const titles = phases.map((phase) => phaseTitles[phase]);
  const values = times.map(({ round, phase, seconds }) => ({
    round,
    phase: phaseTitles[phase],
    order: phases.indexOf(phase),
    seconds,
  }));
  const rounds = new Set(times.map(({ round }) => round)).size;
  return {
    width: chartWidth,
    height: 260,
    data: { values },
    mark: { type: 'bar', stroke: colour.card, strokeWidth: rounds > 60 ? 0 : 0.5 },
    encoding: {
      x: {
        field: 'round',
        type: 'ordinal',
        title: 'round',
        axis: { labelAngle: 0, labelOverlap: 'greedy', ticks: false },
        scale: { paddingInner: 0.25 },
      },
      y: {
        field: 'seconds',
        type: 'quantitative',
        aggregate: 'sum',
        title: 'wall clock (s)',
      },
      order: { field: 'order', type: 'quantitative' },
      color: {
        field: 'phase',
        type: 'nominal',
        title: null,
        sort: titles,
        scale: { domain: titles, range: phases.map((phase) => colour.phase(phase)) },
        legend: {
          orient: 'top',
          direction: 'horizontal',
          columns: 4,
          symbolType: 'square',
          symbolStrokeWidth: 0,
          columnPadding: 24,
        },
      },
    },
  };
}
