import type { Phase, Verdict } from '../result.js';

/**
 * Colours of the report, light and dark. All common kinds of colour vision can tell the series apart (Okabe and Ito's set,
 * darkened or lightened for contrast). Where a colour has a meaning, a sign or a word repeats it.
 */
interface Scheme {
  readonly page: string;
  readonly card: string;
  readonly ink: string;
  readonly soft: string;
  readonly rule: string;
  readonly series: Readonly<Record<'encrypted' | 'plain' | 'estimate', string>>;
  readonly verdicts: Readonly<Record<Verdict | 'none', string>>;
  readonly phases: Readonly<Record<Phase, string>>;
}

const light: Scheme = {
  page: '#f6f7f9',
  card: '#ffffff',
  ink: '#16202c',
  soft: '#566474',
  rule: '#dde2e8',
  series: { encrypted: '#7db8e0', plain: '#8a3c00', estimate: '#16202c' },
  verdicts: {
    agreed: '#d4e9f7',
    dissented: '#ffc9a3',
    absent: '#e3e3e3',
    excused: '#ece6f5',
    unjudged: '#dff0e4',
    void: '#f6eeb4',
    forfeited: '#f3d3dc',
    none: '#f7f8fa',
  },
  phases: {
    send: '#0072b2',
    draw: '#56b4e9',
    train: '#009e73',
    commit: '#b5c93a',
    deliver: '#e69f00',
    step: '#d55e00',
    judge: '#cc79a7',
  },
};

const dark: Scheme = {
  page: '#10151b',
  card: '#19212a',
  ink: '#e8edf2',
  soft: '#a2b0be',
  rule: '#33404d',
  series: { encrypted: '#2c75a8', plain: '#ffc48a', estimate: '#e8edf2' },
  verdicts: {
    agreed: '#1d4663',
    dissented: '#8a3c00',
    absent: '#4a4f55',
    excused: '#453a5e',
    unjudged: '#24503a',
    void: '#5c5410',
    forfeited: '#6b2b41',
    none: '#212a34',
  },
  phases: {
    send: '#2f8fd0',
    draw: '#7cc8f2',
    train: '#1cb489',
    commit: '#c3d452',
    deliver: '#eeb02e',
    step: '#e4742a',
    judge: '#d795bb',
  },
};

/** The name of a colour as charts and markup use it: a CSS variable that follows the reader's scheme. */
export const colour = {
  ink: 'var(--ink)',
  soft: 'var(--soft)',
  rule: 'var(--rule)',
  card: 'var(--card)',
  series: (name: keyof Scheme['series']): string => `var(--series-${name})`,
  verdict: (name: Verdict | 'none'): string => `var(--verdict-${name})`,
  phase: (name: Phase): string => `var(--phase-${name})`,
};

/** The variables of both schemes, as CSS rules. */
export function schemeRules(): string {
  return `:root{color-scheme:light dark;${variables(light)}}
@media (prefers-color-scheme:dark){:root{${variables(dark)}}}`;
}

function variables({ series, verdicts, phases, ...plain }: Scheme): string {
  const groups = { '': plain, 'series-': series, 'verdict-': verdicts, 'phase-': phases };
  return Object.entries(groups)
    .flatMap(([prefix, colours]) =>
      Object.entries(colours).map(([name, value]) => `--${prefix}${name}:${value};`),
    )
    .join('');
}
