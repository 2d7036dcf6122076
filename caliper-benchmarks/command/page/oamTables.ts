import type { ModelsFigures, OamComparison, TrainingFigures } from '../oamFigures.js';
import type { Ratio } from '../ratios.js';
import { table } from './markdown.js';

const valueOf = (ratio: Ratio): number | string => ('value' in ratio ? ratio.value : ratio.missing);

/** OAM's flow beside ours: models a second, and what a round of training costs. */
export function oamTables({ models, training, ...ratios }: OamComparison): string[] {
  const { modelsPerSecondOverOam, withMembers, withoutMembers } = ratios;
  return [
    table(
      ['models, least couples', 'a second', 'transactions', 'failed a committed one'],
      [modelsRow('OAM’s flow', models.oam), modelsRow('ours', models.ours)],
    ),
    table(
      ['ours over OAM’s', 'models a second'],
      [
        [
          'as each flow is: OAM’s 15 calls make three members, ours find them',
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
        'committed an update',
        'failed',
        'seconds',
        'seconds an update',
        'network seconds an update',
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
