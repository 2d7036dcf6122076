import { type CommittedChange, everyPage, type RoundView } from '@veritrain/client-sdk';
import { heldDatasets } from '@veritrain/member/instances';
import type { Controller, ReconcileResult } from '../../runtime/agentLoop.js';
import { AnswerCounts, type Answer } from '../shared/answerCounts.js';
import { enforceDeadlines } from '../shared/deadlines.js';
import { HostWork } from './hostWork.js';
import { jobsOf, UpdateStore, type HostJob } from './hostUpdate.js';
import {
  coupleOf,
  endorsed,
  reconcileContextOf,
  reconcileResult,
  type ReconcileContext,
  type RoleContext,
} from '../role.js';

/** Changes of a subset that may let one of its hosts reveal, or be done. */
const subsetChanges = ['SubsetContested', 'SubsetSettled'];

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
  /** The model owners of the couples on this host's datasets: a missing model only holds up the couples of its owner. */
  private modelOwners = new Map<string, string>();

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
    for (const datasetId of await heldDatasets(member, participantId, { signal })) {
      for await (const couple of everyPage(market.couples.list, { datasetId, state: 'approved' }, { signal }))
        modelOwners.set(couple.coupleId, couple.modelOwnerId);
    }
    this.modelOwners = modelOwners;
    return [...modelOwners.keys()];
  }

  counterpartyOf(coupleId: string): string | undefined {
    return this.modelOwners.get(coupleId);
  }

  keyOf(change: CommittedChange): string | undefined {
    if (change.type === 'RoundStarted') return this.hearStart(change) ? change.coupleId : undefined;
    const coupleId = coupleOf(change);
    if (coupleId === undefined || !('subsetIndex' in change) || change.subsetIndex === null) return undefined;
    if (this.drawn.get(coupleId)?.has(change.subsetIndex) !== true) return undefined;
    const concerns =
      change.type === 'UpdateCommitted' ? this.letsUpload(change) : subsetChanges.includes(change.type);
    return concerns ? coupleId : undefined;
  }

  /** @returns whether the round drew a slot of this host */
  private hearStart(change: Extract<CommittedChange, { type: 'RoundStarted' }>): boolean {
    const { coupleId, modelOwnerId, drawn } = change;
    this.modelOwners.set(coupleId, modelOwnerId);
    const subsets = drawn.filter(({ slots }) =>
      slots.some(({ participantId }) => participantId === this.context.participantId),
    );
    if (subsets.length > 0) this.answers.begin(change);
    this.remember(
      coupleId,
      subsets.map(({ subsetIndex }) => subsetIndex),
    );
    return subsets.length > 0;
  }

  /** Whether a quorum has committed. Every later commitment counts too: it may be one that opens with this host's digest. */
  private letsUpload(change: Answer): boolean {
    const count = this.answers.note(change);
    return count === undefined || count.committed >= count.quorum;
  }

  async reconcile(coupleId: string, signal: AbortSignal): Promise<ReconcileResult> {
    const context = await reconcileContextOf(this.context, coupleId, signal);
    const { couple, round } = context.view;
    if (round === null) return { waiting: [] };
    this.answers.know(couple);
    const jobs = jobsOf(couple, round, this.context.participantId);
    this.remember(
      coupleId,
      jobs.map(({ subset }) => subset.subsetIndex),
    );
    const open = jobs.filter((job) => !isSettled(round, job));
    const discarding = this.discard(context, round, jobs);
    if (couple.state !== 'approved') this.forget(coupleId);
    if (couple.state !== 'approved' || round.state !== 'started' || open.length === 0) {
      await discarding;
      return { waiting: [] };
    }
    // Concurrently: a vault that hangs holds up no deadline, and a job that fails holds up no other.
    const [enforced, ...advanced] = await Promise.allSettled([
      enforceDeadlines(context, ['TallyRound']),
      ...open.map((job) => this.work.advance(job, signal)),
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
  }

  private remember(coupleId: string, subsets: readonly number[]): void {
    if (subsets.length === 0) this.drawn.delete(coupleId);
    else this.drawn.set(coupleId, new Set(subsets));
  }

  /**
   * Deletes the updates of settled subsets. A dispute needs the others, and the model may be gone by then, so a single
   * peer's word that a subset is settled deletes nothing.
   */
  private async discard(
    { market, signal }: ReconcileContext,
    round: RoundView,
    jobs: readonly HostJob[],
  ): Promise<undefined> {
    const kept = jobs.filter((job) => isSettled(round, job) && this.updates.has(job));
    if (kept.length === 0) return;
    const { coupleId, attempt } = round;
    const certain = await market.rounds.get({ coupleId, attempt }, endorsed(signal));
    for (const job of kept) if (isSettled(certain, job)) this.work.discard(job);
  }
}

const isSettled = ({ settlements }: RoundView, { subset }: HostJob): boolean =>
  settlements.some(({ subsetIndex, state }) => subsetIndex === subset.subsetIndex && state === 'settled');
