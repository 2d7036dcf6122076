import type { Sample, SampleFile } from '../workloads/samples.js';
import type { Ratio } from './ratios.js';
import { percentile } from './percentile.js';
import { rounded } from './summary.js';

/** Sample files of one Caliper round, one for each worker. */
export type Round = readonly SampleFile[];

/** The rounds of `models.yaml` by label, each label's in running order. */
export interface ModelsRounds {
  readonly 'oam-model': readonly Round[];
  readonly model: readonly Round[];
  readonly 'oam-round': readonly Round[];
  readonly round: readonly Round[];
}

/** The models of one flow, over all rounds of a label. */
export interface ModelsFigures {
  /** Couples whose transactions were all committed. */
  readonly finished: number;
  /** Committed transactions of a finished couple, on average. */
  readonly transactions: number;
  /** Failed and repeated transactions for each committed transaction of any couple. */
  readonly failedPerCommitted: number;
  /** Models a second, as {@link modelsOf} counts them. */
  readonly perSecond: number;
  /** The rate if a couple had no calls that make members, or three more of them; see {@link membersOf}. */
  readonly perSecondWithoutMembers: number;
  readonly perSecondWithMembers: number;
}

/** The cost of a round of training, over all completed rounds of training of a label. Numbers are means. */
export interface TrainingFigures {
  readonly rounds: number;
  /** Models that hosts delivered: subsets of the round times replicas. */
  readonly updates: number;
  readonly committed: number;
  /** Failed transactions, which were sent again. */
  readonly failed: number;
  /** From the first proposal to the last commit; the median. */
  readonly seconds: number;
  /** The network's time: how long it was busy with as many transactions, committed and failed, as the round sent. */
  readonly networkSeconds: number;
  /**
   * The same for one replica of one subset in one round, since OAM's rounds choose other numbers of subsets than ours.
   */
  readonly committedPerReplica: number;
  readonly secondsPerReplica: number;
  readonly networkSecondsPerReplica: number;
}

export interface OamComparison {
  readonly modelsPerSecondOverOam: Ratio;
  /** The ratio if both flows make three members for each model, and if neither does. */
  readonly withMembers: Ratio;
  readonly withoutMembers: Ratio;
  readonly models: { readonly oam: ModelsFigures | null; readonly ours: ModelsFigures | null };
  readonly training: {
    readonly oam: TrainingFigures | null;
    readonly ours: TrainingFigures | null;
    /** Ours without `CloseRound`, which judges the updates. OAM's flow has no equivalent. */
    readonly oursWithoutVerdicts: TrainingFigures | null;
  };
}

/** A round of training: its first transaction and its others. */
export interface Training {
  readonly opener: string;
  readonly update: string;
  readonly others: readonly string[];
}

const oamTraining: Training = { opener: 'StartRound', update: 'UpdateTJ', others: [] };
const withoutVerdicts: Training = { opener: 'OpenRound', update: 'SubmitUpdate', others: ['StartRound'] };
const ourTraining: Training = { ...withoutVerdicts, others: ['StartRound', 'CloseRound'] };

/** Compares OAM's flow with ours, from the files of the workloads of `models.yaml`. */
export function compareWithOam(rounds: ModelsRounds): OamComparison {
  const oam = modelsOf(rounds['oam-model']);
  const ours = modelsOf(rounds.model);
  const over = (figure: (of: ModelsFigures) => number): Ratio =>
    oam === null || ours === null
      ? { missing: 'no couple finished in the rounds oam-model or model' }
      : { value: rounded(figure(ours) / figure(oam)) };
  return {
    modelsPerSecondOverOam: over(({ perSecond }) => perSecond),
    withMembers: over(({ perSecondWithMembers }) => perSecondWithMembers),
    withoutMembers: over(({ perSecondWithoutMembers }) => perSecondWithoutMembers),
    models: { oam, ours },
    training: {
      oam: trainingOf(rounds['oam-round'], oamTraining),
      ours: trainingOf(rounds.round, ourTraining),
      oursWithoutVerdicts: trainingOf(rounds.round, withoutVerdicts),
    },
  };
}

/** The calls that make members. OAM's flow makes them in each couple, ours beforehand. */
const makesMember = ({ transaction }: Sample): boolean => /^create[DMC]O$/.test(transaction);
const members = 3;

/**
 * Models a second: committed transactions of couples per second, from the first proposal to the last commit, divided by
 * those of a finished couple. So a couple that the end of the round cuts off counts by its completed part. A repeated
 * transaction counts once.
 * @returns null if no couple finished
 */
export function modelsOf(rounds: readonly Round[]): ModelsFigures | null {
  const files = rounds.flat();
  const finished = files.reduce((sum, { stories }) => sum + (stories?.length ?? 0), 0);
  if (finished === 0) return null;
  const ofFinished = files.flatMap(committedOfFinished);
  const transactions = ofFinished.length / finished;
  const withoutMembers = ofFinished.filter((each) => !makesMember(each)).length / finished;
  const steps = files.flatMap(stepsOf);
  const committed = steps.filter((each) => each.committed);
  const rate = perSecond(rounds, ({ committed: isCommitted }) => isCommitted);
  return {
    finished,
    transactions: rounded(transactions),
    failedPerCommitted: rounded((steps.length - committed.length) / committed.length),
    perSecond: precise(rate / transactions),
    perSecondWithoutMembers: precise(rate / withoutMembers),
    perSecondWithMembers: precise(rate / (withoutMembers + members)),
  };
}

const stepsOf = ({ samples }: SampleFile): Sample[] => samples.filter(({ story }) => story !== undefined);

function committedOfFinished(file: SampleFile): Sample[] {
  const finished = new Set(file.stories?.map(({ story }) => story));
  return stepsOf(file).filter(({ committed, story }) => committed && finished.has(story ?? -1));
}

const endOf = ({ createdAt, latencyMs }: Sample): number => createdAt + latencyMs;

/** Couples' steps a second, over the time of all rounds: of each round from the first proposal to the last commit. */
function perSecond(rounds: readonly Round[], counts: (step: Sample) => boolean): number {
  let count = 0;
  let ms = 0;
  for (const files of rounds) {
    const steps = files.flatMap(stepsOf);
    const committed = steps.filter((each) => each.committed);
    if (committed.length === 0) continue;
    count += steps.filter(counts).length;
    ms += spanMs(committed);
  }
  return (count / ms) * 1000;
}

function spanMs(samples: readonly Sample[]): number {
  let firstAt = Number.POSITIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    firstAt = Math.min(firstAt, sample.createdAt);
    lastAt = Math.max(lastAt, endOf(sample));
  }
  return Math.max(1, lastAt - firstAt);
}

/** @returns null if no round of training was completed */
export function trainingOf(rounds: readonly Round[], training: Training): TrainingFigures | null {
  const isUpdate = ({ committed, transaction }: Sample): boolean =>
    committed && transaction === training.update;
  const trainings = rounds
    .flat()
    .flatMap((file) => trainingsOf(file, training))
    .map((steps) => ({ steps, seconds: spanMs(steps) / 1000, updates: steps.filter(isUpdate).length }))
    // One subset leaves every second round of OAM's without any.
    .filter(({ updates }) => updates > 0);
  const count = trainings.length;
  if (count === 0) return null;
  const all = trainings.flatMap(({ steps }) => steps);
  const committed = all.filter((each) => each.committed).length;
  const updates = all.filter(isUpdate).length;
  const networkSeconds = all.length / perSecond(rounds, () => true);
  return {
    rounds: count,
    updates: rounded(updates / count),
    committed: rounded(committed / count),
    failed: rounded((all.length - committed) / count),
    seconds: rounded(median(trainings.map(({ seconds }) => seconds))),
    networkSeconds: precise(networkSeconds / count),
    committedPerReplica: rounded(committed / updates),
    secondsPerReplica: precise(median(trainings.map((each) => each.seconds / each.updates))),
    networkSecondsPerReplica: precise(networkSeconds / updates),
  };
}

const median = (values: readonly number[]): number =>
  percentile(
    values.toSorted((one, other) => one - other),
    0.5,
  ) ?? 0;
const precise = (value: number): number => Math.round(value * 10_000) / 10_000;

/** The samples of each round of training of each couple, without the last one of an unfinished couple. */
function trainingsOf(file: SampleFile, training: Training): Sample[][] {
  const finished = new Set(file.stories?.map(({ story }) => story));
  const byStory = new Map<number, Sample[]>();
  for (const step of stepsOf(file)) {
    const story = step.story ?? -1;
    const before = byStory.get(story);
    if (before === undefined) byStory.set(story, [step]);
    else before.push(step);
  }
  return [...byStory].flatMap(([story, steps]) => {
    const ofStory = split(steps, training);
    return finished.has(story) ? ofStory : ofStory.slice(0, -1);
  });
}

/** A round begins with the first attempt to open it after the previous one was opened. */
function split(steps: readonly Sample[], { opener, update, others }: Training): Sample[][] {
  const found: Sample[][] = [];
  let isLastOpened = true;
  for (const step of steps.toSorted((one, other) => one.createdAt - other.createdAt)) {
    const opens = step.transaction === opener;
    if (opens && isLastOpened) found.push([]);
    if (opens) isLastOpened = step.committed;
    if (opens || step.transaction === update || others.includes(step.transaction)) found.at(-1)?.push(step);
  }
  return found;
}
