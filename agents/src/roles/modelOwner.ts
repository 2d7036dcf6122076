import {
  digestOf,
  everyPage,
  type CommittedChange,
  type RoundView,
  type TrainCouple,
} from '@veritrain/client-sdk';
import type { Duties, Outlook } from '../runtime/agentLoop.js';
import { closeRound } from './closing.js';
import { CoupleTraining } from './coupleTraining.js';
import { enforceDeadlines } from './deadlines.js';
import { Patience } from './patience.js';
import { coupleOf, marketOf, type RoleContext } from './role.js';

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
  private readonly couples = new Set<string>();
  private readonly uploads = new Patience(150, 3_000);
  private readonly trainings = new Map<string, CoupleTraining>();

  constructor(private readonly context: RoleContext) {}

  async subjects(signal: AbortSignal): Promise<string[]> {
    const { participantId } = this.context;
    const { list } = marketOf(this.context).couples;
    for (const state of ['requested', 'approved'] as const) {
      for await (const couple of everyPage(list, { participantId, state }, { signal })) {
        if (couple.modelOwnerId === participantId) this.couples.add(couple.coupleId);
      }
    }
    return [...this.couples];
  }

  subjectOf(change: CommittedChange): string | undefined {
    if (change.type === 'TrainingRequested' && change.modelOwnerId === this.context.participantId)
      this.couples.add(change.coupleId);
    const coupleId = coupleOf(change);
    if (coupleId === undefined || !this.couples.has(coupleId)) return undefined;
    return coupleChanges.includes(change.type) ? coupleId : undefined;
  }

  async reconcile(coupleId: string, signal: AbortSignal): Promise<Outlook> {
    const couple = await marketOf(this.context).couples.get({ coupleId }, { signal });
    if (couple.state === 'requested') return this.await(couple, undefined, signal);
    if (couple.state !== 'approved') {
      this.couples.delete(coupleId);
      this.uploads.forget(coupleId);
      this.trainings.delete(coupleId);
      return { waiting: [] };
    }
    return this.train(couple, signal);
  }

  private async train(couple: TrainCouple, signal: AbortSignal): Promise<Outlook> {
    const training = await this.trainingOf(couple, signal);
    while (training.attempt < couple.attempts) {
      const attempt = training.attempt + 1;
      const round = await marketOf(this.context).rounds.get(
        { coupleId: couple.coupleId, attempt },
        { signal },
      );
      if (!isOver(round)) return this.endRound(couple, round, training, signal);
      await training.takeIn(round, signal);
    }
    if (training.finished || !hasRoundsLeft(couple)) await this.finish(couple, training, signal);
    else await this.open(couple, training, signal);
    return { waiting: [], lookAgainMs: nobodyAnswersMs };
  }

  private async trainingOf(couple: TrainCouple, signal: AbortSignal): Promise<CoupleTraining> {
    const known = this.trainings.get(couple.coupleId);
    if (known !== undefined) return known;
    const training = await CoupleTraining.open(this.context, couple, signal);
    this.trainings.set(couple.coupleId, training);
    return training;
  }

  private async open(
    { coupleId, attempts }: TrainCouple,
    training: CoupleTraining,
    signal: AbortSignal,
  ): Promise<void> {
    const { vault, keyring, rounds } = marketOf(this.context);
    const attempt = attempts + 1;
    const facts = { coupleId, attempt };
    const model = training.modelFor(attempt);
    const modelHandle = keyring.handle('model', coupleId, attempt.toString());
    if (this.context.drill !== 'withhold-model') {
      await this.context.steps.run('putModel', { ...facts, bytes: model.length }, () =>
        vault.put(model, { handle: modelHandle, signal }),
      );
    }
    await this.context.steps.run('openRound', facts, () =>
      rounds.open({ ...facts, modelDigest: digestOf(model), modelHandle }, { signal }),
    );
  }

  private async endRound(
    couple: TrainCouple,
    round: RoundView,
    training: CoupleTraining,
    signal: AbortSignal,
  ): Promise<Outlook> {
    if (round.state === 'opened') return this.await(couple, undefined, signal);
    const { closed, awaitsUpload } = await closeRound(this.context, couple, round, training.inbox, signal);
    if (closed) return { waiting: [], lookAgainMs: 0 };
    const key = `${couple.coupleId}/${round.attempt.toString()}`;
    return this.await(couple, awaitsUpload ? this.uploads.next(key) : undefined, signal);
  }

  private async await(
    couple: TrainCouple,
    lookAgainMs: number | undefined,
    signal: AbortSignal,
  ): Promise<Outlook> {
    const waiting = await enforceDeadlines(this.context, couple, anyDeadline, signal);
    if (waiting === undefined) return { waiting: [], lookAgainMs: 0 };
    return lookAgainMs === undefined ? { waiting } : { waiting, lookAgainMs };
  }

  private async finish(
    { coupleId }: TrainCouple,
    training: CoupleTraining,
    signal: AbortSignal,
  ): Promise<void> {
    const { steps } = this.context;
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
