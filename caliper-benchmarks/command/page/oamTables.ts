import type { ModelsFigures, OamComparison, TrainingFigures } from '../oamFigures.js';
import type { Ratio } from '../ratios.js';
import { table } from './markdown.js';

const valueOf = (ratio: Ratio): number | string => ('value' in ratio ? ratio.value : ratio.missing);

/** OAM's flow beside ours: models a second, and the cost of a round of training. */
export function oamTables({ models, training, ...ratios }: OamComparison): string[] {
  const { modelsPerSecondOverOam, withMembers, withoutMembers } = ratios;
  return [
    table(
      ['models, smallest couples', 'a second', 'transactions', 'failed per committed'],
      [modelsRow('OAM’s flow', models.oam), modelsRow('ours', models.ours)],
    ),
    table(
      ['ours over OAM’s', 'models a second'],
      [
        [
          'unchanged: OAM’s 15 calls make three members, ours use existing ones',
          valueOf(modelsPerSecondOverOam),
        ],
        ['both make three members for each model (computed)', valueOf(withMembers)],
        ['neither does', valueOf(withoutMembers)],
      ],
    ),
    table(
      [
        'a round of training, 3 × 3',
        'updates',
        'committed per update',
        'failed',
        'seconds',
        'seconds per update',
        'network seconds per update',
      ],
      [
        trainingRow('OAM’s flow, no verdicts', training.oam),
        trainingRow('ours', training.ours),
        trainingRow('ours without verdicts', training.oursWithoutVerdicts),
      ],
    ),
  ];
}

type Row = (string | number)[];

const modelsRow = (flow: string, figures: ModelsFigures | null): Row =>
  figures === null
    ? [flow, 'none finished', '', '']
    : [flow, figures.perSecond, figures.transactions, figures.failedPerCommitted];

const trainingRow = (flow: string, figures: TrainingFigures | null): Row =>
  figures === null
    ? [flow, 'none finished', '', '', '', '', '']
    : [
        flow,
        figures.updates,
        figures.committedPerReplica,
        figures.failed,
        figures.seconds,
        figures.secondsPerReplica,
        figures.networkSecondsPerReplica,
      ];
