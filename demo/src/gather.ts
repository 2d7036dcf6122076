import type { RoundView, TrainCouple } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { readDatasetFile } from '@veritrain/member/datasets';
import {
  type CoupleHome,
  countSteps,
  readIfThere,
  roundResultFile,
  type RoundResult,
} from '@veritrain/member/home';
import type { Member } from '@veritrain/member/profile';
import {
  classesOf,
  decodeTemplate,
  evaluateClasses,
  evaluateModel,
  evaluateSeveralClasses,
  firstModel,
  type SeveralClasses,
  type Table,
  taskOf,
  type Template,
  type TrainedResult,
  type TrainingProgram,
} from '@veritrain/training';
import { demoError } from './errors/demoError.js';
import type { LedgerFacts } from './events.js';
import type { Follower } from './follower.js';
import type { Cast } from './members.js';
import type { DemoRun } from './prepare.js';
import { type DemoResult, ledgerPhases, type ReportDocument, type RoundTime } from './result.js';
import { whyNoLiar } from './slots.js';
import type { Stage } from './stage.js';
import { lossesOf, trainTwin } from './twin.js';
import { countJobs, judgeLiar, slotRecords, usedSubsets } from './verdicts.js';

/** What is known when the couple has ended. */
export interface EndedTraining {
  readonly ledger: LedgerFacts;
  readonly cast: Cast;
  /** The peer of this member said that the couple has ended: another organisation's peer may be a block behind. */
  readonly operator: Member;
  readonly follower: Follower;
  readonly coupleId: string;
  readonly program: TrainingProgram;
  readonly trainingSeconds: number;
}

/** What the records say of the run. The total time is known only when all is stopped. */
export interface Gathered extends Pick<
  ReportDocument,
  'losses' | 'curves' | 'testCurves' | 'classes' | 'testClasses' | 'slots' | 'times' | 'remarks'
> {
  readonly result: Omit<DemoResult, 'seconds'> & { readonly seconds: Omit<DemoResult['seconds'], 'total'> };
}

/**
 * Reads the records of a couple that ended, trains its plain twin from them, and compares.
 * @throws TRAINING_NOT_FINISHED where the couple ended in another way
 */
export async function gather(stage: Stage, ended: EndedTraining): Promise<Gathered> {
  const { plan, table, options, reportPath } = stage.run;
  const { cast, coupleId, program } = ended;
  const coupleHome = cast.modelOwner.member.home.couple(coupleId);
  const { couple, rounds, modelDigest } = await readRecords(stage, ended);
  requireSameModel(coupleHome, modelDigest);
  const { datasetId, terms } = couple;
  const dataset = cast.dataOwner.member.home.dataset(datasetId);
  const template = decodeTemplate(readDatasetFile(dataset.templatePath, datasetId));
  const first = firstModel(program, template);
  const notes = rounds.map(({ attempt }) => noteOf(coupleHome, attempt));
  const { subsets, replicas } = terms;
  const used = rounds.map(usedSubsets);
  const twin = await trainTwin({ program, template, dataset, subsets, used });
  const models = notes.map(({ model }) => model);
  const final = models.at(-1) ?? first;
  const { metrics, ...curves } = worthOf(table, final, twin.at(-1) ?? first);
  const slots = slotRecords(plan, rounds, datasetId);
  const times = stage.timeline.times(rounds.map(({ attempt }) => attempt));
  const liar = plan.liar === undefined ? undefined : cast.hosts[plan.liar]?.participantId;
  return {
    losses: lossesOf(table, first, models, twin),
    ...curves,
    slots,
    times,
    remarks: [
      ...privacyRemarks(template),
      ...(liar === undefined ? [`Nobody was told to lie: ${whyNoLiar(options.replicas)}.`] : []),
      ...stage.restarts.map(({ process, how }) => `${process} died (${how}) and was started again.`),
    ],
    result: {
      schemaVersion: 2,
      outcome: 'completed',
      data: {
        rows: table.rows,
        testRows: table.heldOut?.rows ?? 0,
        features: table.features,
        subsets,
        replicas,
        aggregation: terms.aggregation,
      },
      privacy: template.privacy ?? null,
      rounds: rounds.length,
      task: taskOf(program.family),
      family: program.family,
      metrics,
      precisionBits: precisionOf(notes),
      steps: countSteps(notes.map(({ metrics }) => metrics)),
      roundFigures: notes.map(figuresOf),
      model: {
        digest: modelDigest,
        ...final,
        features: [...table.columns],
        ...mapOf(program),
        path: options.keep ? coupleHome.resultPath : null,
      },
      jobs: countJobs(rounds),
      liar: judgeLiar(slots, rounds, liar),
      draws: rounds.map(({ drawn }) => drawn.map(({ subsetId }) => subsetId)),
      ledger: { kind: ended.ledger.kind, ...ended.follower.counts },
      seconds: { training: ended.trainingSeconds, ledger: ledgerSeconds(times) },
      trafficBytes: stage.traffic.bytes + stage.timeline.trafficBytes,
      report: reportPath,
    },
  };
}

/** Named where it makes features of the columns. */
function mapOf({ featureMap }: TrainingProgram): Pick<DemoResult['model'], 'featureMap'> {
  return featureMap.kind === 'identity' ? {} : { featureMap };
}

/** What the demo's figures are under differential privacy. */
function privacyRemarks({ privacy }: Template): string[] {
  if (privacy === undefined) return [];
  const { epsilon, delta } = privacy;
  return [
    `Differential privacy of epsilon ${epsilon}, delta ${delta}: hosts got moments with noise, and no row. ` +
      'The figures and curves of this page are measured on the rows themselves: they are for the data owner, and not covered.',
  ];
}

interface Records {
  readonly couple: TrainCouple;
  /** The rounds that were started. */
  readonly rounds: readonly RoundView[];
  readonly modelDigest: string;
}

async function readRecords(
  { run: { signal } }: Stage,
  { operator: { market }, coupleId }: EndedTraining,
): Promise<Records> {
  const couple = await market.couples.get({ coupleId }, { signal });
  const rounds: RoundView[] = [];
  for (let attempt = 1; attempt <= couple.attempts; attempt += 1) {
    const round = await market.rounds.get({ coupleId, attempt }, { signal });
    if (round.state === 'started') rounds.push(round);
  }
  const { finalModelDigest: modelDigest, state } = couple;
  if (state !== 'finished' || modelDigest === null || rounds.length === 0)
    throw demoError('VT9604', `The couple is ${state} after ${rounds.length} rounds.`, {
      facts: { coupleId },
    });
  return { couple, rounds, modelDigest };
}

function noteOf(home: CoupleHome, attempt: number): RoundResult {
  const note = roundResultFile(home, attempt).read();
  if (note === undefined) throw demoError('VT9604', `The model owner noted nothing of attempt ${attempt}.`);
  return note;
}

/** The report shows the model that the ledger names, and no other. */
function requireSameModel(home: CoupleHome, digest: string): void {
  const bytes = readIfThere(home.resultPath);
  if (bytes === undefined || digestOf(bytes) !== digest)
    throw demoError('VT9604', 'The model that the model owner holds is not the one that the ledger names.');
}

function figuresOf({ metrics: of }: RoundResult, index: number): DemoResult['roundFigures'][number] {
  const { metrics, gradientNorm, stepRefused, boundActive, precisionBits } = of;
  return { round: index + 1, metrics: [...metrics], gradientNorm, stepRefused, boundActive, precisionBits };
}

interface Worth extends Pick<ReportDocument, 'curves' | 'testCurves' | 'classes' | 'testClasses'> {
  readonly metrics: DemoResult['metrics'];
}

/** What a model and its twin are worth, on the rows that they learnt from and on those that were set aside. */
function worthOf(table: DemoRun['table'], ours: TrainedResult, twin: TrainedResult): Worth {
  const { heldOut, recipe } = table;
  const written = heldOut && { ...heldOut, recipe };
  return {
    metrics: [
      ...metricsOf('train', table, ours, twin),
      ...(heldOut ? metricsOf('test', heldOut, ours, twin) : []),
    ],
    curves: curvesOf(table, ours, twin),
    testCurves: written ? curvesOf(written, ours, twin) : null,
    classes: severalOf(table, ours, twin),
    testClasses: written ? severalOf(written, ours, twin) : null,
  };
}

function metricsOf(
  split: 'train' | 'test',
  table: Table,
  ours: TrainedResult,
  twin: TrainedResult,
): DemoResult['metrics'] {
  const plain = new Map(evaluateModel(table, twin).map(({ name, value }) => [name, value]));
  return evaluateModel(table, ours).flatMap(({ name, value: encrypted }) => {
    const other = plain.get(name);
    if (other === undefined) return [];
    return [{ name, split, encrypted, plain: other, gap: Math.abs(encrypted - other) }];
  });
}

type ClassTable = Table & Pick<DemoRun['table'], 'recipe'>;

function curvesOf(table: ClassTable, ours: TrainedResult, twin: TrainedResult): ReportDocument['curves'] {
  const classes = classesOf(ours, [])?.classes;
  const [encrypted, plain] = [evaluateClasses(table, ours), evaluateClasses(table, twin)];
  if (classes === undefined || encrypted === undefined || plain === undefined) return null;
  const [negative, positive] = classes;
  return { names: [nameIn(table, negative), nameIn(table, positive)], encrypted, plain };
}

function severalOf(table: ClassTable, ours: TrainedResult, twin: TrainedResult): ReportDocument['classes'] {
  const [encrypted, plain] = [evaluateSeveralClasses(table, ours), evaluateSeveralClasses(table, twin)];
  if (encrypted === undefined || plain === undefined) return null;
  const names = encrypted.classes.map((value) => nameIn(table, value));
  return { names, encrypted: withoutValues(encrypted), plain: withoutValues(plain) };
}

/** A class as the table writes it. */
const nameIn = ({ recipe }: ClassTable, value: number): string => recipe?.classes?.[value] ?? String(value);

const withoutValues = ({ confusion, figures, calibration, roc }: SeveralClasses) => ({
  confusion: confusion.map((row) => [...row]),
  figures: [...figures],
  calibration,
  roc,
});

/** Of the last round that decrypted something. */
function precisionOf(notes: readonly RoundResult[]): number | null {
  return notes.map(({ metrics }) => metrics.precisionBits).findLast((bits) => bits !== null) ?? null;
}

const ledgerSeconds = (times: readonly RoundTime[]): number =>
  times.reduce((sum, { phase, seconds }) => (ledgerPhases.includes(phase) ? sum + seconds : sum), 0);
