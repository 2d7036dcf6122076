import { everyPage, type CommittedChange, type RoundView } from '@veritrain/client-sdk';
import { heldDatasets } from '../actions/heldDatasets.js';
import type { Duties, Outlook } from '../runtime/agentLoop.js';
import { enforceDeadlines } from './deadlines.js';
import { HostWork } from './hostWork.js';
import { jobsOf, UpdateStore, type HostJob } from './hostUpdate.js';
import { coupleOf, endorsed, marketOf, outlookOn, type RoleContext } from './role.js';

/** Changes of a subset that may let one of its hosts upload, reveal, or be done. */
const subsetChanges = ['UpdateCommitted', 'SubsetContested', 'SubsetSettled'];

/**
 * A host: computes the update of every slot of its own that a started round names, commits to it, uploads it once the
 * subset has a quorum of commitments, and speaks up where the model owner does not.
 */
export class CloudOwnerDuties implements Duties {
  readonly role = 'cloudOwner';
  private readonly work: HostWork;
  private readonly updates: UpdateStore;
  /** The couples whose current round names this host, and the subsets. */
  private readonly drawn = new Map<string, ReadonlySet<number>>();
  /** The model owners of the couples on this host's datasets: a model that does not come holds up its owner's alone. */
  private modelOwners = new Map<string, string>();

  constructor(private readonly context: RoleContext) {
    this.updates = new UpdateStore(context);
    this.work = new HostWork(context, this.updates);
  }

  async subjects(signal: AbortSignal): Promise<string[]> {
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

  subjectOf(change: CommittedChange): string | undefined {
    if (change.type === 'RoundStarted') {
      this.modelOwners.set(change.coupleId, change.modelOwnerId);
      const subsets = change.drawn.filter(({ slots }) =>
        slots.some(({ participantId }) => participantId === this.context.participantId),
      );
      this.remember(
        change.coupleId,
        subsets.map(({ subsetIndex }) => subsetIndex),
      );
      return subsets.length > 0 ? change.coupleId : undefined;
    }
    const coupleId = coupleOf(change);
    const mine = coupleId === undefined ? undefined : this.drawn.get(coupleId);
    if (mine === undefined || !subsetChanges.includes(change.type)) return undefined;
    return 'subsetIndex' in change && change.subsetIndex !== null && mine.has(change.subsetIndex)
      ? coupleId
      : undefined;
  }

  async reconcile(coupleId: string, signal: AbortSignal): Promise<Outlook> {
    const { couples, rounds } = marketOf(this.context);
    const couple = await couples.get({ coupleId }, { signal });
    if (couple.attempts === 0) return { waiting: [] };
    const round = await rounds.get({ coupleId, attempt: couple.attempts }, { signal });
    const jobs = jobsOf(couple, round, this.context.participantId);
    this.remember(
      coupleId,
      jobs.map(({ subset }) => subset.subsetIndex),
    );
    const open = jobs.filter((job) => !isSettled(round, job));
    const puttingAway = this.putAway(round, jobs, signal);
    if (couple.state !== 'approved') this.work.forget(coupleId);
    if (couple.state !== 'approved' || round.state !== 'started' || open.length === 0) {
      await puttingAway;
      return { waiting: [] };
    }
    // Side by side: a vault that hangs holds up no deadline, and a job that fails none of the others.
    const [enforced, ...looks] = await Promise.allSettled([
      enforceDeadlines(this.context, couple, ['TallyRound'], signal),
      ...open.map((job) => this.work.advance(job, signal)),
      puttingAway,
    ]);
    if (enforced.status === 'rejected') throw enforced.reason;
    for (const look of looks) if (look.status === 'rejected') throw look.reason;
    const missing = looks.flatMap((look) => (look.status === 'fulfilled' && look.value ? [look.value] : []));
    return outlookOn(enforced.value, missing);
  }

  private remember(coupleId: string, subsets: readonly number[]): void {
    if (subsets.length === 0) this.drawn.delete(coupleId);
    else this.drawn.set(coupleId, new Set(subsets));
  }

  /**
   * Lets go of the updates of settled subsets. A dispute needs the others, and the model may be gone by then, so a single
   * peer's word that a subset is settled deletes nothing.
   */
  private async putAway(round: RoundView, jobs: readonly HostJob[], signal: AbortSignal): Promise<undefined> {
    const kept = jobs.filter((job) => isSettled(round, job) && this.updates.has(job));
    if (kept.length === 0) return;
    const { coupleId, attempt } = round;
    const certain = await marketOf(this.context).rounds.get({ coupleId, attempt }, endorsed(signal));
    for (const job of kept) if (isSettled(certain, job)) this.work.putAway(job);
  }
}

const isSettled = ({ settlements }: RoundView, { subset }: HostJob): boolean =>
  settlements.some(({ subsetIndex, state }) => subsetIndex === subset.subsetIndex && state === 'settled');
