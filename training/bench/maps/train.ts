import {
  createModelOwnerTrainer,
  trainOnShard,
  type DataPackage,
  type Template,
  type TrainedResult,
  type TrainingProgram,
} from '@veritrain/training';

/** What a training took. */
export interface Trained {
  readonly model: TrainedResult;
  /** Milliseconds of processor time of each round's query, and of each update, made and read. */
  readonly encrypt: readonly number[];
  readonly host: readonly number[];
  readonly read: readonly number[];
  readonly modelBytes: number;
  readonly updateBytes: number;
  readonly precisionBits: number | null;
  readonly gradientNorms: readonly number[];
}

const context = { channel: 'bench', chaincode: 'bench', couple: 'tc_bench' };

/** Every subset in every round, one thread, everything included. */
export async function train(
  program: TrainingProgram,
  template: Template,
  packages: readonly DataPackage[],
  rounds: number,
  onRound: (round: number) => void = () => undefined,
): Promise<Trained> {
  const trainer = await createModelOwnerTrainer({
    program,
    template,
    secret: new Uint8Array(32).fill(1),
    ...context,
  });
  const heKey = trainer.heKey();
  const [encrypt, host, read, gradientNorms]: [number[], number[], number[], number[]] = [[], [], [], []];
  const timed = async <Value>(into: number[], run: () => Promise<Value>): Promise<Value> => {
    const started = process.cpuUsage();
    const value = await run();
    const { user, system } = process.cpuUsage(started);
    into.push((user + system) / 1000);
    return value;
  };
  let state = trainer.initialState();
  let sizes = { modelBytes: 0, updateBytes: 0 };
  let precisionBits: number | null = null;
  for (let attempt = 1; attempt <= rounds; attempt++) {
    const model = await timed(encrypt, () => trainer.modelForRound(state, attempt));
    const updates: { subset: number; bytes: Uint8Array }[] = [];
    for (const opened of packages) {
      const job = { package: opened, program, model, heKey, ...context, attempt };
      updates.push({ subset: opened.subset, bytes: await timed(host, () => trainOnShard(job)) });
    }
    const applied = await timed(read, () => trainer.applyUpdates(state, attempt, updates));
    state = applied.state;
    gradientNorms.push(applied.metrics.gradientNorm);
    ({ precisionBits } = applied.metrics);
    onRound(attempt);
    sizes = { modelBytes: model.length, updateBytes: updates[0]?.bytes.length ?? 0 };
  }
  return {
    model: trainer.result(state),
    encrypt,
    host,
    read: read.map((each) => each / packages.length),
    ...sizes,
    precisionBits,
    gradientNorms,
  };
}

/** Of the values beyond the first ones, which fill caches. */
export function median(values: readonly number[], leftOut: number): number {
  const sorted = values.slice(leftOut).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
