import {
  digestOf,
  everyPage,
  type CommittedChange,
  type RoundView,
  type TrainCouple,
} from '@veritrain/client-sdk';
import { modelHandle } from '../actions/ownHandles.js';
import { isOutOfReach, isUnavailable, putOwn } from '../actions/ownObject.js';
import type { Duties, Outlook } from '../runtime/agentLoop.js';
import { describeFailure } from '../runtime/failure.js';
import { closeRound } from './closing.js';
import { CoupleTraining } from './coupleTraining.js';
import { enforceDeadlines } from './deadlines.js';
import { tendRound } from './modelUpkeep.js';
import { Patience } from './patience.js';
import { coupleOf, endorsed, marketOf, outlookOn, type Missing, type RoleContext } from './role.js';
import { Upkeep } from './upkeep.js';

const anyDeadline = ['CancelTraining', 'ExpireRound', 'TallyRound'] as const;
const coupleChanges = [
  'TrainingApproved',
  'RoundStarted',
  'RoundExpired',
  'UpdateCommitted',
  'UpdateUnavailable',
  'SubsetSettled',
  'SubsetContested',
];
/** After an own step the next look mostly comes with the answer to it; this is for when nobody answers. */
const nobodyAnswersMs = 200;

/** A model owner: sends the model out, closes each round, takes in what was settled, and finishes. */
export class ModelOwnerDuties implements Duties {
  readonly role = 'modelOwner';
  /** Couples that have not ended, and their data owners. */
  private readonly couples = new Map<string, string>();
  private readonly uploads = new Patience(150, 3_000);
  private readonly trainings = new Map<string, CoupleTraining>();
  private readonly upkeep: Upkeep;

  constructor(private readonly context: RoleContext) {
    this.upkeep = new Upkeep(context);
  }

  async subjects(signal: AbortSignal): Promise<string[]> {
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

  subjectOf(change: CommittedChange): string | undefined {
    if (change.type === 'TrainingRequested' && change.modelOwnerId === this.context.participantId)
      this.couples.set(change.coupleId, change.dataOwnerId);
    const coupleId = coupleOf(change);
    if (coupleId === undefined || !this.couples.has(coupleId)) return undefined;
    return coupleChanges.includes(change.type) ? coupleId : undefined;
  }

  async reconcile(coupleId: string, signal: AbortSignal): Promise<Outlook> {
    const couple = await marketOf(this.context).couples.get({ coupleId }, { signal });
    if (couple.state === 'requested') return this.await(couple, [], signal);
    if (couple.state !== 'approved') {
      this.couples.delete(coupleId);
      this.uploads.forget(coupleId);
      this.upkeep.forget(coupleId);
      this.trainings.delete(coupleId);
      return { waiting: [] };
    }
    try {
      return await this.train(couple, await this.trainingOf(couple, signal), signal);
    } catch (error) {
      if (isOutOfReach(error)) return this.doWithout(couple, error, signal);
      // Whatever it is that fails, nobody waits for this owner longer than agreed.
      await enforceDeadlines(this.context, couple, anyDeadline, signal);
      throw error;
    }
  }

  private async train(couple: TrainCouple, training: CoupleTraining, signal: AbortSignal): Promise<Outlook> {
    while (training.attempt < couple.attempts) {
      const attempt = training.attempt + 1;
      const round = await this.roundOf(couple, attempt, signal);
      if (!isOver(round)) return this.endRound(couple, round, training, signal);
      const awaited = await training.takeIn(round, signal);
      if (awaited.length > 0) return this.await(couple, this.missingUpdates(round, awaited), signal);
    }
    if (training.finished || !hasRoundsLeft(couple)) await this.finish(couple, training, signal);
    else await this.open(couple, training, signal);
    return { waiting: [], lookAgainMs: nobodyAnswersMs };
  }

  /** What is over goes into the model, and lets the next link be opened: a single peer's word is not enough for it. */
  private async roundOf({ coupleId }: TrainCouple, attempt: number, signal: AbortSignal): Promise<RoundView> {
    const { rounds } = marketOf(this.context);
    const round = await rounds.get({ coupleId, attempt }, { signal });
    return isOver(round) ? rounds.get({ coupleId, attempt }, endorsed(signal)) : round;
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
    if (this.context.drill !== 'withhold-model') {
      const sealed = await training.sealedModelFor(attempt, signal);
      await this.context.steps.run('putModel', { ...facts, bytes: sealed.length }, () =>
        putOwn(market.vault, sealed, { handle, sealed: true, signal }),
      );
    }
    const link = training.linkFor(attempt);
    const input = { ...facts, modelDigest: digestOf(model), modelHandle: handle, link };
    await this.context.steps.run('openRound', facts, () => market.rounds.open(input, { signal }));
  }

  private async endRound(
    couple: TrainCouple,
    round: RoundView,
    training: CoupleTraining,
    signal: AbortSignal,
  ): Promise<Outlook> {
    if (round.state === 'opened') return this.await(couple, [], signal);
    // Side by side: a vault that hangs must not keep the round from being closed.
    const [tended, closing] = await Promise.allSettled([
      tendRound(this.context, this.upkeep, round, training, signal),
      closeRound(this.context, couple, round, training.inbox, signal),
    ]);
    if (closing.status === 'rejected') throw closing.reason;
    if (tended.status === 'rejected') throw tended.reason;
    const { closed, awaited } = closing.value;
    if (closed) return { waiting: [], lookAgainMs: 0 };
    return this.await(couple, this.missingUpdates(round, awaited), signal);
  }

  private missingUpdates({ coupleId, attempt, jobs }: RoundView, subsets: readonly number[]): Missing[] {
    if (subsets.length === 0) return [];
    const lookAgainMs = this.uploads.next(`${coupleId}/${attempt.toString()}`);
    return subsets.map((subset) => ({
      what: `an update of subset ${subset.toString()}, from the vault`,
      whom: jobs.flatMap((job) =>
        job.subsetIndex === subset && job.state === 'committed' ? [job.participantId] : [],
      ),
      lookAgainMs,
    }));
  }

  /** A document, or the vault, without which this agent cannot go on: it may come back; if not, the deadlines end the couple. */
  private doWithout(couple: TrainCouple, error: unknown, signal: AbortSignal): Promise<Outlook> {
    const { coupleId, dataOwnerId } = couple;
    const failure = describeFailure(error);
    this.context.logger.warn({ ...failure, coupleId }, 'a document is missing');
    const isVault = !isUnavailable(error);
    const what = isVault
      ? `the vault (${failure.code})`
      : `the template and the program, from the vault (${failure.code})`;
    const missing = {
      what,
      whom: isVault ? [] : [dataOwnerId],
      lookAgainMs: this.uploads.next(`${coupleId}/documents`),
    };
    return this.await(couple, [missing], signal);
  }

  private async await(
    couple: TrainCouple,
    missing: readonly Missing[],
    signal: AbortSignal,
  ): Promise<Outlook> {
    return outlookOn(await enforceDeadlines(this.context, couple, anyDeadline, signal), missing);
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
