import { parseTemplate, templateDigest, type Template } from '../data/template.js';
import { groupsOf } from '../data/batches.js';
import type { FamilyTemplate } from '../maps/mappedRows.js';
import { resultOf } from '../models/predict.js';
import { TrainingError } from '../errors.js';
import type { HeBackend } from '../he/ring/backend.js';
import type { CoupleContext } from '../messages/frame.js';
import type { MessageShape, ModelFamily, SubsetReply, Trained } from '../models/family.js';
import { familyOf } from '../models/registry.js';
import type { TrainedResult } from '../models/result.js';
import { expectedNoise, resultBits, summedNoise } from '../precision.js';
import { requireServed } from '../privacy/serves.js';
import { parseProgram, programDigest, type TrainingProgram } from '../program.js';
import { Pace, type WorkOptions } from '../work.js';
import { checkAttempt, checkContext, checkSecret } from './checks.js';
import type { ModelOwnerCodec, ReadUpdate, SentUpdate, UpdateName } from './codec.js';
import { defaultBackend } from './defaultBackend.js';
import { watchGradient } from './earlyStopping.js';
import { encryptedCodec } from './encryptedCodec.js';
import { familyTemplate } from './groups.js';
import { messageShape } from './messageShape.js';
import { OwedSetups } from './owedSetups.js';
import { plainCodec } from './plainCodec.js';
import { trainingFigures, type RoundMetrics } from './roundMetrics.js';
import { requireFinite, soundQuery } from './soundNumbers.js';
import { checkState, firstState, type TrainerState } from './state.js';

/** What {@link createModelOwnerTrainer} needs. */
export interface ModelOwnerOptions extends CoupleContext {
  /** What the couple agreed to run. */
  readonly program: TrainingProgram;
  /** The dataset's public template. */
  readonly template: Template;
  /** 32 secret bytes from the model owner's keyring. Keys and encryptions follow from them, the couple and the attempt. */
  readonly secret: Uint8Array;
  /** What encrypts and decrypts. Default: WebAssembly. Every backend gives the same bytes. */
  readonly backend?: HeBackend | undefined;
}

/** One replica's update of a subset. */
export interface SubsetUpdate {
  /** Index of the subset, from 0. */
  readonly subset: number;
  /** The update, as the host made it. */
  readonly bytes: Uint8Array;
}

/** What a round brought. */
export interface AppliedRound {
  /** To be kept, and given to the next call. */
  readonly state: TrainerState;
  /** Figures of the round. */
  readonly metrics: RoundMetrics;
}

/** The model owner's side. State goes in and comes out; nothing is kept inside, so any checkpoint can be resumed. */
export interface ModelOwnerTrainer {
  /** What every host needs: the couple's public key (a short marker in clear programs). Its digest goes into the request. */
  heKey(): Uint8Array;
  /** The state before the first round. */
  initialState(): TrainerState;
  /** The exact bytes that go out in a round. The same state and attempt give the same bytes. @throws TrainingError VT7501, VT7504 */
  modelForRound(state: TrainerState, attempt: number): Promise<Uint8Array>;
  /**
   * Whether bytes have the form of an update of this attempt and subset, to the model that the state gives: with the
   * subset's set-up where the state does not have it, and only there. @throws TrainingError VT7401 to VT7409, VT7504
   */
  checkUpdate(state: TrainerState, bytes: Uint8Array, attempt: number, subset: number): void;
  /**
   * The next state from one replica's update per subset, in any order; none at all for a void round.
   * It can be stopped while it decrypts: the state that was given stays as it is.
   * @throws TrainingError VT7401 to VT7409 (form), VT7502 (subsets), VT7503 (attempts only grow), VT7504, VT7511
   */
  applyUpdates(
    state: TrainerState,
    attempt: number,
    updates: readonly SubsetUpdate[],
    work?: WorkOptions,
  ): Promise<AppliedRound>;
  /**
   * The model so far, in the units of the table. Its numbers are rounded to `resultBits`, so that what is shown or handed
   * on carries no noise of the encryption. @throws TrainingError VT7504
   */
  result(state: TrainerState): TrainedResult & {
    /** Rounds that brought at least one usable update. */
    readonly rounds: number;
  };
}

/**
 * A trainer for one couple. Encrypted programs load the encryption (about a third of a second), clear ones do not.
 * @throws TrainingError VT7201, VT7301, VT7302, VT7410, VT7501, VT7508
 */
export async function createModelOwnerTrainer(options: ModelOwnerOptions): Promise<ModelOwnerTrainer> {
  const program = parseProgram(options.program);
  const template = parseTemplate(options.template);
  requireServed(program, template);
  checkContext(options);
  checkSecret(options.secret);
  const { channel, chaincode, couple, backend = defaultBackend() } = options;
  const isSummed = template.aggregation === 'sum';
  const context = { channel, chaincode, couple, features: template.features, isSummed };
  const shape = messageShape(program, template.features);
  const codec =
    program.protection === 'plain'
      ? plainCodec(context, shape)
      : await encryptedCodec(backend, options.secret, context, shape);
  return new FamilyTrainer(program, template, shape, codec);
}

/** The part of a training that is the same for every family. */
class FamilyTrainer implements ModelOwnerTrainer {
  readonly #family: ModelFamily;
  readonly #program: TrainingProgram;
  readonly #template: Template;
  /** Subsets that the family sees as one. */
  readonly #groups: readonly (readonly number[])[];
  /** As the family sees it. */
  readonly #mapped: FamilyTemplate;
  /** Largest error that is expected of an entry of a reply. */
  readonly #noise: number;
  readonly #shape: MessageShape;
  readonly #codec: ModelOwnerCodec;
  readonly #setups: OwedSetups;
  readonly #first: TrainerState;

  constructor(program: TrainingProgram, template: Template, shape: MessageShape, codec: ModelOwnerCodec) {
    this.#family = familyOf(program.family);
    this.#program = program;
    this.#template = template;
    this.#shape = shape;
    this.#groups = groupsOf(template);
    this.#mapped = familyTemplate(program, template);
    this.#codec = codec;
    this.#setups = new OwedSetups(this.#family, shape, this.#groups);
    this.#noise = expectedNoise(shape) * summedNoise(template);
    const digests = { programDigest: programDigest(program), templateDigest: templateDigest(template) };
    this.#first = firstState(this.#family, digests, this.#mapped, program.head);
  }

  heKey(): Uint8Array {
    return this.#codec.keyMessage.slice();
  }

  initialState(): TrainerState {
    return structuredClone(this.#first);
  }

  async modelForRound(state: TrainerState, attempt: number): Promise<Uint8Array> {
    checkAttempt(attempt);
    const { model } = this.#check(state);
    const query = soundQuery(this.#family.query(model), this.#shape);
    return this.#codec.writeModel(query, this.#setups.flags(model), { attempt });
  }

  checkUpdate(state: TrainerState, bytes: Uint8Array, attempt: number, subset: number): void {
    checkAttempt(attempt);
    this.#codec.checkUpdate(bytes, this.#nameOf(this.#check(state).model, attempt, subset));
  }

  async applyUpdates(
    state: TrainerState,
    attempt: number,
    updates: readonly SubsetUpdate[],
    work: WorkOptions = {},
  ): Promise<AppliedRound> {
    const pace = new Pace(work);
    const current = this.#check(state);
    this.#checkRound(current, attempt, updates);
    const { rounds } = current;
    const trained = { head: this.#program.head, template: this.#mapped, state: current.model, rounds };
    const { replies, unusable, precisionBits } = await this.#read(trained, attempt, updates, pace);
    const stepped = this.#family.step(trained, replies, this.#noise);
    const { state: model, figures } = requireFinite(stepped, 'the next step');
    const next = this.#advance({ ...current, attempt, model }, replies.length > 0, figures.gradientNorm);
    const { finished, rounds: done } = next;
    const loss = this.#family.trainingLoss?.({ ...trained, state: model, rounds: done }, this.#noise);
    const metrics = loss === undefined ? [] : trainingFigures(loss, this.#groups);
    return {
      state: next,
      metrics: { attempt, rounds: done, ...figures, metrics, precisionBits, unusable, finished },
    };
  }

  result(state: TrainerState): TrainedResult & { readonly rounds: number } {
    const { model, rounds } = this.#check(state);
    const bits = resultBits(this.#program, this.#template);
    const parameters = requireFinite(this.#family.parameters(model, this.#mapped, bits), 'the model');
    return { ...resultOf(this.#program, this.#template, parameters), rounds };
  }

  #check(state: TrainerState): TrainerState {
    const { head } = this.#program;
    return checkState(state, { family: this.#family, template: this.#mapped, head, first: this.#first });
  }

  #nameOf(model: unknown, attempt: number, subset: number): UpdateName {
    const group = this.#groups.findIndex((members) => members.includes(subset));
    return { attempt, subset, withSetup: this.#setups.owes(model, group) };
  }

  /** The replies that can be used, and why the others cannot. */
  async #read(
    trained: Trained<unknown, unknown>,
    attempt: number,
    updates: readonly SubsetUpdate[],
    pace: Pace,
  ): Promise<{ replies: SubsetReply[] } & Pick<RoundMetrics, 'unusable' | 'precisionBits'>> {
    const replies: SubsetReply[] = [];
    const unusable: { subset: number; reason: string }[] = [];
    let precisionBits: number | null = null;
    const leaveOut = (group: readonly SentUpdate[], reason: string): void => {
      for (const { subset } of group) unusable.push({ subset, reason });
    };
    let done = 0;
    for (const { group, sent, missing } of this.#sorted(trained.state, attempt, updates)) {
      await pace.next({ phase: 'readUpdates', done, of: updates.length, unit: 'updates' });
      done += sent.length;
      if (missing !== undefined) {
        leaveOut(sent, `its batch has no update of subset ${missing}`);
        continue;
      }
      const update = await this.#codec.readUpdates(sent);
      const reply = replyOf(group, update);
      const reason = update.unusable ?? this.#family.unusable?.(trained, reply, this.#noise) ?? null;
      if (reason !== null) {
        leaveOut(sent, reason);
        continue;
      }
      precisionBits = leastOf(precisionBits, update.precisionBits);
      replies.push(reply);
    }
    unusable.sort((a, b) => a.subset - b.subset);
    return { replies, unusable, precisionBits };
  }

  /** The updates by group; of a batch, what it lacks. Each by itself where replies are not added up. */
  #sorted(
    model: unknown,
    attempt: number,
    updates: readonly SubsetUpdate[],
  ): readonly {
    readonly group: number;
    readonly sent: readonly SentUpdate[];
    readonly missing: number | undefined;
  }[] {
    const bySubset = new Map(updates.map(({ subset, bytes }) => [subset, bytes]));
    return this.#groups.flatMap((members, group) => {
      const sent = members.flatMap((subset) => {
        const bytes = bySubset.get(subset);
        return bytes === undefined ? [] : [{ ...this.#nameOf(model, attempt, subset), bytes }];
      });
      const missing = members.find((subset) => !bySubset.has(subset));
      return sent.length === 0 ? [] : [{ group, sent, missing }];
    });
  }

  #advance(state: TrainerState, isUsed: boolean, gradientNorm: number): TrainerState {
    if (!isUsed) return state;
    const next = { ...state, rounds: state.rounds + 1 };
    if (!this.#family.isComplete(next.model)) return next;
    return watchGradient(next, this.#program.earlyStopping, gradientNorm);
  }

  #checkRound(state: TrainerState, attempt: number, updates: readonly SubsetUpdate[]): void {
    checkAttempt(attempt);
    if (attempt <= state.attempt) {
      const what = `attempt ${attempt} comes after attempt ${state.attempt}`;
      throw new TrainingError('VT7503', what, { attempt, last: state.attempt });
    }
    const subsets = this.#template.subsetRows.length;
    const seen = new Set<number>();
    for (const { subset } of updates) {
      if (!Number.isInteger(subset) || subset < 0 || subset >= subsets || seen.has(subset)) {
        const what = `subset ${subset} is unknown or comes twice in attempt ${attempt}`;
        throw new TrainingError('VT7502', what, { subset, subsets, attempt });
      }
      seen.add(subset);
    }
  }
}

function replyOf(subset: number, { values, imaginary, setup }: ReadUpdate): SubsetReply {
  return { subset, values, imaginary, ...(setup === undefined ? {} : { setup }) };
}

function leastOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (b ?? a) : Math.min(a, b);
}
