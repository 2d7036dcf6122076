import type { RoundView, Settlement, TrainCouple } from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import {
  createModelOwnerTrainer,
  encodeProgram,
  messageSizes,
  type ModelOwnerTrainer,
  type RoundMetrics,
  type SubsetUpdate,
  type Template,
  type TrainerState,
  trainerStateSchema,
  type TrainingProgram,
} from '@veritrain/training';
import { z } from 'zod';
import { type CoupleHome, roundResultFile, StateFile } from '@veritrain/member/home';
import { agreedProgram, modelSalt, templateOf, writeTrainedModel } from '@veritrain/member/models';
import { describeFailure } from '../../runtime/failure.js';
import type { RoleContext } from '../role.js';
import { SealedModels } from './sealedModels.js';
import { UpdateInbox } from './updateInbox.js';

/** A document of this couple that its owner can make again. */
interface PublicDocument {
  readonly what: string;
  readonly digest: string;
  readonly content: () => Uint8Array;
}

const progressSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** The last attempt that the state covers, also one without any update. */
  attempt: z.int().min(0),
  trainer: trainerStateSchema,
});

/** How far a model owner has come with a couple. */
type Progress = z.infer<typeof progressSchema>;

/** The progress on disk. It follows from the ledger and the updates, so a lost file costs a replay. */
export const progressFile = (home: CoupleHome): StateFile<Progress> =>
  new StateFile(home.statePath, progressSchema);

/** The training of one couple at its model owner: takes in what the ledger settled, and gives the next model. */
export class CoupleTraining {
  readonly inbox: UpdateInbox;
  private readonly sealedModels: SealedModels;
  private readonly file: StateFile<Progress>;
  private current: Progress;
  /** The last model that was made: each costs an encryption. */
  private sent: { readonly attempt: number; readonly bytes: Uint8Array } | undefined;
  /** Since when agreed updates of an attempt are missing. */
  private missed: { readonly attempt: number; readonly at: number } | undefined;

  private constructor(
    private readonly context: RoleContext,
    private readonly couple: TrainCouple,
    private readonly program: TrainingProgram,
    private readonly template: Template,
    private readonly trainer: ModelOwnerTrainer,
  ) {
    const home = context.member.home.couple(couple.coupleId);
    const { firstUpdateBytes } = messageSizes(program, template.features, template.aggregation);
    this.inbox = new UpdateInbox(context, couple, {
      maxBytes: firstUpdateBytes,
      check: (bytes, attempt, subset) => trainer.checkUpdate(this.current.trainer, bytes, attempt, subset),
    });
    this.sealedModels = new SealedModels(context, couple);
    this.file = progressFile(home);
    const read = this.file.readUndamaged((keptAs, cause) => this.reportDamaged(keptAs, cause));
    this.current = read ?? { schemaVersion: 1, attempt: 0, trainer: trainer.initialState() };
  }

  static async open(context: RoleContext, couple: TrainCouple, signal: AbortSignal): Promise<CoupleTraining> {
    const { member, market } = context;
    const template = await templateOf(member, couple.datasetId, { signal });
    const program = await agreedProgram(member, couple, { signal }, template);
    const trainer = await createModelOwnerTrainer({
      program,
      template,
      secret: market.keyring.coupleSecret(couple.coupleId),
      ...market.place,
      couple: couple.coupleId,
    });
    return new CoupleTraining(context, couple, program, template, trainer);
  }

  /** The last attempt that went into the state. */
  get attempt(): number {
    return this.current.attempt;
  }

  /** Early stopping found nothing left to gain. */
  get finished(): boolean {
    return this.current.trainer.finished;
  }

  /** Rounds whose updates went into the model. */
  get rounds(): number {
    return this.current.trainer.rounds;
  }

  /** This owner's link of an attempt, on a chain of the agreed length: on a shorter one it would give all others away. */
  linkFor(attempt: number): string {
    const { coupleId, terms } = this.couple;
    return ownDrawChain(this.context.market, 'modelOwner', coupleId, terms).link(attempt);
  }

  /** The exact bytes that go out in an attempt. */
  async modelFor(attempt: number): Promise<Uint8Array> {
    if (this.sent?.attempt !== attempt)
      this.sent = { attempt, bytes: await this.trainer.modelForRound(this.current.trainer, attempt) };
    return this.sent.bytes;
  }

  /** The same, sealed to the hosts. */
  async sealedModelFor(attempt: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.sealedModels.seal(attempt, await this.modelFor(attempt), signal);
  }

  /** The public documents that hosts need beside the model. */
  documents(): PublicDocument[] {
    const { programDigest, heKeyDigest } = this.couple.terms;
    const program = { what: 'program', digest: programDigest, content: () => encodeProgram(this.program) };
    if (heKeyDigest === null) return [program];
    return [
      program,
      { what: 'homomorphic public key', digest: heKeyDigest, content: () => this.trainer.heKey() },
    ];
  }

  /**
   * Takes in an attempt that is over: the updates of all subsets that were settled as agreed. A missing update is awaited
   * for one upload period, then skipped.
   * @returns the subsets whose update is awaited; empty once the attempt is taken in
   */
  async ingest(round: RoundView, signal: AbortSignal): Promise<number[]> {
    const { attempt } = round;
    const { updates, lost } = await this.updatesOf(round, await this.usable(round), signal);
    if (lost.length > 0 && !this.timedOut(attempt)) return lost;
    this.reportLost(round, lost);
    if (round.state === 'started') await this.applyRound(round, updates, signal);
    else this.save(attempt, this.current.trainer);
    this.inbox.forget(attempt);
    this.sealedModels.forget(attempt);
    return [];
  }

  /** Writes the model as it is. @returns its digest */
  finish(): string {
    const { coupleId, datasetId, modelId, terms } = this.couple;
    return writeTrainedModel(this.context.member.home, {
      schemaVersion: 3,
      coupleId,
      datasetId,
      modelId,
      programDigest: terms.programDigest,
      target: this.template.target,
      columns: [...this.template.columns],
      ...(this.template.recipe && { recipe: this.template.recipe }),
      ...(this.template.privacy && { privacy: this.template.privacy }),
      ...this.trainer.result(this.current.trainer),
      salt: modelSalt(this.context.market, coupleId),
    });
  }

  private async applyRound(
    round: RoundView,
    updates: readonly SubsetUpdate[],
    signal: AbortSignal,
  ): Promise<void> {
    const { coupleId, attempt } = round;
    const { state, metrics } = await this.context.steps.run(
      'applyUpdates',
      { coupleId, attempt, subsets: updates.length },
      async (note, onProgress) => {
        const work = { signal, onProgress };
        const applied = await this.trainer.applyUpdates(this.current.trainer, attempt, updates, work);
        const { gradientNorm, precisionBits } = applied.metrics;
        note({ gradientNorm, ...(precisionBits === null ? {} : { precisionBits }) });
        return applied;
      },
    );
    await this.context.steps.run('saveState', { coupleId, attempt }, () => {
      this.noteRound(attempt, state, metrics, updates);
      this.save(attempt, state);
    });
  }

  /**
   * The subsets that were settled as agreed, if they were trained on the model that this state gives. If an earlier update
   * was lost before it was saved, they were not, and would make the model wrong.
   */
  private async usable({ coupleId, attempt, modelDigest, settlements }: RoundView): Promise<Settlement[]> {
    const agreed = settlements.filter(({ outcome }) => outcome === 'agreed');
    if (agreed.length === 0 || digestOf(await this.modelFor(attempt)) === modelDigest) return agreed;
    this.context.logger.warn({ code: 'VT9207', coupleId, attempt }, 'trained on another model, left out');
    return [];
  }

  /** The updates of these subsets, and the subsets whose update is missing. */
  private async updatesOf(
    round: RoundView,
    agreed: readonly Settlement[],
    signal: AbortSignal,
  ): Promise<{ updates: SubsetUpdate[]; lost: number[] }> {
    const updates: SubsetUpdate[] = [];
    const lost: number[] = [];
    for (const { subsetIndex: subset, digest } of agreed) {
      const winner = await this.inbox.winner(round, subset, signal);
      if (winner?.digest !== digest) lost.push(subset);
      else updates.push({ subset, bytes: winner.bytes });
    }
    return { updates: updates.sort((a, b) => a.subset - b.subset), lost };
  }

  private timedOut(attempt: number): boolean {
    if (this.missed?.attempt !== attempt) this.missed = { attempt, at: performance.now() };
    return performance.now() - this.missed.at >= this.couple.terms.deadlines.uploadMs;
  }

  private reportDamaged(keptAs: string, cause: unknown): void {
    const { coupleId } = this.couple;
    const { message } = describeFailure(cause);
    this.context.logger.warn(
      { code: 'VT9211', coupleId, keptAs, message },
      'the state of the training was damaged and is computed again',
    );
  }

  private reportLost({ coupleId, attempt }: RoundView, lost: readonly number[]): void {
    for (const subset of lost)
      this.context.logger.warn(
        { code: 'VT9206', coupleId, attempt, subset },
        'agreed update is lost, left out',
      );
  }

  private noteRound(
    attempt: number,
    state: TrainerState,
    metrics: RoundMetrics,
    updates: readonly SubsetUpdate[],
  ): void {
    const { rounds: _, ...model } = this.trainer.result(state);
    const unusable = new Set(metrics.unusable.map(({ subset }) => subset));
    roundResultFile(this.context.member.home.couple(this.couple.coupleId), attempt).write({
      schemaVersion: 2,
      attempt,
      model,
      metrics: { ...metrics, unusable: [...metrics.unusable] },
      usedSubsets: updates.map(({ subset }) => subset).filter((subset) => !unusable.has(subset)),
    });
  }

  private save(attempt: number, trainer: TrainerState): void {
    const progress: Progress = { schemaVersion: 1, attempt, trainer };
    this.file.write(progress);
    this.current = progress;
  }
}
