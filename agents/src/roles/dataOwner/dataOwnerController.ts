import {
  type CommittedChange,
  everyPage,
  isVeritrainError,
  type TrainCouple,
  type Waiting,
} from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { documentHandle } from '@veritrain/member/vault';
import { verifyInstances } from '@veritrain/member/datasets';
import type { Controller, ReconcileResult } from '../../runtime/agentLoop.js';
import { readIfThere } from '@veritrain/member/home';
import { enforceDeadlines } from '../shared/deadlines.js';
import { DrawMemory } from './drawMemory.js';
import { answerRequest } from './requestAnswer.js';
import {
  coupleOf,
  reconcileContextOf,
  afterStep,
  reconcileResult,
  type ApprovalPolicy,
  type ReconcileContext,
  type RoleContext,
} from '../role.js';
import { PackageKeeper } from './packageKeeper.js';
import { ObjectKeeper, type RestorableObject } from '../shared/objectKeeper.js';

const coupleChanges = [
  'TrainingApproved',
  'TrainingCancelled',
  'TrainingFinished',
  'RoundOpened',
  'RoundExpired',
];

/**
 * A data owner: verifies the hosts that joined, answers requests by policy, opens each round's link, and takes back the
 * rounds that a couple did not use.
 */
export class DataOwnerController implements Controller {
  readonly role = 'dataOwner';
  private readonly datasets = new Set<string>();
  /** Couples that have not ended, and their model owners. */
  private readonly couples = new Map<string, string>();
  /** Couples with a round that waits for this owner's link. */
  private readonly opened = new Set<string>();
  private readonly keeper: ObjectKeeper;
  private readonly draws: DrawMemory;
  private readonly packages: PackageKeeper;

  constructor(
    private readonly context: RoleContext,
    private readonly approval: ApprovalPolicy,
  ) {
    this.keeper = new ObjectKeeper(context);
    this.draws = new DrawMemory(context);
    this.packages = new PackageKeeper(context);
  }

  async list(signal: AbortSignal): Promise<string[]> {
    const { market, participantId } = this.context;
    for await (const { datasetId } of everyPage(market.datasets.list, { ownerId: participantId }, { signal }))
      this.datasets.add(datasetId);
    for await (const couple of everyPage(market.couples.list, { participantId }, { signal })) {
      if (couple.dataOwnerId !== participantId) continue;
      if (needsNothing(couple)) this.couples.delete(couple.coupleId);
      else this.couples.set(couple.coupleId, couple.modelOwnerId);
    }
    return [...this.datasets, ...this.couples.keys()];
  }

  counterpartyOf(subject: string): string | undefined {
    return this.couples.get(subject);
  }

  keyOf(change: CommittedChange): string | undefined {
    if (change.type === 'InstanceJoined')
      return this.datasets.has(change.datasetId) ? change.datasetId : undefined;
    if (change.type === 'DatasetRegistered' && change.ownerId === this.context.participantId) {
      this.datasets.add(change.datasetId);
      return change.datasetId;
    }
    if (change.type === 'TrainingRequested' && change.dataOwnerId === this.context.participantId) {
      this.couples.set(change.coupleId, change.modelOwnerId);
      return change.coupleId;
    }
    return this.coupleToReconcile(change);
  }

  private coupleToReconcile(change: CommittedChange): string | undefined {
    const coupleId = coupleOf(change);
    if (coupleId === undefined || !this.couples.has(coupleId)) return undefined;
    if (change.type === 'RoundOpened') this.opened.add(coupleId);
    return coupleChanges.includes(change.type) ? coupleId : undefined;
  }

  reconcile(subject: string, signal: AbortSignal): Promise<ReconcileResult> {
    return this.datasets.has(subject)
      ? this.reconcileDataset(subject, signal)
      : this.reconcileCouple(subject, signal);
  }

  private async reconcileDataset(datasetId: string, signal: AbortSignal): Promise<ReconcileResult> {
    const waiting = await this.reconcileJoins(datasetId, signal);
    await this.ensureTemplate(datasetId, signal);
    await this.packages.ensure(datasetId, signal);
    return { waiting };
  }

  private async reconcileJoins(datasetId: string, signal: AbortSignal): Promise<Waiting[]> {
    const joins = await this.unverifiedJoins(datasetId, signal);
    if (joins.length === 0) return [];
    try {
      await this.verify(datasetId, signal);
    } finally {
      const late = await this.unverifiedJoins(datasetId, signal);
      if (late.some(({ until }) => until?.passed === true)) await this.expireJoins(datasetId, signal);
    }
    return this.unverifiedJoins(datasetId, signal);
  }

  /** Hosts that join and model owners that ask need the template. */
  private ensureTemplate(datasetId: string, signal: AbortSignal): Promise<void> {
    const find = (): RestorableObject | undefined => {
      const content = readIfThere(this.context.member.home.dataset(datasetId).templatePath);
      if (content === undefined) return undefined;
      const handle = documentHandle(this.context.market, digestOf(content));
      return { what: 'template', handle, content, step: 'putDocument', facts: { datasetId } };
    };
    return this.keeper.ensure(datasetId, find, signal);
  }

  private async unverifiedJoins(datasetId: string, signal: AbortSignal): Promise<Waiting[]> {
    const { waitingForJoins } = this.context.market.instances;
    const joins: Waiting[] = [];
    for await (const wait of everyPage(waitingForJoins, { datasetId }, { signal })) {
      if (wait.transactions.includes('VerifyInstances')) joins.push(wait);
    }
    return joins;
  }

  private async verify(datasetId: string, signal: AbortSignal): Promise<void> {
    const { steps, member, logger } = this.context;
    try {
      await steps.run('verifyInstances', { datasetId }, async (note) => {
        const { judged, waiting } = await verifyInstances(member, { datasetId }, { signal });
        note({ subsets: judged.length, waiting: waiting.length });
      });
    } catch (error) {
      // Too many hosts of a subset hold another package: more may join, or their time runs out.
      if (!isVeritrainError(error, 'VT0510')) throw error;
      logger.warn({ datasetId, code: error.code }, error.message);
    }
  }

  private async expireJoins(datasetId: string, signal: AbortSignal): Promise<void> {
    const { instances } = this.context.market;
    const input = { datasetId, state: 'joined' as const };
    for await (const { instanceId, generation } of everyPage(instances.list, input, { signal })) {
      try {
        await this.context.steps.run('expireJoin', { datasetId, instanceId }, () =>
          instances.expireJoin({ instanceId, generation }, { signal }),
        );
      } catch (error) {
        if (!isVeritrainError(error, 'VT0404', 'VT0202', 'VT0504')) throw error;
      }
    }
  }

  /** Deadlines first, so that later steps may fail and no member waits for ever. */
  private async reconcileCouple(coupleId: string, signal: AbortSignal): Promise<ReconcileResult> {
    const context = await reconcileContextOf(this.context, coupleId, signal, this.opened.delete(coupleId));
    if (hasEnded(context.view.couple)) return this.release(context);
    const waiting = await enforceDeadlines(context);
    if (waiting === undefined) return reconcileResult(undefined, []);
    return (await this.advance(context)) ? afterStep : reconcileResult(waiting, []);
  }

  /** @returns whether it did a step */
  private async advance(context: ReconcileContext): Promise<boolean> {
    const { couple, round } = context.view;
    if (couple.state === 'requested') return this.approval === 'auto' && (await answerRequest(context));
    return round?.state === 'opened' && (await this.start(context));
  }

  /** Opens the link of the attempt that waits for it. */
  protected async start({ view, rounds, market, steps, signal }: ReconcileContext): Promise<boolean> {
    const { couple } = view;
    const { coupleId, attempts: attempt } = couple;
    const round = await rounds.get(attempt);
    if (round.state !== 'opened' || round.startBy.passed) return false;
    const link = await this.draws.nextLink(couple, signal);
    await steps.run('startRound', { coupleId, attempt }, () =>
      market.rounds.start({ coupleId, attempt, link }, { signal }),
    );
    this.draws.note(couple, attempt);
    return true;
  }

  private async release({ view, market, steps, signal }: ReconcileContext): Promise<ReconcileResult> {
    const { coupleId } = view.couple;
    if (!needsNothing(view.couple)) {
      await steps.run('releaseRounds', { coupleId }, () =>
        market.couples.releaseRounds({ coupleId }, { signal }),
      );
    }
    this.couples.delete(coupleId);
    this.draws.forget(coupleId);
    return { waiting: [] };
  }
}

const hasEnded = ({ state }: TrainCouple): boolean => ['rejected', 'cancelled', 'finished'].includes(state);

/** Whether the data owner has nothing left to do: the couple ended, and any reserved rounds are given back. */
const needsNothing = (couple: TrainCouple): boolean =>
  hasEnded(couple) && (couple.dataOwnerChain === null || couple.releasedRounds !== null);
