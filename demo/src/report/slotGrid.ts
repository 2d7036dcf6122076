import type { TopLevelSpec } from 'vega-lite';
import { type SlotRecord, type Verdict, verdicts } from '../result.js';
import { chartWidth } from './charts.js';
import { colour } from './palette.js';

/** From the worst to the best: a slot is shown by its worst verdict. */
const byGravity: readonly Verdict[] = [
  'dissented',
  'absent',
  'forfeited',
  'void',
  'excused',
  'unjudged',
  'agreed',
];
const signs: Readonly<Record<Verdict | 'none', string>> = {
  dissented: '✗',
  absent: '–',
  void: '∅',
  forfeited: '!',
  unjudged: '?',
  excused: '~',
  agreed: '✓',
  none: '·',
};
const maxSubsets = 40;

interface GridSelection {
  readonly slots: readonly SlotRecord[];
  /** Subsets that are not shown. Those with trouble are shown first, as far as there is room. */
  readonly leftOut: number;
}

/** The subsets that the grid has room for: those with trouble first, then the first ones. */
export function selectSubsets(slots: readonly SlotRecord[]): GridSelection {
  const subsets = [...new Set(slots.map(({ subset }) => subset))];
  const troubled = new Set(slots.filter((slot) => worstOf(slot) !== 'agreed').map(({ subset }) => subset));
  const ordered = subsets.sort((a, b) => Number(troubled.has(b)) - Number(troubled.has(a)) || a - b);
  const shown = new Set(ordered.slice(0, maxSubsets));
  return { slots: slots.filter(({ subset }) => shown.has(subset)), leftOut: subsets.length - shown.size };
}

/** Subsets down, replicas across: sign, host and counts in each slot, and the colour of the worst verdict. */
export function slotGrid(slots: readonly SlotRecord[]): TopLevelSpec {
  const replicas = new Set(slots.map(({ slot }) => slot)).size;
  const roomy = replicas <= 6;
  const shownVerdicts = [...verdicts, 'none' as const].filter((verdict) =>
    slots.some((slot) => worstOf(slot) === verdict),
  );
  const legend = shownVerdicts.map((verdict) => `${signs[verdict]} ${verdictTitle(verdict)}`);
  const values = slots.map((slot) => {
    const worst = worstOf(slot);
    return {
      subset: slot.subset + 1,
      replica: slot.slot + 1,
      verdict: `${signs[worst]} ${verdictTitle(worst)}`,
      head: roomy
        ? `${signs[worst]}  ${slot.host}${slot.liar ? ` (${replicas > 4 ? 'liar' : 'told to lie'})` : ''}`
        : signs[worst],
      counts: roomy ? countsOf(slot) : '',
    };
  });
  const text = (field: string, offset: number, size: number): object => ({
    mark: { type: 'text', dy: offset, fontSize: size, color: colour.ink },
    encoding: { text: { field, type: 'nominal' } },
  });
  return {
    width: chartWidth,
    height: { step: roomy ? 58 : 30 },
    data: { values },
    encoding: {
      x: {
        field: 'replica',
        type: 'ordinal',
        title: 'replica',
        scale: { paddingInner: 0.03 },
        axis: { orient: 'top', labelAngle: 0, ticks: false, domain: false },
      },
      y: {
        field: 'subset',
        type: 'ordinal',
        title: 'subset',
        scale: { paddingInner: 0.08 },
        axis: { ticks: false, domain: false },
      },
    },
    layer: [
      {
        mark: { type: 'rect', cornerRadius: 6, stroke: colour.rule },
        encoding: {
          color: {
            field: 'verdict',
            type: 'nominal',
            title: null,
            scale: { domain: legend, range: shownVerdicts.map((verdict) => colour.verdict(verdict)) },
            legend: { orient: 'bottom', direction: 'horizontal', symbolType: 'square', symbolSize: 220 },
          },
        },
      },
      text('head', roomy ? -9 : 0, 14),
      text('counts', 11, 12),
    ],
  } as TopLevelSpec;
}

/** The worst verdict on a slot; `none` where no round drew it. */
function worstOf({ verdicts: counts }: SlotRecord): Verdict | 'none' {
  return byGravity.find((verdict) => (counts[verdict] ?? 0) > 0) ?? 'none';
}

const verdictTitle = (verdict: Verdict | 'none'): string => (verdict === 'none' ? 'not drawn' : verdict);

function countsOf(slot: SlotRecord): string {
  const told = verdicts.flatMap((verdict) => {
    const count = slot.verdicts[verdict] ?? 0;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  return told.length === 0 ? 'not drawn' : told.join(', ');
}
