import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
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
    const scalable = svg.replace(/^<svg /, `<svg role="img" aria-label="${attribute(label)}" `);
    return scalable.replace(/ width="[\d.]+" height="[\d.]+"/, '');
  } finally {
    view.finalize();
  }
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
