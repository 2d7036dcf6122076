import { type CommittedChange, everyPage, type RoundView, type TrainCouple } from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { isOutOfReach, isUnavailable, modelHandle, putOwn } from '@veritrain/member/vault';
import type { Controller, ReconcileResult, Wake } from '../../runtime/agentLoop.js';
import { describeFailure } from '../../runtime/failure.js';
import { AnswerCounts, type Answer } from '../shared/answerCounts.js';
import { closeRound, type Closing, type Updates } from './closing.js';
import { CoupleTraining } from './coupleTraining.js';
import { enforceDeadlines } from '../shared/deadlines.js';
import { keepRound } from './roundKeeper.js';
import { Backoff } from '../../runtime/backoff.js';
import {
  afterStep,
  coupleOf,
  endorsed,
  reconcileContextOf,
  reconcileResult,
  type Missing,
  type ReconcileContext,
  type RoleContext,
} from '../role.js';
import { ObjectKeeper } from '../shared/objectKeeper.js';

const coupleChanges = ['TrainingApproved', 'RoundExpired', 'SubsetSettled', 'SubsetContested'];
/** An update that can be fetched before the last host answers is fetched after this time, unless that answer comes first. */
const fetchAfterMs = 250;

/** A model owner: sends the model out, closes each round, takes in the settled updates, and finishes. */
export class ModelOwnerController implements Controller {
  readonly role = 'modelOwner';
  /** Couples that have not ended, and their data owners. */
  private readonly couples = new Map<string, string>();
  private readonly uploads = new Backoff(40, 3_000);
  private readonly trainings = new Map<string, Promise<CoupleTraining>>();
  private readonly keeper: ObjectKeeper;
  /** Couples with a round that can be closed, or that this owner closed. */
  private readonly ready = new Set<string>();
  /** The attempts that this owner closed. */
  private readonly closed = new Map<string, number>();

  constructor(
    private readonly context: RoleContext,
    private readonly answers = new AnswerCounts(),
  ) {
    this.keeper = new ObjectKeeper(context);
  }

  async list(signal: AbortSignal): Promise<string[]> {
    const { market, participantId } = this.context;
    for (const state of ['requested', 'approved'] as const) {
      for await (const couple of everyPage(market.couples.list, { participantId, state }, { signal })) {
        if (couple.modelOwnerId === participantId) this.couples.set(couple.coupleId, couple.dataOwnerId);
      }
    }
    return [...this.couples.keys()];
  }

  counterpartyOf(coupleId: string): string | undefined {
    return this.couples.get(coupleId);
  }

  keyOf(change: CommittedChange): string | Wake | undefined {
    if (change.type === 'TrainingRequested' && change.modelOwnerId === this.context.participantId) {
      this.couples.set(change.coupleId, change.dataOwnerId);
      return change.coupleId;
    }
    const coupleId = coupleOf(change);
    if (coupleId === undefined || !this.couples.has(coupleId)) return undefined;
    if (change.type === 'UpdateCommitted' || change.type === 'UpdateUnavailable') return this.hear(change);
    if (change.type === 'RoundStarted') {
      this.answers.begin(change);
      return { subject: coupleId, afterMs: afterStep.requeueAfterMs };
    }
    return coupleChanges.includes(change.type) && !this.isOwnStep(change) ? coupleId : undefined;
  }

  /** It knows of the subsets that it closed itself. */
  private isOwnStep(change: CommittedChange): boolean {
    return change.type === 'SubsetSettled' && this.closed.get(change.coupleId) === change.attempt;
  }

  /** The last answer lets the round be closed. One that completes a quorum, or is its subset's last, can wait for it. */
  private hear(change: Answer): string | Wake | undefined {
    const { coupleId } = change;
    const count = this.answers.note(change);
    if (count === undefined) return coupleId;
    if (count.isLast) {
      this.ready.add(coupleId);
      return coupleId;
    }
    const isDecisive = count.committed === count.quorum || count.answered === count.slots;
    return isDecisive ? { subject: coupleId, afterMs: fetchAfterMs } : undefined;
  }

  async reconcile(coupleId: string, signal: AbortSignal): Promise<ReconcileResult> {
    const context = await reconcileContextOf(this.context, coupleId, signal, this.ready.delete(coupleId));
    const { couple } = context.view;
    if (couple.state === 'requested') {
      void this.prepare(context);
      return this.await(context, []);
    }
    if (couple.state !== 'approved') {
      this.forget(coupleId);
      return { waiting: [] };
    }
    this.answers.know(couple);
    try {
      return await this.train(context, await this.trainingOf(context));
    } catch (error) {
      if (isOutOfReach(error)) return this.withoutInput(context, error);
      // Deadlines hold whatever fails: no member waits for this owner longer than agreed.
      await enforceDeadlines(context);
      throw error;
    }
  }

  private forget(coupleId: string): void {
    this.couples.delete(coupleId);
    this.answers.forget(coupleId);
    this.uploads.forget(coupleId);
    this.keeper.forget(coupleId);
    this.trainings.delete(coupleId);
    this.closed.delete(coupleId);
  }

  private async train(context: ReconcileContext, training: CoupleTraining): Promise<ReconcileResult> {
    const { couple } = context.view;
    while (training.attempt < couple.attempts) {
      const round = await this.roundOf(context, training.attempt + 1);
      if (!isOver(round)) return this.endRound(context, round, training);
      const awaited = await training.ingest(round, context.signal);
      if (awaited.length > 0) return this.await(context, this.missingUpdates(round, awaited));
    }
    if (training.finished || !hasRoundsLeft(couple)) await this.finish(context, training);
    else await this.open(context, training);
    return afterStep;
  }

  /** A round that is over goes into the model and lets the next link be opened, so it is not taken from one peer. */
  private async roundOf({ view, rounds }: ReconcileContext, attempt: number): Promise<RoundView> {
    const { round } = view;
    return round?.attempt === attempt && !isOver(round) ? round : rounds.get(attempt);
  }

  /** While the data owner judges the request: the keys and the first model. What fails is reported once it is needed. */
  private async prepare(context: ReconcileContext): Promise<void> {
    const { coupleId } = context.view.couple;
    if (this.trainings.has(coupleId)) return;
    try {
      const training = await this.trainingOf(context);
      await training.modelFor(training.attempt + 1);
    } catch (error) {
      context.logger.debug({ ...describeFailure(error), coupleId }, 'not prepared');
    }
  }

  private trainingOf(context: ReconcileContext): Promise<CoupleTraining> {
    const { coupleId } = context.view.couple;
    const known = this.trainings.get(coupleId);
    if (known !== undefined) return known;
    const opening = this.openTraining(context);
    this.trainings.set(coupleId, opening);
    opening.catch(() => this.trainings.delete(coupleId));
    return opening;
  }

  /** The terms name the readers of the models, and what is trained, so they are not taken from one peer. */
  private async openTraining({ view, market, signal }: ReconcileContext): Promise<CoupleTraining> {
    const { coupleId } = view.couple;
    const couple = await market.couples.get({ coupleId }, endorsed(signal));
    return CoupleTraining.open(this.context, couple, signal);
  }

  private async open(context: ReconcileContext, training: CoupleTraining): Promise<void> {
    const { view, market, steps, signal } = context;
    const facts = { coupleId: view.couple.coupleId, attempt: view.couple.attempts + 1 };
    const modelDigest = digestOf(await training.modelFor(facts.attempt));
    const handle = modelHandle(market, facts);
    await this.putModel(context, training, { ...facts, handle });
    const input = { ...facts, modelDigest, modelHandle: handle, link: training.linkFor(facts.attempt) };
    await steps.run('openRound', facts, () => market.rounds.open(input, { signal }));
  }

  protected async putModel(
    { market, steps, signal }: ReconcileContext,
    training: CoupleTraining,
    { handle, ...facts }: { coupleId: string; attempt: number; handle: string },
  ): Promise<void> {
    const sealed = await training.sealedModelFor(facts.attempt, signal);
    await steps.run('putModel', { ...facts, bytes: sealed.length }, () =>
      putOwn(market.vault, sealed, { handle, sealed: true, signal }),
    );
  }

  /** Keeps the objects in the vault that hosts need of this owner during a round. */
  protected keepObjects(
    context: ReconcileContext,
    round: RoundView,
    training: CoupleTraining,
  ): Promise<void> {
    return keepRound(context, round, training, this.keeper);
  }

  protected close(context: ReconcileContext, round: RoundView, training: CoupleTraining): Promise<Closing> {
    return closeRound(context, round, this.updatesOf(training));
  }

  protected updatesOf({ inbox }: CoupleTraining): Updates {
    return inbox;
  }

  private async endRound(
    context: ReconcileContext,
    round: RoundView,
    training: CoupleTraining,
  ): Promise<ReconcileResult> {
    if (round.state === 'opened') return this.await(context, []);
    // Concurrently: a vault that hangs must not keep the round from being closed.
    const [kept, closing] = await Promise.allSettled([
      this.keepObjects(context, round, training),
      this.close(context, round, training),
    ]);
    if (closing.status === 'rejected') throw closing.reason;
    if (kept.status === 'rejected') throw kept.reason;
    const { closed, awaited } = closing.value;
    if (closed) {
      this.ready.add(round.coupleId);
      this.closed.set(round.coupleId, round.attempt);
      return { waiting: [], requeueAfterMs: 0 };
    }
    return this.await(context, this.missingUpdates(round, awaited));
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

  /** A document, or the vault, is missing. It may come back; if it does not, the deadlines end the couple. */
  private withoutInput(context: ReconcileContext, error: unknown): Promise<ReconcileResult> {
    const { coupleId, dataOwnerId } = context.view.couple;
    const failure = describeFailure(error);
    context.logger.warn({ ...failure, coupleId }, 'a document is missing');
    const isVault = !isUnavailable(error);
    const missing: Missing = {
      kind: isVault ? 'vault' : 'documents',
      code: failure.code,
      whom: isVault ? [] : [dataOwnerId],
      requeueAfterMs: this.uploads.next(`${coupleId}/documents`),
    };
    return this.await(context, [missing]);
  }

  private async await(context: ReconcileContext, missing: readonly Missing[]): Promise<ReconcileResult> {
    return reconcileResult(await enforceDeadlines(context), missing);
  }

  private async finish(
    { view, market, steps, signal }: ReconcileContext,
    training: CoupleTraining,
  ): Promise<void> {
    const { coupleId } = view.couple;
    const certain = await market.couples.get({ coupleId }, endorsed(signal));
    if (!training.finished && hasRoundsLeft(certain)) return;
    const finalModelDigest = await steps.run('saveModel', { coupleId }, () => training.finish());
    const metrics = [{ name: 'rounds', value: training.rounds.toString() }];
    await steps.run('finishTraining', { coupleId }, () =>
      market.couples.finish({ coupleId, finalModelDigest, metrics }, { signal }),
    );
  }
}

const isOver = ({ state, settled }: RoundView): boolean =>
  state === 'expired' || (state === 'started' && settled);

const hasRoundsLeft = ({ startedRounds, attempts, terms }: TrainCouple): boolean =>
  startedRounds < terms.rounds && attempts < terms.rounds + terms.spareAttempts;
