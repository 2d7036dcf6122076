import { type CommittedChange, everyPage, type RoundView } from '@veritrain/client-sdk';
import { heldDatasets } from '@veritrain/member/instances';
import type { Controller, ReconcileResult, Wake } from '../../runtime/agentLoop.js';
import { AnswerCounts } from '../shared/answerCounts.js';
import { enforceDeadlines } from '../shared/deadlines.js';
import { HostWork } from './hostWork.js';
import { jobsOf, type KeptJob, UpdateStore } from './hostUpdate.js';
import {
  coupleOf,
  reconcileContextOf,
  reconcileResult,
  type ReconcileContext,
  type RoleContext,
} from '../role.js';

const endings = ['TrainingCancelled', 'TrainingFinished'];

/**
 * A host: computes the update of each of its slots that a started round names, commits to it, uploads it once the
 * subset has a quorum of commitments, and reveals its digest where the model owner fails to close.
 */
export class CloudOwnerController implements Controller {
  readonly role = 'cloudOwner';
  private readonly work: HostWork;
  private readonly updates: UpdateStore;
  /** The couples whose current round names this host, and the subsets. */
  private readonly drawn = new Map<string, ReadonlySet<number>>();
  private readonly answers = new AnswerCounts();
  /** Couples of which a change said that this host can compute, or upload. */
  private readonly ready = new Set<string>();
  /** The model owners of the couples on this host's datasets: a missing model only holds up the couples of its owner. */
  private modelOwners = new Map<string, string>();
  /** The datasets in which this host holds a slot, and the requests for them that nobody has answered, with their model owners. */
  private held = new Set<string>();
  private readonly requested = new Map<string, string>();

  constructor(
    private readonly context: RoleContext,
    workOn = (updates: UpdateStore) => new HostWork(context, updates),
  ) {
    this.updates = new UpdateStore(context);
    this.work = workOn(this.updates);
  }

  async list(signal: AbortSignal): Promise<string[]> {
    const { member, market, participantId } = this.context;
    const modelOwners = new Map<string, string>();
    this.held = await heldDatasets(member, participantId, { signal });
    for (const datasetId of this.held) {
      for await (const couple of everyPage(market.couples.list, { datasetId, state: 'approved' }, { signal }))
        modelOwners.set(couple.coupleId, couple.modelOwnerId);
    }
    this.modelOwners = modelOwners;
    return [...modelOwners.keys()];
  }

  counterpartyOf(coupleId: string): string | undefined {
    return this.modelOwners.get(coupleId);
  }

  keyOf(change: CommittedChange): string | Wake | undefined {
    this.warmUpFor(change);
    const coupleId = coupleOf(change);
    if (coupleId === undefined) return undefined;
    this.stopFor(change);
    if (this.letsPrepare(change)) return coupleId;
    if (change.type === 'RoundStarted') return this.hearStart(change);
    if (change.type === 'UpdateCommitted') return this.hearCommitment(change);
    if (change.type === 'SubsetContested') return this.holds(change) ? coupleId : undefined;
    return endings.includes(change.type) && this.drawn.has(coupleId) ? coupleId : undefined;
  }

  /** A host with a verified slot will train: it loads the encryption while others still join. */
  private warmUpFor(change: CommittedChange): void {
    if (change.type !== 'InstanceVerified' || change.participantId !== this.context.participantId) return;
    this.held.add(change.datasetId);
    this.work.warmUp();
  }

  /** What a change makes useless stops at once; the next reconcile goes by the ledger. */
  private stopFor(change: CommittedChange): void {
    if (change.type === 'RoundStarted' || change.type === 'RoundExpired') {
      const past = change.type === 'RoundStarted' ? change.attempt - 1 : change.attempt;
      this.work.endRounds(change.coupleId, (attempt) => attempt <= past);
    } else if (change.type === 'TrainingCancelled' || change.type === 'TrainingFinished')
      this.work.forget(change.coupleId);
  }

  /** @returns whether a couple on this host's data was approved: its first round is some seconds away */
  private letsPrepare(change: CommittedChange): boolean {
    if (change.type === 'TrainingRequested' && this.held.has(change.datasetId))
      this.requested.set(change.coupleId, change.modelOwnerId);
    const ends = ['TrainingRejected', 'TrainingCancelled', 'TrainingApproved'].includes(change.type);
    const coupleId = coupleOf(change);
    const modelOwnerId = coupleId && this.requested.get(coupleId);
    if (!ends || coupleId === undefined || modelOwnerId === undefined) return false;
    this.requested.delete(coupleId);
    if (change.type !== 'TrainingApproved') return false;
    this.modelOwners.set(coupleId, modelOwnerId);
    return true;
  }

  /** Whether the current round drew this host's slot of the subset. */
  private holds({ coupleId, subsetIndex }: { coupleId: string; subsetIndex: number }): boolean {
    return this.drawn.get(coupleId)?.has(subsetIndex) === true;
  }

  /** There is work if the round drew a slot of this host, or the one before did, whose update is needed no longer. */
  private hearStart(change: Extract<CommittedChange, { type: 'RoundStarted' }>): string | undefined {
    const { coupleId, modelOwnerId, drawn } = change;
    this.modelOwners.set(coupleId, modelOwnerId);
    const wasDrawn = this.drawn.has(coupleId);
    const subsets = drawn.filter(({ slots }) =>
      slots.some(({ participantId }) => participantId === this.context.participantId),
    );
    if (subsets.length > 0) this.answers.begin(change);
    this.remember(
      coupleId,
      subsets.map(({ subsetIndex }) => subsetIndex),
    );
    if (!wasDrawn && subsets.length === 0) return undefined;
    this.ready.add(coupleId);
    return coupleId;
  }

  /**
   * From the quorum on, this host can upload. Every later commitment counts until it has: it may be one that opens with
   * this host's digest.
   */
  private hearCommitment(change: Extract<CommittedChange, { type: 'UpdateCommitted' }>): Wake | undefined {
    if (!this.holds(change)) return undefined;
    const count = this.answers.note(change);
    const isMoot = (): boolean => this.work.hasUploaded(change);
    if (isMoot() || (count !== undefined && count.committed < count.quorum)) return undefined;
    this.ready.add(change.coupleId);
    return { subject: change.coupleId, isMoot };
  }

  async reconcile(coupleId: string, signal: AbortSignal): Promise<ReconcileResult> {
    const context = await reconcileContextOf(this.context, coupleId, signal, this.ready.delete(coupleId));
    const { couple, round } = context.view;
    // Not awaited: a long preparation must not hold up an answer, or a deadline.
    if (couple.state === 'approved') this.work.prepare(couple, signal);
    if (round === null) return { waiting: [] };
    this.answers.know(couple);
    const jobs = jobsOf(couple, round, this.context.participantId);
    this.remember(
      coupleId,
      jobs.map(({ subset }) => subset.subsetIndex),
    );
    const open = jobs.filter(({ subset }) => !isSettled(round, subset.subsetIndex));
    const discarding = this.discard(context);
    if (couple.state !== 'approved') this.forget(coupleId);
    if (couple.state !== 'approved' || round.state !== 'started' || open.length === 0) {
      await discarding;
      return { waiting: [] };
    }
    // Concurrently: a vault that hangs holds up no deadline, and a job that fails holds up no other.
    const [enforced, ...advanced] = await Promise.allSettled([
      enforceDeadlines(context, ['TallyRound']),
      ...open.map((job) => this.work.advance(job, context)),
      discarding,
    ]);
    if (enforced.status === 'rejected') throw enforced.reason;
    for (const job of advanced) if (job.status === 'rejected') throw job.reason;
    const missing = advanced.flatMap((job) => (job.status === 'fulfilled' && job.value ? [job.value] : []));
    return reconcileResult(enforced.value, missing);
  }

  private forget(coupleId: string): void {
    this.work.forget(coupleId);
    this.answers.forget(coupleId);
    this.drawn.delete(coupleId);
  }

  private remember(coupleId: string, subsets: readonly number[]): void {
    if (subsets.length === 0) this.drawn.delete(coupleId);
    else this.drawn.set(coupleId, new Set(subsets));
  }

  /**
   * Deletes the updates that no dispute needs: those of settled subsets, and of earlier attempts, since an attempt opens
   * only when the one before it is over. The model may be gone by then, so a single peer's word deletes nothing.
   */
  private async discard({ view, rounds }: ReconcileContext): Promise<undefined> {
    const { couple, round } = view;
    if (round === null) return;
    const kept = this.updates.keptOf(couple.coupleId);
    if (!kept.some((update) => isNeededNoMore(round, update))) return;
    const certain = await rounds.get(round.attempt);
    for (const update of kept) if (isNeededNoMore(certain, update)) this.work.discard(update);
  }
}

const isSettled = ({ settlements }: RoundView, subsetIndex: number): boolean =>
  settlements.some((settlement) => settlement.subsetIndex === subsetIndex && settlement.state === 'settled');

const isNeededNoMore = (round: RoundView, { attempt, subsetIndex }: KeptJob): boolean =>
  attempt < round.attempt || (attempt === round.attempt && isSettled(round, subsetIndex));
