import type { RoundView, TrainCouple } from '@veritrain/client-sdk';
import {
  createModelOwnerTrainer,
  TrainingError,
  type ModelOwnerTrainer,
  type RoundMetrics,
  type SubsetUpdate,
  type Template,
} from '@veritrain/training';
import { fetchProgram, templateOf } from '../actions/documents.js';
import { writeTrainedModel } from '../runtime/trainedModel.js';
import { ProgressFile, roundResultFile, type Progress } from './coupleProgress.js';
import { marketOf, placeOf, type RoleContext } from './role.js';
import { UpdateInbox } from './updateInbox.js';

/** The training of one couple at its model owner: what is settled on the ledger goes in, the next model comes out. */
export class CoupleTraining {
  readonly inbox: UpdateInbox;
  private readonly file: ProgressFile;
  private current: Progress;

  private constructor(
    private readonly context: RoleContext,
    private readonly couple: TrainCouple,
    private readonly template: Template,
    private readonly trainer: ModelOwnerTrainer,
  ) {
    const home = context.member.home.couple(couple.coupleId);
    this.inbox = new UpdateInbox(context, couple);
    this.file = new ProgressFile(home);
    this.current = this.file.read() ?? { attempt: 0, trainer: trainer.initialState() };
  }

  static async open(context: RoleContext, couple: TrainCouple, signal: AbortSignal): Promise<CoupleTraining> {
    const { member } = context;
    const program = await fetchProgram(member, couple.terms, { signal });
    const template = await templateOf(member, couple.datasetId, { signal });
    const trainer = await createModelOwnerTrainer({
      program,
      template,
      secret: marketOf(context).keyring.coupleSecret(couple.coupleId),
      ...placeOf(context),
      couple: couple.coupleId,
    });
    return new CoupleTraining(context, couple, template, trainer);
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

  /** The exact bytes that go out in an attempt. */
  modelFor(attempt: number): Uint8Array {
    return this.trainer.modelForRound(this.current.trainer, attempt);
  }

  /** Takes in an attempt that is over: the updates of all subsets that were settled as agreed. */
  async takeIn(round: RoundView, signal: AbortSignal): Promise<void> {
    const { attempt } = round;
    if (round.state === 'started') await this.applyRound(round, signal);
    else this.save({ attempt, trainer: this.current.trainer });
    this.inbox.forget(attempt);
  }

  /** Writes the model as it is. @returns its digest */
  finish(): string {
    const { weights, intercept, rounds } = this.trainer.result(this.current.trainer);
    const { coupleId, datasetId, modelId, terms } = this.couple;
    return writeTrainedModel(this.context.member.home, {
      schemaVersion: 1,
      coupleId,
      datasetId,
      modelId,
      programDigest: terms.programDigest,
      target: this.template.target,
      columns: [...this.template.columns],
      weights: [...weights],
      intercept,
      rounds,
    });
  }

  private async applyRound(round: RoundView, signal: AbortSignal): Promise<void> {
    const { coupleId, attempt } = round;
    const updates = await this.agreedUpdates(round, signal);
    const { state, metrics } = await this.context.steps.run(
      'applyUpdates',
      { coupleId, attempt, subsets: updates.length },
      (note) => {
        const applied = this.trainer.applyUpdates(this.current.trainer, attempt, updates);
        const { gradientNorm, precisionBits } = applied.metrics;
        note({ gradientNorm, ...(precisionBits === null ? {} : { precisionBits }) });
        return applied;
      },
    );
    await this.context.steps.run('saveState', { coupleId, attempt }, () => {
      this.noteRound(attempt, state, metrics, updates);
      this.save({ attempt, trainer: state });
    });
  }

  /** The update of every subset that was settled as agreed; ones that are no updates at all are left out, though paid. */
  private async agreedUpdates(round: RoundView, signal: AbortSignal): Promise<SubsetUpdate[]> {
    const updates: SubsetUpdate[] = [];
    for (const { subsetIndex: subset, outcome, digest } of round.settlements) {
      if (outcome !== 'agreed') continue;
      const winner = await this.inbox.winner(round, subset, signal);
      if (winner?.digest !== digest)
        throw new Error(`the agreed update of subset ${subset.toString()} cannot be had any more`);
      if (this.isUpdate(winner.bytes, round, subset)) updates.push({ subset, bytes: winner.bytes });
    }
    return updates.sort((a, b) => a.subset - b.subset);
  }

  private isUpdate(bytes: Uint8Array, { coupleId, attempt }: RoundView, subset: number): boolean {
    try {
      this.trainer.checkUpdate(bytes, attempt, subset);
      return true;
    } catch (error) {
      if (!(error instanceof TrainingError)) throw error;
      const { code, message } = error;
      this.context.logger.warn({ code, message, coupleId, attempt, subset }, 'agreed update is malformed');
      return false;
    }
  }

  private noteRound(
    attempt: number,
    state: Progress['trainer'],
    metrics: RoundMetrics,
    updates: readonly SubsetUpdate[],
  ): void {
    const { weights, intercept } = this.trainer.result(state);
    const unusable = new Set(metrics.unusable.map(({ subset }) => subset));
    roundResultFile(this.context.member.home.couple(this.couple.coupleId), attempt).write({
      schemaVersion: 1,
      attempt,
      model: { weights: [...weights], intercept },
      metrics: { ...metrics, unusable: [...metrics.unusable] },
      usedSubsets: updates.map(({ subset }) => subset).filter((subset) => !unusable.has(subset)),
    });
  }

  private save(progress: Progress): void {
    this.file.write(progress);
    this.current = progress;
  }
}
