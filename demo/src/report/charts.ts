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
  header: { labelColor: colour.ink, labelFontSize: 12 },
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

/** What the model owner says of the loss, without a row. */
const estimateName = 'model owner’s estimate';

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly dash: readonly [number, number];
  readonly width: number;
}

const encrypted: Series = {
  name: seriesNames[0],
  colour: colour.series('encrypted'),
  dash: [1, 0],
  width: 7,
};
const plain: Series = { name: seriesNames[1], colour: colour.series('plain'), dash: [5, 5], width: 2 };
const estimate: Series = { name: estimateName, colour: colour.series('estimate'), dash: [2, 3], width: 2.5 };

function encodingOf(series: readonly Series[]) {
  const sort = series.map(({ name }) => name);
  const scaled = <Value>(range: readonly Value[]) => ({ domain: sort, range: [...range] });
  const field = { field: 'series', type: 'nominal', sort } as const;
  return {
    color: {
      ...field,
      title: null,
      scale: scaled(series.map((one) => one.colour)),
      legend: { orient: 'top', direction: 'horizontal', symbolType: 'stroke', symbolSize: 900 },
    },
    strokeDash: { ...field, scale: scaled(series.map(({ dash }) => [...dash])) },
    strokeWidth: { ...field, scale: scaled(series.map(({ width }) => width)) },
  } as const;
}

/** The encrypted run as a broad line, the plain twin dashed on top of it. */
export const seriesEncoding = encodingOf([encrypted, plain]);

/** A figure of the model owner's by round. */
export interface Estimate {
  readonly round: number;
  readonly value: number;
}

/**
 * Loss by round, and the model owner's estimate of it where it has one.
 * @param title of the vertical axis
 */
export function lossChart(
  losses: readonly Loss[],
  estimates: readonly Estimate[],
  title: string,
): TopLevelSpec {
  const [ours, twin] = seriesNames;
  const values = [
    ...losses.flatMap(({ round, encrypted, plain }) => [
      { round, loss: encrypted, series: ours },
      { round, loss: plain, series: twin },
    ]),
    ...estimates.map(({ round, value }) => ({ round, loss: value, series: estimateName })),
  ];
  const measured = losses.length === 0 ? [] : [encrypted, plain];
  const series = [...measured, ...(estimates.length === 0 ? [] : [estimate])];
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
      ...encodingOf(series),
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
