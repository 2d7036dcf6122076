import {
  type CommittedChange,
  type CoupleView,
  everyPage,
  type RoundView,
  type TrainCouple,
} from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { isOutOfReach, isUnavailable, modelHandle, putOwn } from '@veritrain/member/vault';
import type { Controller, ReconcileResult } from '../../runtime/agentLoop.js';
import { describeFailure } from '../../runtime/failure.js';
import { AnswerCounts, type Answer } from '../shared/answerCounts.js';
import { closeRound, type Closing, type Updates } from './closing.js';
import { CoupleTraining } from './coupleTraining.js';
import { enforceDeadlines } from '../shared/deadlines.js';
import { keepRound } from './roundKeeper.js';
import { Backoff } from '../shared/backoff.js';
import {
  coupleOf,
  endorsed,
  marketOf,
  reconcileResult,
  viewOf,
  type Missing,
  type RoleContext,
} from '../role.js';
import { ObjectKeeper } from '../shared/objectKeeper.js';

const anyDeadline = ['CancelTraining', 'ExpireRound', 'TallyRound'] as const;
const coupleChanges = [
  'TrainingApproved',
  'RoundStarted',
  'RoundExpired',
  'SubsetSettled',
  'SubsetContested',
];
/** After an own step the next look mostly comes with the answer to it; this is for when nobody answers. */
const nobodyAnswersMs = 200;

/** A model owner: sends the model out, closes each round, takes in what was settled, and finishes. */
export class ModelOwnerController implements Controller {
  readonly role = 'modelOwner';
  /** Couples that have not ended, and their data owners. */
  private readonly couples = new Map<string, string>();
  private readonly uploads = new Backoff(150, 3_000);
  private readonly trainings = new Map<string, CoupleTraining>();
  private readonly keeper: ObjectKeeper;
  private readonly answers = new AnswerCounts();

  constructor(private readonly context: RoleContext) {
    this.keeper = new ObjectKeeper(context);
  }

  async list(signal: AbortSignal): Promise<string[]> {
    const { participantId } = this.context;
    const { list } = marketOf(this.context).couples;
    for (const state of ['requested', 'approved'] as const) {
      for await (const couple of everyPage(list, { participantId, state }, { signal })) {
        if (couple.modelOwnerId === participantId) this.couples.set(couple.coupleId, couple.dataOwnerId);
      }
    }
    return [...this.couples.keys()];
  }

  counterpartyOf(coupleId: string): string | undefined {
    return this.couples.get(coupleId);
  }

  keyOf(change: CommittedChange): string | undefined {
    if (change.type === 'TrainingRequested' && change.modelOwnerId === this.context.participantId)
      this.couples.set(change.coupleId, change.dataOwnerId);
    const coupleId = coupleOf(change);
    if (coupleId === undefined || !this.couples.has(coupleId)) return undefined;
    if (change.type === 'RoundStarted') this.answers.begin(change);
    if (change.type === 'UpdateCommitted' || change.type === 'UpdateUnavailable')
      return this.isDecisive(change) ? coupleId : undefined;
    return coupleChanges.includes(change.type) ? coupleId : undefined;
  }

  /** Whether an answer makes the quorum, so that updates come, or is the last one, so that the subset can be closed. */
  private isDecisive(change: Answer): boolean {
    const count = this.answers.note(change);
    if (count === undefined) return true;
    return count.committed === count.quorum || count.answered === count.slots;
  }

  async reconcile(coupleId: string, signal: AbortSignal): Promise<ReconcileResult> {
    const view = await viewOf(this.context, coupleId, signal);
    const { couple } = view;
    if (couple.state === 'requested') return this.await(view, [], signal);
    if (couple.state !== 'approved') {
      this.couples.delete(coupleId);
      this.answers.forget(coupleId);
      this.uploads.forget(coupleId);
      this.keeper.forget(coupleId);
      this.trainings.delete(coupleId);
      return { waiting: [] };
    }
    this.answers.know(couple);
    try {
      return await this.train(view, await this.trainingOf(couple, signal), signal);
    } catch (error) {
      if (isOutOfReach(error)) return this.withoutInput(view, error, signal);
      // Whatever it is that fails, nobody waits for this owner longer than agreed.
      await enforceDeadlines(this.context, view, anyDeadline, signal);
      throw error;
    }
  }

  private async train(
    view: CoupleView,
    training: CoupleTraining,
    signal: AbortSignal,
  ): Promise<ReconcileResult> {
    const { couple } = view;
    while (training.attempt < couple.attempts) {
      const attempt = training.attempt + 1;
      const round = await this.roundOf(view, attempt, signal);
      if (!isOver(round)) return this.endRound(view, round, training, signal);
      const awaited = await training.ingest(round, signal);
      if (awaited.length > 0) return this.await(view, this.missingUpdates(round, awaited), signal);
    }
    if (training.finished || !hasRoundsLeft(couple)) await this.finish(couple, training, signal);
    else await this.open(couple, training, signal);
    return { waiting: [], requeueAfterMs: nobodyAnswersMs };
  }

  /** What is over goes into the model, and lets the next link be opened: a single peer's word is not enough for it. */
  private async roundOf(
    { couple: { coupleId }, round }: CoupleView,
    attempt: number,
    signal: AbortSignal,
  ): Promise<RoundView> {
    if (round?.attempt === attempt && !isOver(round)) return round;
    return marketOf(this.context).rounds.get({ coupleId, attempt }, endorsed(signal));
  }

  /** The terms say whom the models are sealed to, and what is trained. */
  private async trainingOf({ coupleId }: TrainCouple, signal: AbortSignal): Promise<CoupleTraining> {
    const known = this.trainings.get(coupleId);
    if (known !== undefined) return known;
    const couple = await marketOf(this.context).couples.get({ coupleId }, endorsed(signal));
    const training = await CoupleTraining.open(this.context, couple, signal);
    this.trainings.set(coupleId, training);
    return training;
  }

  private async open(
    { coupleId, attempts }: TrainCouple,
    training: CoupleTraining,
    signal: AbortSignal,
  ): Promise<void> {
    const market = marketOf(this.context);
    const attempt = attempts + 1;
    const facts = { coupleId, attempt };
    const model = training.modelFor(attempt);
    const handle = modelHandle(market, { coupleId, attempt });
    await this.putModel(training, { ...facts, handle }, signal);
    const link = training.linkFor(attempt);
    const input = { ...facts, modelDigest: digestOf(model), modelHandle: handle, link };
    await this.context.steps.run('openRound', facts, () => market.rounds.open(input, { signal }));
  }

  protected async putModel(
    training: CoupleTraining,
    { handle, ...facts }: { coupleId: string; attempt: number; handle: string },
    signal: AbortSignal,
  ): Promise<void> {
    const sealed = await training.sealedModelFor(facts.attempt, signal);
    await this.context.steps.run('putModel', { ...facts, bytes: sealed.length }, () =>
      putOwn(marketOf(this.context).vault, sealed, { handle, sealed: true, signal }),
    );
  }

  /** What hosts need of this owner in the vault while a round goes on. */
  protected keepObjects(round: RoundView, training: CoupleTraining, signal: AbortSignal): Promise<void> {
    return keepRound(this.context, this.keeper, round, training, signal);
  }

  protected close(
    couple: TrainCouple,
    round: RoundView,
    training: CoupleTraining,
    signal: AbortSignal,
  ): Promise<Closing> {
    return closeRound(this.context, couple, round, this.updatesOf(training), signal);
  }

  protected updatesOf({ inbox }: CoupleTraining): Updates {
    return inbox;
  }

  private async endRound(
    view: CoupleView,
    round: RoundView,
    training: CoupleTraining,
    signal: AbortSignal,
  ): Promise<ReconcileResult> {
    if (round.state === 'opened') return this.await(view, [], signal);
    // Side by side: a vault that hangs must not keep the round from being closed.
    const [kept, closing] = await Promise.allSettled([
      this.keepObjects(round, training, signal),
      this.close(view.couple, round, training, signal),
    ]);
    if (closing.status === 'rejected') throw closing.reason;
    if (kept.status === 'rejected') throw kept.reason;
    const { closed, awaited } = closing.value;
    if (closed) return { waiting: [], requeueAfterMs: 0 };
    return this.await(view, this.missingUpdates(round, awaited), signal);
  }

  private missingUpdates({ coupleId, attempt, jobs }: RoundView, subsets: readonly number[]): Missing[] {
    if (subsets.length === 0) return [];
    const requeueAfterMs = this.uploads.next(`${coupleId}/${attempt.toString()}`);
    return subsets.map((subsetIndex) => ({
      kind: 'update',
      attempt,
      subsetIndex,
      whom: jobs.flatMap((job) =>
        job.subsetIndex === subsetIndex && job.state === 'committed' ? [job.participantId] : [],
      ),
      requeueAfterMs,
    }));
  }

  /** A document, or the vault, without which this agent cannot go on: it may come back; if not, the deadlines end the couple. */
  private withoutInput(view: CoupleView, error: unknown, signal: AbortSignal): Promise<ReconcileResult> {
    const { coupleId, dataOwnerId } = view.couple;
    const failure = describeFailure(error);
    this.context.logger.warn({ ...failure, coupleId }, 'a document is missing');
    const isVault = !isUnavailable(error);
    const missing: Missing = {
      kind: isVault ? 'vault' : 'documents',
      code: failure.code,
      whom: isVault ? [] : [dataOwnerId],
      requeueAfterMs: this.uploads.next(`${coupleId}/documents`),
    };
    return this.await(view, [missing], signal);
  }

  private async await(
    view: CoupleView,
    missing: readonly Missing[],
    signal: AbortSignal,
  ): Promise<ReconcileResult> {
    return reconcileResult(await enforceDeadlines(this.context, view, anyDeadline, signal), missing);
  }

  private async finish(
    { coupleId }: TrainCouple,
    training: CoupleTraining,
    signal: AbortSignal,
  ): Promise<void> {
    const { steps } = this.context;
    const certain = await marketOf(this.context).couples.get({ coupleId }, endorsed(signal));
    if (!training.finished && hasRoundsLeft(certain)) return;
    const finalModelDigest = await steps.run('saveModel', { coupleId }, () => training.finish());
    const metrics = [{ name: 'rounds', value: training.rounds.toString() }];
    await steps.run('finishTraining', { coupleId }, () =>
      marketOf(this.context).couples.finish({ coupleId, finalModelDigest, metrics }, { signal }),
    );
  }
}

const isOver = ({ state, settled }: RoundView): boolean =>
  state === 'expired' || (state === 'started' && settled);

const hasRoundsLeft = ({ startedRounds, attempts, terms }: TrainCouple): boolean =>
  startedRounds < terms.rounds && attempts < terms.rounds + terms.spareAttempts;
