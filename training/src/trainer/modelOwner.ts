import type { LinearModel } from '../data/predict.js';
import { toInputUnits } from '../data/predict.js';
import { templateDigest, parseTemplate, type Template } from '../data/template.js';
import { TrainingError } from '../errors.js';
import { LARGEST_WEIGHT, linearParameters } from '../he/parameters.js';
import type { CoupleContext } from '../messages/frame.js';
import { stepSize } from '../linear/stepSize.js';
import type { SubsetFacts } from '../optimisers/estimate.js';
import { remember } from '../optimisers/memory.js';
import { takeStep, type Step } from '../optimisers/optimiser.js';
import { largest, norm, subtract } from '../optimisers/vectors.js';
import { expectedNoise, resultBits, roundedTo } from '../precision.js';
import { parseProgram, programDigest, type TrainingProgram } from '../program.js';
import type { ModelOwnerCodec } from './codec.js';
import { checkAttempt, checkContext, checkSecret } from './checks.js';
import { watchGradient } from './earlyStopping.js';
import { encryptedCodec } from './encryptedCodec.js';
import { plainCodec } from './plainCodec.js';
import { checkState, firstState, type TrainerState } from './state.js';

/** What {@link createModelOwnerTrainer} needs. */
export interface ModelOwnerOptions extends CoupleContext {
  readonly program: TrainingProgram;
  /** The dataset's public template. */
  readonly template: Template;
  /** 32 secret bytes from the model owner's keyring. Keys and encryptions follow from them, the couple and the attempt. */
  readonly secret: Uint8Array;
}

/** One replica's update of a subset. */
export interface SubsetUpdate {
  readonly subset: number;
  readonly bytes: Uint8Array;
}

/** Figures of a round, for people to watch. */
export interface RoundMetrics {
  readonly attempt: number;
  readonly rounds: number;
  /**
   * Length of the gradient over all subsets used so far at the model that this round asked about, in standardised units:
   * as seen for this round's subsets, by the estimate of the loss for the others.
   */
  readonly gradientNorm: number;
  /**
   * Estimate of what the model gains over predicting the mean, 0 or less, in standardised units: half of (mean squared
   * error / variance − 1), and the penalty. Subsets that were never drawn are taken to be like the others, and a subset
   * counts exactly only in directions in which it was asked (see `LossEstimate`). No step raises it when it is taken; later
   * replies correct it.
   */
  readonly lossEstimate: number;
  /** A weight of the model has reached the range that is encrypted: it is asked about from within. */
  readonly boundActive: boolean;
  /** The estimate says that a step made the model worse: it was taken back. */
  readonly stepRefused: boolean;
  /** How far the model moved, in standardised units. */
  readonly step: number;
  /** Least number of bits behind the binary point, over this round's updates, that are free of noise; null in clear. */
  readonly precisionBits: number | null;
  /** Updates of correct form that decrypt to nonsense: left out of the step. */
  readonly unusable: readonly { readonly subset: number; readonly reason: string }[];
  readonly finished: boolean;
}

/** The model owner's side. State goes in and comes out; nothing is kept inside, so any checkpoint can be resumed. */
export interface ModelOwnerTrainer {
  /** What every host needs: the couple's public key (a short marker in clear programs). Its digest goes into the request. */
  heKey(): Uint8Array;
  initialState(): TrainerState;
  /** The exact bytes that go out in a round. The same state and attempt give the same bytes. @throws TrainingError VT7501, VT7504 */
  modelForRound(state: TrainerState, attempt: number): Uint8Array;
  /** Whether bytes have the form of an update of this attempt and subset. @throws TrainingError VT7401 to VT7409 */
  checkUpdate(bytes: Uint8Array, attempt: number, subset: number): void;
  /**
   * The next state from one replica's update per subset, in any order; none at all for a void round.
   * @throws TrainingError VT7401 to VT7409 (form), VT7502 (subsets), VT7503 (attempts only grow), VT7504
   */
  applyUpdates(
    state: TrainerState,
    attempt: number,
    updates: readonly SubsetUpdate[],
  ): { readonly state: TrainerState; readonly metrics: RoundMetrics };
  /**
   * The model so far, in the units of the table. Its standardised weights are rounded to `resultBits`, so that what is
   * shown or handed on carries no noise of the encryption. @throws TrainingError VT7504
   */
  result(state: TrainerState): LinearModel & { readonly rounds: number };
}

/**
 * A trainer for one couple. Encrypted programs load the encryption (about a third of a second), clear ones do not.
 * @throws TrainingError VT7201, VT7301, VT7410, VT7501
 */
export async function createModelOwnerTrainer(options: ModelOwnerOptions): Promise<ModelOwnerTrainer> {
  const program = parseProgram(options.program);
  const template = parseTemplate(options.template);
  checkContext(options);
  checkSecret(options.secret);
  const { channel, chaincode, couple } = options;
  const context = { channel, chaincode, couple, features: template.features };
  const codec =
    program.protection === 'plain'
      ? plainCodec(context)
      : await encryptedCodec(linearParameters, options.secret, context);
  return new LinearTrainer(program, template, codec);
}

class LinearTrainer implements ModelOwnerTrainer {
  readonly #program: TrainingProgram;
  readonly #template: Template;
  readonly #codec: ModelOwnerCodec;
  readonly #first: TrainerState;
  /** By subset, η·steps: a reply is this much of a gradient away from the point that was asked about. */
  readonly #spans: readonly number[];
  readonly #facts: SubsetFacts;

  constructor(program: TrainingProgram, template: Template, codec: ModelOwnerCodec) {
    this.#program = program;
    this.#template = template;
    this.#codec = codec;
    this.#first = firstState({
      programDigest: programDigest(program),
      templateDigest: templateDigest(template),
      features: template.features,
      subsets: template.subsetRows.length,
    });
    const { features, rows: totalRows, subsetRows } = template;
    this.#spans = subsetRows.map(
      (rows) => program.localSteps * stepSize(program, { features, rows, totalRows }),
    );
    const noise = expectedNoise(features);
    this.#facts = { rows: subsetRows, noise: this.#spans.map((span) => noise / span) };
  }

  heKey(): Uint8Array {
    return this.#codec.keyMessage.slice();
  }

  initialState(): TrainerState {
    return structuredClone(this.#first);
  }

  modelForRound(state: TrainerState, attempt: number): Uint8Array {
    checkAttempt(attempt);
    const { query } = checkState(state, this.#first);
    return this.#codec.writeModel(Float64Array.from(query), { attempt });
  }

  checkUpdate(bytes: Uint8Array, attempt: number, subset: number): void {
    checkAttempt(attempt);
    this.#codec.checkUpdate(bytes, { attempt }, subset);
  }

  applyUpdates(
    state: TrainerState,
    attempt: number,
    updates: readonly SubsetUpdate[],
  ): { state: TrainerState; metrics: RoundMetrics } {
    const current = checkState(state, this.#first);
    this.#checkRound(current, attempt, updates);
    const unusable: { subset: number; reason: string }[] = [];
    const memory = [...current.memory];
    let precisionBits: number | null = null;
    for (const { subset, bytes } of updates) {
      const update = this.#codec.readUpdate(bytes, { attempt }, subset);
      if (update.unusable !== null) {
        unusable.push({ subset, reason: update.unusable });
        continue;
      }
      precisionBits = leastOf(precisionBits, update.precisionBits);
      memory[subset] = remember(
        memory[subset] ?? null,
        current.query,
        this.#gradient(current, subset, update.values),
      );
    }
    unusable.sort((a, b) => a.subset - b.subset);
    const used = updates.length - unusable.length;
    const learnt = { ...current, attempt, memory };
    const step = takeStep(learnt, this.#program, this.#facts);
    if (step === undefined || used === 0) {
      const metrics = { ...figuresOf(current, learnt, step), stepRefused: false, precisionBits, unusable };
      return { state: learnt, metrics };
    }
    const next = this.#advance(learnt, step);
    const { stepRefused } = step;
    const metrics = { ...figuresOf(current, next, step), stepRefused, precisionBits, unusable };
    return { state: next, metrics };
  }

  result(state: TrainerState): LinearModel & { readonly rounds: number } {
    const { weights, rounds } = checkState(state, this.#first);
    const bits = resultBits(this.#program, this.#template);
    return { ...toInputUnits(roundedTo(bits, weights), this.#template), rounds };
  }

  #advance(learnt: TrainerState, { moved, gradientNorm }: Step): TrainerState {
    const next = { ...learnt, ...moved, rounds: learnt.rounds + 1 };
    return watchGradient(next, this.#program.earlyStopping, gradientNorm);
  }

  /** What a reply says of the gradient at the point that was asked for: (w − reply) / (η·steps), η as the host takes it. */
  #gradient(state: TrainerState, subset: number, reply: readonly number[]): number[] {
    const span = this.#spans[subset] ?? 1;
    return subtract(state.query, reply).map((value) => value / span);
  }

  #checkRound(state: TrainerState, attempt: number, updates: readonly SubsetUpdate[]): void {
    checkAttempt(attempt);
    if (attempt <= state.attempt) {
      const what = `attempt ${attempt} comes after attempt ${state.attempt}`;
      throw new TrainingError('VT7503', what, { attempt, last: state.attempt });
    }
    const seen = new Set<number>();
    for (const { subset } of updates) {
      if (!Number.isInteger(subset) || subset < 0 || subset >= state.memory.length || seen.has(subset)) {
        const what = `subset ${subset} is unknown or comes twice in attempt ${attempt}`;
        throw new TrainingError('VT7502', what, { subset, subsets: state.memory.length, attempt });
      }
      seen.add(subset);
    }
  }
}

function leastOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (b ?? a) : Math.min(a, b);
}

/** What a round's metrics say of the model. */
function figuresOf(
  before: TrainerState,
  { attempt, rounds, weights, finished }: TrainerState,
  step: Step | undefined,
): Omit<RoundMetrics, 'stepRefused' | 'precisionBits' | 'unusable'> {
  return {
    attempt,
    rounds,
    gradientNorm: step?.gradientNorm ?? 0,
    lossEstimate: step?.estimate.at(weights) ?? 0,
    boundActive: largest(weights) >= LARGEST_WEIGHT,
    step: norm(subtract(weights, before.weights)),
    finished,
  };
}
