import { type CommittedChange, everyPage, type RoundView } from '@veritrain/client-sdk';
import { heldDatasets } from '@veritrain/member/instances';
import type { Controller, ReconcileResult } from '../../runtime/agentLoop.js';
import { AnswerCounts, type Answer } from '../shared/answerCounts.js';
import { enforceDeadlines } from '../shared/deadlines.js';
import { HostWork } from './hostWork.js';
import { jobsOf, UpdateStore, type HostJob } from './hostUpdate.js';
import { coupleOf, endorsed, marketOf, reconcileResult, viewOf, type RoleContext } from '../role.js';

/** Changes of a subset that may let one of its hosts reveal, or be done. */
const subsetChanges = ['SubsetContested', 'SubsetSettled'];

/**
 * A host: computes the update of every slot of its own that a started round names, commits to it, uploads it once the
 * subset has a quorum of commitments, and speaks up where the model owner does not.
 */
export class CloudOwnerController implements Controller {
  readonly role = 'cloudOwner';
  private readonly work: HostWork;
  private readonly updates: UpdateStore;
  /** The couples whose current round names this host, and the subsets. */
  private readonly drawn = new Map<string, ReadonlySet<number>>();
  private readonly answers = new AnswerCounts();
  /** The model owners of the couples on this host's datasets: a model that does not come holds up its owner's alone. */
  private modelOwners = new Map<string, string>();

  constructor(
    private readonly context: RoleContext,
    workOn = (updates: UpdateStore) => new HostWork(context, updates),
  ) {
    this.updates = new UpdateStore(context);
    this.work = workOn(this.updates);
  }

  async list(signal: AbortSignal): Promise<string[]> {
    const { couples } = marketOf(this.context);
    const { member, participantId } = this.context;
    const modelOwners = new Map<string, string>();
    for (const datasetId of await heldDatasets(member, participantId, { signal })) {
      for await (const couple of everyPage(couples.list, { datasetId, state: 'approved' }, { signal }))
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

  /** @returns whether the round drew a subset of this host's */
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

  /** Whether there is a quorum of commitments. Those that open with this host's digest may come after others. */
  private letsUpload(change: Answer): boolean {
    const count = this.answers.note(change);
    return count === undefined || count.committed >= count.quorum;
  }

  async reconcile(coupleId: string, signal: AbortSignal): Promise<ReconcileResult> {
    const view = await viewOf(this.context, coupleId, signal);
    const { couple, round } = view;
    if (round === null) return { waiting: [] };
    this.answers.know(couple);
    const jobs = jobsOf(couple, round, this.context.participantId);
    this.remember(
      coupleId,
      jobs.map(({ subset }) => subset.subsetIndex),
    );
    const open = jobs.filter((job) => !isSettled(round, job));
    const puttingAway = this.discard(round, jobs, signal);
    if (couple.state !== 'approved') this.forget(coupleId);
    if (couple.state !== 'approved' || round.state !== 'started' || open.length === 0) {
      await puttingAway;
      return { waiting: [] };
    }
    // Side by side: a vault that hangs holds up no deadline, and a job that fails none of the others.
    const [enforced, ...looks] = await Promise.allSettled([
      enforceDeadlines(this.context, view, ['TallyRound'], signal),
      ...open.map((job) => this.work.advance(job, signal)),
      puttingAway,
    ]);
    if (enforced.status === 'rejected') throw enforced.reason;
    for (const look of looks) if (look.status === 'rejected') throw look.reason;
    const missing = looks.flatMap((look) => (look.status === 'fulfilled' && look.value ? [look.value] : []));
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
   * Lets go of the updates of settled subsets. A dispute needs the others, and the model may be gone by then, so a single
   * peer's word that a subset is settled deletes nothing.
   */
  private async discard(round: RoundView, jobs: readonly HostJob[], signal: AbortSignal): Promise<undefined> {
    const kept = jobs.filter((job) => isSettled(round, job) && this.updates.has(job));
    if (kept.length === 0) return;
    const { coupleId, attempt } = round;
    const certain = await marketOf(this.context).rounds.get({ coupleId, attempt }, endorsed(signal));
    for (const job of kept) if (isSettled(certain, job)) this.work.discard(job);
  }
}

const isSettled = ({ settlements }: RoundView, { subset }: HostJob): boolean =>
  settlements.some(({ subsetIndex, state }) => subsetIndex === subset.subsetIndex && state === 'settled');
