import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../canonical.js';
import { defineProgram } from '../program.js';
import { context, diabetes, packageOf, prepare, runRounds, trainerOf, turns } from '../testing/fixtures.js';
import { trainOnShard, type TrainJobInput } from './host.js';
import type { TrainerState } from './state.js';

const prepared = prepare(diabetes(), 3);
const program = defineProgram();
const trainer = await trainerOf(prepared, program);
const model = await trainer.modelForRound(trainer.initialState(), 1);
const job: TrainJobInput = {
  package: packageOf(prepared, 1),
  program,
  model,
  heKey: trainer.heKey(),
  ...context,
  attempt: 1,
};

/** Runs the built package in a process of its own and prints the digests of all messages of a round. */
const script = `
  import { readFileSync } from 'node:fs';
  import { createHash } from 'node:crypto';
  import { createModelOwnerTrainer, decodeProgram, decodeTemplate, openPackage, trainOnShard } from '@veritrain/training';
  const input = JSON.parse(readFileSync(0, 'utf8'));
  const bytes = (text) => Buffer.from(text, 'base64');
  const digest = (value) => 'sha256:' + createHash('sha256').update(value).digest('hex');
  const program = decodeProgram(bytes(input.program));
  const { context } = input;
  const trainer = await createModelOwnerTrainer({ program, template: decodeTemplate(bytes(input.template)), secret: new Uint8Array(32).fill(9), ...context });
  const model = await trainer.modelForRound(trainer.initialState(), 1);
  const update = await trainOnShard({ package: openPackage(bytes(input.package)), program, model, heKey: trainer.heKey(), ...context, attempt: 1 });
  const { state } = await trainer.applyUpdates(trainer.initialState(), 1, [{ subset: 1, bytes: update }]);
  console.log(JSON.stringify([trainer.heKey(), model, update, Buffer.from(JSON.stringify(state))].map(digest)));
`;

async function elsewhere(flags: readonly string[]): Promise<string[]> {
  const { encodeTemplate } = await import('../data/template.js');
  const { encodeProgram } = await import('../program.js');
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  const child = promisify(execFile)(process.execPath, [...flags, '--input-type=module', '-e', script], {
    cwd: folder,
  });
  child.child.stdin?.end(
    JSON.stringify({
      program: text(encodeProgram(program)),
      template: text(encodeTemplate(prepared.template)),
      package: text(prepared.packageBytes[1]!),
      context,
    }),
  );
  return JSON.parse((await child).stdout) as string[];
}

describe('the same input', () => {
  it('gives the same bytes in every process, however the code is compiled', async () => {
    const update = await trainOnShard(job);
    const { state } = await trainer.applyUpdates(trainer.initialState(), 1, [{ subset: 1, bytes: update }]);
    const here = [job.heKey, model, update, Buffer.from(JSON.stringify(state))].map(digestOf);
    for (const flags of [[], ['--no-opt'], ['--liftoff', '--no-wasm-tier-up'], ['--no-liftoff']]) {
      expect(await elsewhere(flags)).toEqual(here);
    }
  });

  it('gives the bytes that it always gave', async () => {
    expect([job.heKey, model, await trainOnShard(job)].map(digestOf)).toMatchInlineSnapshot(`
      [
        "sha256:baa2ff060bd5b64eb961d07c3087f1e20334f746c4a59e375ca3a3404d55216d",
        "sha256:9d77cf56e76b8553ef4d6e1e7e3150800d8dde031dd8822e0aa6c059fab112f5",
        "sha256:f84b8674360b25f6f93ce87e928d22e39a3cba54cf8c1f6b4521a2a1a68351a6",
      ]
    `);
  });

  it('gives the same update again, and another for another attempt, model or secret', async () => {
    const update = await trainOnShard(job);
    expect(Buffer.compare(await trainOnShard(job), update)).toBe(0);
    const later = await trainOnShard({
      ...job,
      attempt: 2,
      model: await trainer.modelForRound(trainer.initialState(), 2),
    });
    expect(Buffer.compare(later, update)).not.toBe(0);
  });

  it('gives replicas the same bytes: the package is all that they share', async () => {
    const { openPackage } = await import('./openedPackage.js');
    const replica = openPackage(Buffer.from(prepared.packageBytes[1]!));
    expect(Buffer.compare(await trainOnShard({ ...job, package: replica }), await trainOnShard(job))).toBe(0);
  });
});

describe('a restarted agent', () => {
  it('makes the same keys, models and results from its last checkpoint', async () => {
    const draws = turns(6, 3, 2);
    const whole = await runRounds(prepared, program, draws);
    const first = await runRounds(prepared, program, draws.slice(0, 3));
    const again = await trainerOf(prepared, program);
    let state = JSON.parse(JSON.stringify(first.state)) as TrainerState;
    for (const [index, subsets] of draws.slice(3).entries()) {
      const attempt = index + 4;
      const sent = await again.modelForRound(state, attempt);
      const updates = await Promise.all(
        [...subsets].reverse().map(async (subset) => ({
          subset,
          bytes: await trainOnShard({ ...job, package: packageOf(prepared, subset), model: sent, attempt }),
        })),
      );
      ({ state } = await again.applyUpdates(state, attempt, updates));
    }
    expect(state).toEqual(whole.state);
    expect(JSON.stringify(again.result(state))).toBe(JSON.stringify(whole.trainer.result(whole.state)));
  });
});
