import type { Dataset, DatasetDeadlines, TrainCouple } from '@veritrain/client-sdk';
import type { CouplePlan } from '@veritrain/member/couples';
import type { StepCounts } from '@veritrain/member/home';
import { bytesText, plural, shortDigest } from '@veritrain/member/text';
import { featuresText, learnsText, taskText } from './modelFamilies.js';
import { privacyText } from './privacyOptions.js';
import { type Cell, duration, fields } from './text.js';

/** A planned training, line by line, as its model owner sees it before the request. */
export function describePlan(of: CouplePlan): string {
  return fields([
    ['Model', `${of.modelId}, ${of.protection}`],
    ['Task', taskText(of.program)],
    ['Features', featuresText(of.program)],
    ['They learn', learnsText(of.program, of.aggregation)],
    ['Dataset', `${of.datasetId}, ${of.subsets} subsets × ${of.replicas} replicas`],
    sumsRow(of),
    ['Sums to learn', of.shown === null ? undefined : shownText(of.shown)],
    ['Differential privacy', privacyText(of.privacy)],
    ['Rounds', `${of.rounds} of ${of.subsetsPerRound} subsets, ${of.spareAttempts} spare attempts`],
    ['Jobs', `${of.jobs}, ${of.jobsPerRound} a round`],
    ['Traffic', `about ${bytesText(of.trafficBytes)}: ${messagesText(of.messageSizes)}`],
    ['Time', timeText(of)],
    ['Computing', of.measuredMs === null ? undefined : computingText(of, of.measuredMs)],
    [
      'Expected precision',
      of.expectedPrecisionBits === null
        ? 'exact: nothing is encrypted'
        : `${of.expectedPrecisionBits.toFixed(1)} bits an update; the model is rounded to ${of.resultBits ?? 0}`,
    ],
    ['Price', 'none: this market has no prices'],
    ['Rounds it reserves', `${of.rounds} of the ${of.lifetimeRoundsLeft} that the dataset has left`],
    ['May rest for', duration(of.idleMs)],
    ...deadlineRows(of.deadlines),
  ]);
}

/** By what the ledger recorded of earlier trainings, or else by the deadlines. */
function timeText({ rounds, recordedPace: pace, longestRoundMs }: CouplePlan): string {
  const most = `a round may take ${duration(longestRoundMs)} at most`;
  if (pace === null) return `not known before the first finished training of this dataset; ${most}`;
  const { secondsPerRound, trainings } = pace;
  return `about ${duration(1000 * secondsPerRound * rounds)}: ${duration(1000 * secondsPerRound)} a round in ${plural(trainings, 'finished training')}; ${most}`;
}

/** A round's query, a reply of hosts that compute at the same time, and the updates follow each other. */
function computingText({ rounds }: CouplePlan, of: NonNullable<CouplePlan['measuredMs']>): string {
  const round = of.query + of.reply + of.apply;
  return (
    `${about(round)} a round and at most ${computed(of.prepare + rounds * round)} for all rounds, on this machine: ` +
    `the query takes ${computed(of.query)}, a host's reply ${computed(of.reply)}, applying the updates ${computed(of.apply)}, ` +
    `a host's preparation ${computed(of.prepare)} once. The ledger's commits and the transfers come on top. ` +
    'Measured on made-up rows: a reply takes as long whatever the rows. Hosts read their rows before; ' +
    'that takes longer the more there are'
  );
}

const about = (ms: number): string => (ms < 1 ? computed(ms) : `about ${duration(ms)}`);

/** Clear programs take microseconds. */
const computed = (ms: number): string => (ms < 1 ? 'under 1 ms' : duration(ms));

/** How much a model owner learns, and whether an owner is likely to agree to it. */
function shownText({ moments, rows, values, usualLeast }: NonNullable<CouplePlan['shown']>): string {
  const each = Math.floor((10 * values) / moments) / 10;
  const facts = `${moments} over ${rows} rows of ${values} values: ${each} values for each`;
  return values / moments >= usualLeast
    ? facts
    : `${facts}. An owner rejects fewer than ${usualLeast}, unless it chose to accept them`;
}

/** Shown where the model owner does not see every update. */
const sumsRow = ({ aggregation }: Pick<CouplePlan, 'aggregation'>): readonly [string, Cell] => [
  'The model owner sees',
  aggregation === 'sum' ? 'sums over batches of subsets alone, drawn whole' : undefined,
];

/** A subset's first update carries a set-up in some families. */
function messagesText({ modelBytes, updateBytes, firstUpdateBytes }: CouplePlan['messageSizes']): string {
  const text = `models of ${bytesText(modelBytes)}, updates of ${bytesText(updateBytes)}`;
  return firstUpdateBytes === updateBytes
    ? text
    : `${text}, a subset's first of ${bytesText(firstUpdateBytes)}`;
}

/** What a member knows of a couple beside the ledger. */
interface OwnNotes {
  readonly steps?: StepCounts | undefined;
  readonly more?: readonly (readonly [string, Cell])[];
}

/** A couple's terms and state, and more rows. */
export function describeCouple(of: TrainCouple, { steps, more = [] }: OwnNotes = {}): string {
  const { terms } = of;
  return fields([
    ['Training', of.coupleId],
    ['State', of.rejectReason === null ? of.state : `${of.state}: ${of.rejectReason}`],
    ['Model', `${of.modelId} of ${of.modelOwnerId}, ${terms.protection}`],
    ['Dataset', `${of.datasetId} of ${of.dataOwnerId}`],
    [
      'Terms',
      `${terms.rounds} rounds of ${terms.subsetsPerRound} of ${terms.subsets} subsets, ${terms.replicas} replicas, ` +
        `${terms.spareAttempts} spare attempts`,
    ],
    sumsRow(terms),
    ['May rest for', duration(terms.idleMs)],
    ...deadlineRows(terms.deadlines),
    ['Rounds started', `${of.startedRounds} of ${terms.rounds}, ${of.attempts} attempts`],
    ['Final model', of.finalModelDigest === null ? undefined : shortDigest(of.finalModelDigest)],
    ['Metrics', of.metrics.map(({ name, value }) => `${name} ${value}`).join(', ') || undefined],
    ['Steps', steps && stepCountsText(steps)],
    ['Rounds released', of.releasedRounds ?? undefined],
    ...more,
  ]);
}

/** A dataset's terms and state, and more rows. */
export function describeDataset(of: Dataset, more: readonly (readonly [string, Cell])[] = []): string {
  const { deadlines, requestRules } = of;
  return fields([
    ['Dataset', of.datasetId],
    ['State', of.state],
    ['Owner', of.ownerId],
    ['Template', shortDigest(of.templateDigest)],
    ['Subsets × replicas', `${of.subsets} × ${of.replicas}`],
    sumsRow(of),
    ['Lifetime rounds', of.lifetimeRounds],
    [
      'A couple may ask for',
      `${requestRules.mostRounds} rounds of ${requestRules.mostSubsetsPerRound} subsets`,
    ],
    ['Protection', requestRules.protections.join(' or ')],
    ['It may rest for', `${duration(requestRules.mostIdleMs)} at most`],
    ...deadlineRows(deadlines),
    ...more,
  ]);
}

/** All deadlines that members of a dataset agree to. No other may be held against them. */
export const deadlineRows = (of: DatasetDeadlines): [string, string][] => [
  ['Request', `answered within ${duration(of.answerMs)}`],
  [
    'Round',
    `started within ${duration(of.startMs)}; from then commit ${duration(of.commitMs)}, ` +
      `upload ${duration(of.uploadMs)}, close ${duration(of.closeMs)}, reveal ${duration(of.revealMs)}, ` +
      `tally ${duration(of.attestMs)}`,
  ],
  ['Slot', `verified within ${duration(of.verifyMs)}, left with notice of ${duration(of.noticeMs)}`],
];

/** Where the optimiser met the bound of weights, or took a step back; undefined where it never did. */
export function stepCountsText({ boundRounds, refusedSteps }: StepCounts): string | undefined {
  const told = [
    ...(boundRounds === 0 ? [] : [`bound active in ${plural(boundRounds, 'round')}`]),
    ...(refusedSteps === 0 ? [] : [`${plural(refusedSteps, 'step')} taken back`]),
  ];
  return told.length === 0 ? undefined : told.join(', ');
}
