// Encrypted linear regression against its clear twin, in one run: the Diabetes table (442 × 10), 5 subsets, every
// subset in every round, all encryption and sanitising included, one thread.
//   npm run bench -- linear [--rounds 100 --subsets 5]
// A table goes to stderr, one JSON object to stdout.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import {
  createModelOwnerTrainer,
  defineProgram,
  evaluateModel,
  encodePackage,
  openPackage,
  parseTable,
  predict,
  splitTable,
  trainOnShard,
  type ProgramChoices,
  type TrainingProgram,
} from '@veritrain/training';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '100' }, subsets: { type: 'string', default: '5' } },
});
const rounds = Number(options.rounds);
const subsets = Number(options.subsets);
const context = { channel: 'bench', chaincode: 'bench', couple: 'tc_bench' };
const table = parseTable(readFileSync(new URL('../../demo/data/diabetes.csv', import.meta.url), 'utf8'));
const { shards, template } = splitTable(table, { subsets, seed: Buffer.from('bench') });
const packageBytes = shards.map((shard) =>
  encodePackage({ template, shard, shardSecret: new Uint8Array(32).fill(shard.subset) }),
);

/** Milliseconds by step, summed over the run. */
interface Times {
  setup: number;
  encrypt: number;
  host: number;
  decrypt: number;
}

async function train(program: TrainingProgram) {
  const times: Times = { setup: 0, encrypt: 0, host: 0, decrypt: 0 };
  const timed = async <Value>(step: keyof Times, run: () => Value | Promise<Value>): Promise<Value> => {
    const started = performance.now();
    const value = await run();
    times[step] += performance.now() - started;
    return value;
  };
  // Opened anew for every run: nothing is cached from the one before.
  const packages = packageBytes.map((bytes) => openPackage(bytes));
  const secret = new Uint8Array(32).fill(1);
  const started = performance.now();
  const trainer = await timed('setup', () =>
    createModelOwnerTrainer({ program, template, secret, ...context }),
  );
  const heKey = trainer.heKey();
  let state = trainer.initialState();
  let precisionBits: number | null = null;
  const bytes = { query: 0, reply: 0 };
  for (let attempt = 1; attempt <= rounds; attempt++) {
    const model = await timed('encrypt', () => trainer.modelForRound(state, attempt));
    const updates: { subset: number; bytes: Uint8Array }[] = [];
    for (const opened of packages) {
      const job = { package: opened, program, model, heKey, ...context, attempt };
      updates.push({ subset: opened.subset, bytes: await timed('host', () => trainOnShard(job)) });
    }
    bytes.query = Math.max(bytes.query, model.length);
    bytes.reply = Math.max(bytes.reply, ...updates.map((update) => update.bytes.length));
    const round = await timed('decrypt', () => trainer.applyUpdates(state, attempt, updates));
    state = round.state;
    const { precisionBits: bits } = round.metrics;
    if (bits !== null) precisionBits = Math.min(bits, precisionBits ?? bits);
  }
  const model = trainer.result(state);
  return {
    model,
    mse: evaluateModel(table, model)[0]?.value ?? NaN,
    seconds: (performance.now() - started) / 1000,
    times,
    bytes,
    precisionBits,
  };
}

/** −log2 of the largest difference of two predictions, in standard deviations of the target. */
function agreementBits(a: Float64Array, b: Float64Array): number {
  const apart = Math.max(...a.map((value, row) => Math.abs(value - (b[row] ?? NaN))));
  return Math.min(53, -Math.log2(apart / template.statistics.targetScale));
}

async function compare(name: string, choices: ProgramChoices) {
  const encrypted = await train(defineProgram(choices));
  const plain = await train(defineProgram({ ...choices, protection: 'plain' }));
  const steps = rounds * subsets;
  const { times } = encrypted;
  return {
    name,
    rounds,
    subsets,
    seconds: { encrypted: encrypted.seconds, plain: plain.seconds, ratio: encrypted.seconds / plain.seconds },
    millisecondsPerSubsetAndRound: (1000 * encrypted.seconds) / steps,
    milliseconds: {
      setup: times.setup,
      encryptPerRound: times.encrypt / rounds,
      hostPerStep: times.host / steps,
      decryptPerStep: times.decrypt / steps,
    },
    bytes: encrypted.bytes,
    mse: { encrypted: encrypted.mse, plain: plain.mse, gap: encrypted.mse - plain.mse },
    precisionBits: encrypted.precisionBits,
    agreementBits: agreementBits(predict(table, encrypted.model), predict(table, plain.model)),
  };
}

const results = [
  await compare('Nesterov', { optimiser: { kind: 'nesterov', decay: 1 } }),
  await compare('quasi-Newton', {}),
];
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
process.stderr.write(
  `Diabetes ${table.rows} × ${table.features}, ${subsets} subsets, ${rounds} rounds, sanitised\n`,
);
for (const result of results) {
  const { seconds, milliseconds, bytes, mse: errors } = result;
  process.stderr.write(
    `${result.name.padEnd(13)} encrypted ${seconds.encrypted.toFixed(2)} s, plain ${seconds.plain.toFixed(3)} s ` +
      `(×${seconds.ratio.toFixed(0)}); ${result.millisecondsPerSubsetAndRound.toFixed(1)} ms a subset and round: ` +
      `encrypt ${milliseconds.encryptPerRound.toFixed(1)} a round, host ${milliseconds.hostPerStep.toFixed(1)}, ` +
      `decrypt ${milliseconds.decryptPerStep.toFixed(1)}; query ${(bytes.query / 1000).toFixed(0)} kB, reply ${(bytes.reply / 1000).toFixed(0)} kB; MSE ${errors.encrypted.toFixed(4)} against ` +
      `${errors.plain.toFixed(4)} (gap ${errors.gap.toExponential(1)}); ` +
      `${result.precisionBits?.toFixed(1) ?? '-'} bits an update, ${result.agreementBits.toFixed(1)} bits of the predictions\n`,
  );
}
process.stdout.write(
  `${JSON.stringify({ bench: 'linear', machine, table: { rows: table.rows, features: table.features }, results })}\n`,
);
