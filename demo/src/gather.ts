import { cpus } from 'node:os';
import type { Market, RoundView, TrainCouple } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import type { LinearModel, Table, Template, TrainingProgram } from '@veritrain/training';
import {
  type CoupleHome,
  countSteps,
  type DatasetHome,
  readIfThere,
  roundResultFile,
  type RoundResult,
} from '@veritrain/member/home';
import { demoError } from './errors/demoError.js';
import { ledgerPhases, type Loss, type ReportDocument } from './document.js';
import { demoResultSchema, type DemoResult, type LedgerKind } from './result.js';
import type { SlotPlan } from './slots.js';
import type { Timeline } from './timeline.js';
import { lossesOf, trainTwin } from './twin.js';
import { countJobs, judgeLiar, slotRecords, usedSubsets } from './verdicts.js';

/** What is known when the couple has ended. */
export interface EndedRun {
  /** Any member's view: the records are everybody's. */
  readonly market: Market;
  readonly ledgerKind: LedgerKind;
  readonly coupleId: string;
  readonly coupleHome: CoupleHome;
  readonly datasetHome: DatasetHome;
  readonly table: Table;
  readonly template: Template;
  readonly program: TrainingProgram;
  readonly plan: SlotPlan;
  readonly liar: string | undefined;
  readonly timeline: Timeline;
  readonly trainingSeconds: number;
  readonly counts: { readonly transactions: number; readonly blocks: number };
  readonly trafficBytes: number;
  readonly reportPath: string;
  readonly signal: AbortSignal;
}

/** The result, but for what is only known when all is stopped; and the parts of the report. */
export type Gathered = Pick<ReportDocument, 'losses' | 'slots' | 'times'> & {
  readonly resultAfter: (totalSeconds: number) => DemoResult;
};

/**
 * Reads the records of a couple that ended, trains its plain twin from them, and compares.
 * @throws TRAINING_NOT_FINISHED where the couple ended in another way
 */
export async function gather(run: EndedRun): Promise<Gathered> {
  const { market, coupleId, table, template, program, datasetHome, coupleHome, plan } = run;
  const couple = await market.couples.get({ coupleId }, { signal: run.signal });
  const rounds = (await readRounds(run, couple)).filter(({ state }) => state === 'started');
  const { finalModelDigest, state } = couple;
  if (state !== 'finished' || finalModelDigest === null || rounds.length === 0)
    throw demoError('VT9604', `The couple is ${state} after ${rounds.length} rounds.`, {
      facts: { coupleId },
    });
  requireSameModel(coupleHome, finalModelDigest);
  const notes = rounds.map(({ attempt }) => noteOf(coupleHome, attempt));
  const twin = await trainTwin({
    program,
    template,
    dataset: datasetHome,
    subsets: couple.terms.subsets,
    used: rounds.map(usedSubsets),
  });
  const losses = lossesOf(
    table,
    template,
    notes.map(({ model }) => model),
    twin,
  );
  const slots = slotRecords(plan, rounds, couple.datasetId);
  const times = run.timeline.times(rounds.map(({ attempt }) => attempt));
  const ledgerSeconds = times.reduce(
    (sum, { phase, seconds }) => (ledgerPhases.includes(phase) ? sum + seconds : sum),
    0,
  );
  const known = {
    schemaVersion: 1,
    outcome: 'completed',
    data: {
      rows: table.rows,
      features: table.features,
      subsets: couple.terms.subsets,
      replicas: couple.terms.replicas,
    },
    rounds: rounds.length,
    metric: metricOf(losses),
    precisionBits: precisionOf(notes),
    steps: countSteps(notes.map(({ metrics }) => metrics)),
    model: { digest: finalModelDigest, ...modelOf(notes) },
    jobs: countJobs(rounds),
    liar: judgeLiar(slots, rounds, run.liar),
    draws: rounds.map(({ drawn }) => drawn.map(({ subsetId }) => subsetId)),
    ledger: { kind: run.ledgerKind, ...run.counts },
    trafficBytes: run.trafficBytes,
    report: run.reportPath,
  };
  return {
    losses,
    slots,
    times,
    resultAfter: (total) =>
      demoResultSchema.parse({
        ...known,
        seconds: {
          total: rounded(total),
          training: rounded(run.trainingSeconds),
          ledger: rounded(ledgerSeconds),
        },
      }),
  };
}

async function readRounds(
  { market, coupleId, signal }: EndedRun,
  { attempts }: TrainCouple,
): Promise<RoundView[]> {
  const rounds: RoundView[] = [];
  for (let attempt = 1; attempt <= attempts; attempt += 1)
    rounds.push(await market.rounds.get({ coupleId, attempt }, { signal }));
  return rounds;
}

function noteOf(home: CoupleHome, attempt: number): RoundResult {
  const note = roundResultFile(home, attempt).read();
  if (note === undefined) throw demoError('VT9604', `The model owner noted nothing of attempt ${attempt}.`);
  return note;
}

/** The model that is shown is the one that the ledger names. */
function requireSameModel(home: CoupleHome, digest: string): void {
  const bytes = readIfThere(home.resultPath);
  if (bytes === undefined || digestOf(bytes) !== digest)
    throw demoError('VT9604', 'The model that the model owner holds is not the one that the ledger names.');
}

function metricOf(losses: readonly Loss[]): DemoResult['metric'] {
  const { encrypted, plain } = losses.at(-1) ?? { encrypted: 0, plain: 0 };
  return { name: 'mse', encrypted, plain, gap: Math.abs(encrypted - plain) };
}

const modelOf = (notes: readonly RoundResult[]): LinearModel =>
  notes.at(-1)?.model ?? { weights: [], intercept: 0 };

/** Of the last round that decrypted something. */
function precisionOf(notes: readonly RoundResult[]): number {
  const measured = notes.map(({ metrics }) => metrics.precisionBits).filter((bits) => bits !== null);
  const bits = measured.at(-1);
  if (bits === undefined) throw demoError('VT9604', 'No round measured its precision.');
  return bits;
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** What the seconds were measured on. */
export function machineText(): string {
  const all = cpus();
  return `Node ${process.versions.node}, ${all.length} cores, ${all[0]?.model ?? 'unknown processor'}`;
}
