import {
  createModelOwnerTrainer,
  encodePackage,
  encryptPackage,
  openEncryptedPackage,
  openPackage,
  prepareShard,
  splitTable,
  trainOnShard,
  type DataPackage,
  type Table,
  type Template,
  type TrainedResult,
  type TrainingProgram,
} from '@veritrain/training';
import { inClear } from '../../src/program.js';
import { startWatch, type Times } from './stopwatch.js';

const context = { channel: 'bench', chaincode: 'bench', couple: 'tc_bench' };

/** A training: who holds which rows, and which subsets are drawn. */
export interface Training {
  readonly program: TrainingProgram;
  readonly template: Template;
  /** By subset. */
  readonly packages: readonly Uint8Array[];
  /** Subsets of each round. */
  readonly draws: readonly (readonly number[])[];
  /** Hosts prepare their shards before the first round, as those of a market do. Default: within it. */
  readonly isPrepared?: boolean;
}

/** One run of a training. */
interface Run {
  /** From packages and secret to the model. */
  readonly whole: Times;
  /** What data owners do once, where hosts get ciphertexts in place of rows; from moments to packages that are opened. */
  readonly encryptingData: Times;
  /** What hosts prepare before the first round; next to nothing unless the training says so. */
  readonly preparing: Times;
  /** Round by round: encode, encrypt, serialise, compute, sanitise, decrypt, optimise. */
  readonly rounds: readonly Times[];
  /** Round by round, in the units of the table. */
  readonly models: readonly TrainedResult[];
  /** Least of all updates; null where none shows it. */
  readonly precisionBits: number | null;
  /** The largest query. */
  readonly bytesDown: number;
  /** The largest update. */
  readonly bytesUp: number;
}

/** A training and its clear twin. */
export interface Both {
  readonly encrypted: Run;
  readonly plain: Run;
}

/** A table split by the project's rule, as hosts get it. */
export function packed(table: Table, subsets: number): Pick<Training, 'template' | 'packages'> {
  const { shards, template } = splitTable(table, { subsets, seed: Buffer.from('bench') });
  const packages = shards.map((shard) =>
    encodePackage({ template, shard, shardSecret: new Uint8Array(32).fill(shard.subset) }),
  );
  return { template, packages };
}

/** All subsets in every round. */
export function allSubsets(rounds: number, subsets: number): number[][] {
  return Array.from({ length: rounds }, () => Array.from({ length: subsets }, (_, subset) => subset));
}

/** Trains encrypted and in clear, through the same code. Packages are opened anew, so nothing is cached from another run. */
export async function runBoth(training: Training): Promise<Both> {
  const { packages, template } = training;
  const open = (program: TrainingProgram) =>
    packages.map((bytes) => openPackage(bytes, { program, template }));
  return trainBoth(training, open);
}

/** The same on packages that were opened for this program: to read them takes minutes. */
export async function runBothOpened(training: Rounds, opened: readonly DataPackage[]): Promise<Both> {
  return trainBoth(training, () => opened);
}

type Rounds = Omit<Training, 'packages'>;
type Open = (program: TrainingProgram) => readonly DataPackage[];

async function trainBoth(training: Rounds, open: Open): Promise<Both> {
  const encrypted = await trainOnce(training, open);
  const plain = await trainOnce({ ...training, program: inClear(training.program) }, open);
  return { encrypted, plain };
}

async function trainOnce(training: Rounds, open: Open): Promise<Run> {
  const { program, template, draws } = training;
  const stopWhole = startWatch();
  const rowPackages = open(program);
  const secret = new Uint8Array(32).fill(1);
  const trainer = await createModelOwnerTrainer({ program, template, secret, ...context });
  const heKey = trainer.heKey();
  const stopEncrypting = startWatch();
  const opened = await forHosts(training, heKey, rowPackages);
  const encryptingData = stopEncrypting();
  const stopPreparing = startWatch();
  if (training.isPrepared === true) for (const data of opened) await prepareShard({ package: data, program });
  const preparing = stopPreparing();
  let state = trainer.initialState();
  const rounds: Times[] = [];
  const models: TrainedResult[] = [];
  let precisionBits: number | null = null;
  let bytesDown = 0;
  let bytesUp = 0;
  for (const [index, drawn] of draws.entries()) {
    const attempt = index + 1;
    const stop = startWatch();
    const model = await trainer.modelForRound(state, attempt);
    const updates: { subset: number; bytes: Uint8Array }[] = [];
    for (const data of drawn.flatMap((subset) => opened[subset] ?? [])) {
      const job = { package: data, program, model, heKey, ...context, attempt };
      updates.push({ subset: data.subset, bytes: await trainOnShard(job) });
    }
    const { state: next, metrics } = await trainer.applyUpdates(state, attempt, updates);
    rounds.push(stop());
    state = next;
    models.push(trainer.result(state));
    precisionBits = least(precisionBits, metrics.precisionBits);
    bytesDown = Math.max(bytesDown, model.length);
    bytesUp = Math.max(bytesUp, ...updates.map(({ bytes }) => bytes.length));
  }
  return { whole: stopWhole(), encryptingData, preparing, rounds, models, precisionBits, bytesDown, bytesUp };
}

/** What hosts train on: the rows, or what data owners encrypted of them. */
async function forHosts(
  { program, template }: Rounds,
  heKey: Uint8Array,
  rowPackages: readonly DataPackage[],
): Promise<readonly DataPackage[]> {
  if (program.data === undefined) return rowPackages;
  const opened: DataPackage[] = [];
  for (const data of rowPackages) {
    const bytes = await encryptPackage({ package: data, program, heKey, ...context });
    opened.push(openEncryptedPackage(bytes, { program, template, ...context }));
  }
  return opened;
}

function least(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (b ?? a) : Math.min(a, b);
}
