import type { DrawnSubset, RoundView } from '@veritrain/client-sdk';
import {
  batchHasQuorum,
  batchOf,
  hasQuorum,
  openings,
  type SubsetAnswers,
} from '@veritrain/client-sdk/protocol';
import type { HostJob } from './hostUpdate.js';
import type { ReconcileContext, RoleContext } from '../role.js';

type Agreed = Pick<HostJob['couple'], 'terms'>;

/** A drawn subset's answers, one for each slot, however often the round lists it. */
function answersIn(
  { market }: RoleContext,
  { terms }: Agreed,
  round: RoundView,
  drawn: DrawnSubset,
): SubsetAnswers {
  const jobs = new Map(
    round.jobs
      .filter(({ subsetIndex }) => subsetIndex === drawn.subsetIndex)
      .map((job) => [job.instanceId, job]),
  );
  return { place: market.place, drawn, replicas: terms.replicas, jobs: [...jobs.values()] };
}

/**
 * Whether a quorum of the subset's commitments opens with the digest of this host's update. The host trusts no peer in
 * this: only hosts that got the same model can commit to this digest, and a peer cannot make up a commitment that opens
 * with a digest that it does not know. An update with fewer commitments can never win, so no member misses it.
 */
function sharesQuorum(
  context: RoleContext,
  { couple, round, subset }: Pick<HostJob, 'couple' | 'round' | 'subset'>,
  digest: string,
): boolean {
  const answers = answersIn(context, couple, round, subset);
  return hasQuorum(answers, openings(answers, digest));
}

/**
 * Whether a quorum of each subset of the batch has committed. The host knows no other subset's digest, so it counts
 * commitments, and only in a round as a majority of the organisations has it.
 */
function batchIsCommitted(
  context: RoleContext,
  couple: Agreed,
  round: RoundView,
  subsetIndex: number,
): boolean {
  const batch = batchOf(couple.terms, subsetIndex);
  const drawn = round.drawn.filter((each) => batch.includes(each.subsetIndex));
  const isWhole = drawn.length === batch.length;
  return isWhole && batchHasQuorum(drawn.map((each) => answersIn(context, couple, round, each)));
}

/**
 * The one place that decides whether an update may leave its host. It goes by the round as a majority has it.
 *
 * @param job with the couple as the parties agreed on it
 */
export async function mayUpload(context: ReconcileContext, job: HostJob, digest: string): Promise<boolean> {
  if (!sharesQuorum(context, job, digest)) return false;
  const round = await context.rounds.get(job.round.attempt);
  const { subsetIndex } = job.subset;
  const subset = round.drawn.find((drawn) => drawn.subsetIndex === subsetIndex);
  if (subset === undefined || !sharesQuorum(context, { ...job, round, subset }, digest)) return false;
  return batchIsCommitted(context, job.couple, round, subsetIndex);
}
