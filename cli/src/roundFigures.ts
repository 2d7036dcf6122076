import { figure, metricTitles } from '@veritrain/member/text';
import type { RoundMetrics } from '@veritrain/training';
import { table } from './text.js';

/** What the model owner says of a round that went into its model. */
export function roundText({ attempt, metrics, ...step }: RoundMetrics): string {
  const parts = [
    ...metrics.map(({ name, value }) => `${metricTitles[name]} ${figure(value, 4)}`),
    ...(metrics.length === 0 && step.gradientNorm === 0 ? ['subsets are missing for a step'] : []),
    ...(step.gradientNorm === 0 ? [] : [`gradient ${figure(step.gradientNorm, 3)}`]),
    ...(step.precisionBits === null ? [] : [`${step.precisionBits.toFixed(1)} bits`]),
    ...noted(step),
  ];
  return `round ${attempt} taken in${spokenFor(metrics)}: ${parts.join(', ')}`;
}

/** Named while the figures speak for a part of the table. */
function spokenFor([first]: RoundMetrics['metrics']): string {
  return first === undefined || first.subsets === first.of
    ? ''
    : ` (${first.subsets} of ${first.of} subsets)`;
}

const noted = ({ stepRefused, boundActive }: Pick<RoundMetrics, 'stepRefused' | 'boundActive'>): string[] => [
  ...(stepRefused ? ['last step taken back'] : []),
  ...(boundActive ? ['bound active'] : []),
];

const mostRounds = 12;

/** Rounds and their figures as a table, of many rounds some, the last among them; undefined of none. */
export function roundTable(rounds: readonly RoundMetrics[]): string | undefined {
  if (rounds.length === 0) return undefined;
  const every = Math.ceil(rounds.length / mostRounds);
  const shown = rounds.filter((_, index) => (rounds.length - 1 - index) % every === 0);
  const names = [...new Set(shown.flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
  return table(
    ['round', ...names.map((name) => metricTitles[name]), 'subsets', 'gradient', 'bits', ''],
    shown.map((round) => {
      const { attempt, metrics, gradientNorm, precisionBits } = round;
      const found = new Map(metrics.map(({ name, value }) => [name, figure(value, 5)]));
      const [first] = metrics;
      return [
        attempt,
        ...names.map((name) => found.get(name)),
        first && `${first.subsets} of ${first.of}`,
        figure(gradientNorm, 3),
        precisionBits?.toFixed(1),
        noted(round).join(', '),
      ];
    }),
    '',
  );
}
