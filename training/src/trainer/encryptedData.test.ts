import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reachableBytes } from '../../test/fuzz/memory.js';
import { digestOf } from '../canonical.js';
import { encodeTemplate } from '../data/template.js';
import { createWasmBackend } from '../he/backends/wasm/wasmBackend.js';
import { solveDefinite } from '../optimisers/vectors.js';
import { defineProgram, encodeProgram, type ProgramChoices } from '../program.js';
import { expectedPrecisionBits, resultBits } from '../precision.js';
import {
  context,
  diabetes,
  gramOf,
  linearModel,
  mse,
  packageOf,
  prepare,
  runRounds,
  syntheticTable,
  trainerOf,
  turns,
  type Prepared,
} from '../testing/fixtures.js';
import { createReferenceBackend } from '../testing/referenceBackend.js';
import { trainInClear } from './localTraining.js';
import { encryptPackage, openEncryptedPackage } from './encryptedPackage.js';
import { trainOnShard } from './host.js';
import { messageSizes } from './messageSizes.js';
import { openPackage } from './openedPackage.js';

const program = defineProgram({ data: 'encrypted' });
const prepared = prepare(diabetes(), 3);
const { template } = prepared;
const trainer = await trainerOf(prepared, program);
const heKey = trainer.heKey();
const named = { program, heKey, ...context };
const bytes = await encryptPackage({ package: packageOf(prepared, 1), ...named });
const opened = openEncryptedPackage(bytes, { program, template, ...context });

/** A round in a process of its own, by the built package: digests of all messages. */
const elsewhere = `
  import { readFileSync } from 'node:fs';
  import { createHash } from 'node:crypto';
  import * as training from '@veritrain/training';
  const { context, ...texts } = JSON.parse(readFileSync(0, 'utf8'));
  const bytes = (name) => Buffer.from(texts[name], 'base64');
  const program = training.decodeProgram(bytes('program'));
  const template = training.decodeTemplate(bytes('template'));
  const job = { program, ...context };
  const trainer = await training.createModelOwnerTrainer({ template, secret: new Uint8Array(32).fill(9), ...job });
  const heKey = trainer.heKey();
  const sent = await training.encryptPackage({ package: training.openPackage(bytes('rows')), heKey, ...job });
  const opened = training.openEncryptedPackage(sent, { template, ...job });
  const model = await trainer.modelForRound(trainer.initialState(), 1);
  const update = await training.trainOnShard({ package: opened, model, heKey, attempt: 1, ...job });
  const digest = (value) => 'sha256:' + createHash('sha256').update(value).digest('hex');
  console.log(JSON.stringify([heKey, sent, model, update].map(digest)));
`;

/** What hosts have in place of the rows, for a program. */
async function encrypted(of: Prepared, choices: ProgramChoices = {}) {
  const chosen = defineProgram({ ...choices, data: 'encrypted' });
  const key = (await trainerOf(of, chosen)).heKey();
  const packages = await Promise.all(
    of.packages.map(async (rows) => {
      const sent = await encryptPackage({ package: rows, program: chosen, heKey: key, ...context });
      return openEncryptedPackage(sent, { program: chosen, template: of.template, ...context });
    }),
  );
  return { program: chosen, prepared: { ...of, packages } };
}

/** The ridge solution of the rows of all packages, in standardised units. */
function solution({ packages, template: { features, rows } }: Prepared, lambda: number): number[] {
  const matrix = new Array<number>(features * features).fill(0);
  const right = new Array<number>(features).fill(0);
  for (const rowsOf of packages) {
    const gram = gramOf(rowsOf);
    gram.matrix.forEach((entry, place) => (matrix[place]! += (entry * rowsOf.rows) / rows));
    gram.vector.forEach((entry, place) => (right[place]! += (entry * rowsOf.rows) / rows));
  }
  for (let i = 0; i < features; i++) matrix[i * features + i]! += lambda;
  return solveDefinite(matrix, right)!;
}

describe('encrypted data under an encrypted model', () => {
  it.each([0, 0.1])('give the clear solution within 1e-3 on Diabetes, lambda %d', async (lambda) => {
    const { program: ridge, prepared: hosts } = await encrypted(prepared, { lambda });
    const { trainer: of, state, metrics } = await runRounds(hosts, ridge, turns(16, 3, 3));
    const { scales, targetScale } = template.statistics;
    const exact = solution(prepared, lambda);
    const longest = Math.max(...exact.map(Math.abs));
    linearModel(of.result(state)).weights.forEach((weight, j) =>
      expect(Math.abs((weight * scales[j]!) / targetScale - exact[j]!)).toBeLessThan(1e-3 * longest),
    );
    expect(metrics.flatMap(({ unusable }) => unusable)).toEqual([]);
    expect(Math.min(...metrics.map(({ precisionBits }) => precisionBits!))).toBeGreaterThan(20);
  });

  it.each([
    ['quasi-Newton', {}],
    ['steps of several local ones', { localSteps: 4, learningRate: 0.1 }],
    ['Nesterov', { optimiser: { kind: 'nesterov', decay: 0.99 } }],
    ['a feature map', { featureMap: { kind: 'polynomial', degree: 2 } }],
  ] as const)('train as their clear twin does: %s', async (_, choices) => {
    const isMapped = 'featureMap' in choices;
    const rows = isMapped ? openedFor(prepare(syntheticTable(120, 4), 3), choices) : prepared;
    const draws = turns(8, 3, 2);
    const { program: chosen, prepared: hosts } = await encrypted(rows, choices);
    const { trainer: of, state } = await runRounds(hosts, chosen, draws);
    const twin = await trainInClear({
      program: chosen,
      template: rows.template,
      packages: rows.packages,
      draws,
    });
    const [ours, clear] = [of.result(state), twin.model].map((model) => mse(rows.table, model));
    expect(Math.abs(ours! - clear!)).toBeLessThan(1e-3 * clear!);
  });

  it('keep more bits of a reply than encrypted models on clear rows do', () => {
    const clearRows = defineProgram();
    expect(expectedPrecisionBits(program, template)).toBeGreaterThan(
      expectedPrecisionBits(clearRows, template)!,
    );
    expect(resultBits(program, template)).toBe(19);
  });

  it('go on from a checkpoint on another machine with the same bytes', async () => {
    const { prepared: hosts } = await encrypted(prepared);
    const draws = turns(5, 3, 2);
    const whole = await runRounds(hosts, program, draws);
    const half = await runRounds(hosts, program, draws.slice(0, 2));
    const again = await trainerOf(prepared, program);
    const later = await encrypted(prepared);
    let state = JSON.parse(JSON.stringify(half.state)) as typeof half.state;
    for (const [index, subsets] of draws.slice(2).entries()) {
      const attempt = index + 3;
      const model = await again.modelForRound(state, attempt);
      const updates = [];
      for (const subset of [...subsets].reverse()) {
        const job = {
          package: packageOf(later.prepared, subset),
          program,
          model,
          heKey,
          ...context,
          attempt,
        };
        updates.push({ subset, bytes: await trainOnShard(job) });
      }
      ({ state } = await again.applyUpdates(state, attempt, updates));
    }
    expect(state).toEqual(whole.state);
  });

  it('give the same bytes on every backend, and other ones where anything differs', async () => {
    const model = await trainer.modelForRound(trainer.initialState(), 1);
    const job = { package: opened, program, model, heKey, ...context, attempt: 1 };
    const update = await trainOnShard(job);
    trainer.checkUpdate(trainer.initialState(), update, 1, 1);
    for (const backend of [createWasmBackend(), createReferenceBackend()]) {
      expect(await encryptPackage({ package: packageOf(prepared, 1), ...named, backend })).toEqual(bytes);
      expect(await trainOnShard({ ...job, backend })).toEqual(update);
    }
    const ridge = await encrypted(prepared, { lambda: 1 });
    const other = await trainerOf(prepared, ridge.program);
    const otherUpdate = await trainOnShard({
      ...job,
      package: packageOf(ridge.prepared, 1),
      program: ridge.program,
      model: await other.modelForRound(other.initialState(), 1),
    });
    expect(update.filter((byte, place) => byte === otherUpdate[place]).length / update.length).toBeLessThan(
      0.1,
    );
  });

  it('give the same bytes in a process of their own, however the code is compiled', async () => {
    const text = (value: Uint8Array): string => Buffer.from(value).toString('base64');
    const model = await trainer.modelForRound(trainer.initialState(), 1);
    const update = await trainOnShard({ package: opened, program, model, heKey, ...context, attempt: 1 });
    const input = {
      program: text(encodeProgram(program)),
      template: text(encodeTemplate(template)),
      rows: text(prepared.packageBytes[1]!),
      context,
    };
    for (const flags of [[], ['--liftoff', '--no-wasm-tier-up']]) {
      const args = [...flags, '--input-type=module', '-e', elsewhere];
      const cwd = fileURLToPath(new URL('../..', import.meta.url));
      const output = execFileSync(process.execPath, args, {
        cwd,
        input: JSON.stringify(input),
        encoding: 'utf8',
      });
      expect(JSON.parse(output)).toEqual([heKey, bytes, model, update].map(digestOf));
    }
  });

  it('have messages of the sizes that are said beforehand, whatever the rows', async () => {
    const sizes = messageSizes(program, template.features);
    const model = await trainer.modelForRound(trainer.initialState(), 1);
    const update = await trainOnShard({ package: opened, program, model, heKey, ...context, attempt: 1 });
    expect([heKey.length, model.length, update.length]).toEqual([
      sizes.keyBytes,
      sizes.modelBytes,
      sizes.updateBytes,
    ]);
    expect(bytes).toHaveLength(sizes.encryptedPackageBytes!);
    expect(messageSizes(defineProgram(), 10).encryptedPackageBytes).toBeUndefined();
  });

  it('hold no more after many replies than after few', async () => {
    const model = await trainer.modelForRound(trainer.initialState(), 1);
    const backend = createWasmBackend();
    const job = { package: opened, program, model, heKey, ...context, attempt: 1, backend };
    await trainOnShard(job);
    const before = await reachableBytes();
    for (let reply = 0; reply < 40; reply++) await trainOnShard(job);
    // The polynomials of a reply have 2 MB, and the reply 262 kB.
    expect((await reachableBytes()) - before).toBeLessThan(5e6);
  });
});

/** The same packages, opened for a program that maps their columns. */
function openedFor(of: Prepared, choices: ProgramChoices): Prepared {
  const mapped = defineProgram(choices);
  return {
    ...of,
    packages: of.packageBytes.map((rows) => openPackage(rows, { program: mapped, template: of.template })),
  };
}
