import type { TopLevelSpec } from 'vega-lite';
import { phases, phaseTitles, type RoundTime } from '../document.js';
import { chartWidth } from './chart.js';
import { colour } from './palette.js';

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
