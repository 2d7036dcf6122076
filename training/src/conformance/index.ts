/**
 * The conformance suite of model families: what every family has to show, those of this package as those of one's own.
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from 'node:assert/strict';
import type { Table } from '../data/table.js';
import { TrainingError, type TrainingErrorCode } from '../errors.js';
import { exposesThirdMoments, mapSizes, momentsInPieces } from './hostChecks.js';
import { flatOverRounds } from './flatState.js';
import { digestElsewhere } from './elsewhere.js';
import { clone, draws, roundsOf, splitFor, train, trainerOf, type Split } from './training.js';
import { evaluateModel, lossOf } from '../models/predict.js';
import { familyOf } from '../models/registry.js';
import { inClear, parseProgram, type TrainingProgram } from '../program.js';
import { digestOf } from '../canonical.js';
import { trainInClear } from '../trainer/localTraining.js';

/** A family, and something that it learns. */
export interface ConformanceSubject {
  /** A program of the family. */
  readonly program: TrainingProgram;
  /** A table that the family can learn: some hundred rows. */
  readonly table: Table;
}

/** What {@link familyChecks} needs. */
export interface FamilyChecksInput extends ConformanceSubject {
  /**
   * Address of a module whose default export is the same subject (`file:///…`), and which registers its family. A second process
   * loads it, to compute the same bytes.
   */
  readonly module: string;
}

/** A check of the suite. It belongs to no test runner. */
export interface FamilyCheck {
  /** What it shows, in words. */
  readonly name: string;
  /** Fails with an AssertionError, or with what the family threw. */
  run(): Promise<void>;
}

/**
 * `sha256:…` of a short encrypted training's keys, models, updates, state and result: the same in every process.
 * @throws TrainingError where the family does not take the table
 */
export async function trainingDigest({ program, table }: ConformanceSubject): Promise<string> {
  const split = splitFor(table, program);
  const { bytes, state, trainer } = await train(split, program, draws);
  const end = { state, result: trainer.result(state) };
  return digestOf(Buffer.concat([...bytes, Buffer.from(JSON.stringify(end))]));
}

/** The checks of a family, in the order in which they are cheapest to read when they fail. A check takes seconds. */
export function familyChecks({ module, ...subject }: FamilyChecksInput): FamilyCheck[] {
  const { program, table } = subject;
  const { family } = program;
  let made: Split | undefined;
  const split = (): Split => (made ??= splitFor(table, program));
  const checks: Record<string, () => void | Promise<void>> = {
    'says sizes that its maps and set-ups have': () => mapSizes(split(), program),
    'makes the same moments of the same rows, however they are cut': () => momentsInPieces(split(), program),
    'shows third moments of no more features than pairs are counted of': () => exposesThirdMoments(program),
    'refuses heads and states that are none': () => {
      for (const head of [null, {}, { ...program.head, more: 1 }])
        refused(() => parseProgram({ ...program, head }), 'VT7301');
      for (const state of [null, {}, 3, []])
        strictEqual(familyOf(family).stateSchema.safeParse(state).success, false);
    },
    'refuses updates and states that are damaged': () => damaged(split(), program),
    'trains to the same model encrypted and in clear, but for the noise': async () => {
      const { template, packages } = split();
      const { model } = await trainInClear({ program, template, packages, draws });
      const { trainer, state } = await train(split(), program, draws);
      const [clear, encrypted] = [model, trainer.result(state)].map((of) => lossOf(table, of).value);
      ok(Math.abs((encrypted ?? NaN) - (clear ?? NaN)) < 1e-3 * (clear ?? NaN), `${encrypted} for ${clear}`);
    },
    'learns: the model is better than the first one': async () => {
      const { trainer, state } = await train(split(), inClear(program), draws);
      const [first, last] = [trainer.initialState(), state].map(
        (at) => lossOf(table, trainer.result(at)).value,
      );
      ok((last ?? NaN) < (first ?? NaN), `${last} after ${first}`);
    },
    'goes on from any checkpoint as without a break': async () => {
      const whole = await train(split(), program, draws);
      const inPieces = await roundsOf(splitFor(table, program), program, draws, () =>
        trainerOf(split(), parseProgram(clone(program))),
      );
      deepStrictEqual(inPieces.bytes, whole.bytes);
      deepStrictEqual(inPieces.state, whole.state);
    },
    'gives equal bytes in two processes': async () => {
      strictEqual(await digestElsewhere(module), await trainingDigest(subject));
    },
    'keeps state and memory flat over 1,000 rounds': () => flatOverRounds(split(), program),
    'predicts with what it wrote down, and with nothing else': async () => {
      const { trainer, state } = await train(split(), inClear(program), draws);
      const { rounds, ...model } = clone(trainer.result(state));
      strictEqual(rounds, draws.length);
      deepStrictEqual(evaluateModel(table, model)[0], lossOf(table, model));
      const { predictor } = familyOf(family);
      refused(() => predictor({}, split().template.features), 'VT7501');
      if (model.features === undefined)
        refused(() => predictor(model.parameters, table.features - 1), 'VT7501');
    },
  };
  return Object.entries(checks).map(([name, run]) => ({ name, run: async () => run() }));
}

async function damaged(split: Split, program: TrainingProgram): Promise<void> {
  const { trainer, state, bytes } = await train(split, program, draws);
  const attempt = draws.length + 1;
  const update = bytes.at(-1) ?? new Uint8Array();
  for (const wrong of [update.subarray(1), new Uint8Array(update.length), new Uint8Array()])
    await rejects(trainer.applyUpdates(state, attempt, [{ subset: 0, bytes: wrong }]), TrainingError);
  const others = { ...state, model: { ...(state.model as object), more: 1 } };
  await rejects(trainer.modelForRound(others, attempt), isRefusal('VT7504'));
}

const isRefusal =
  (code: TrainingErrorCode) =>
  (error: unknown): boolean =>
    error instanceof TrainingError && error.code === code;

const refused = (act: () => unknown, code: TrainingErrorCode): void => throws(act, isRefusal(code));
