import { hasQuorum, openings } from '@veritrain/client-sdk/protocol';
import type { HostJob } from './hostUpdate.js';
import type { ReconcileContext, RoleContext } from '../role.js';

/**
 * Whether a quorum of the subset's commitments opens with the digest of this host's update. The host trusts no peer in
 * this: only hosts that got the same model can commit to this digest, and a peer cannot make up a commitment that opens
 * with a digest that it does not know. An update with fewer commitments can never win, so no member misses it.
 */
function sharesQuorum(
  { market }: RoleContext,
  { couple, round, subset }: Pick<HostJob, 'couple' | 'round' | 'subset'>,
  digest: string,
): boolean {
  // One job for each slot, however often the answer lists it.
  const jobs = new Map(
    round.jobs
      .filter(({ subsetIndex }) => subsetIndex === subset.subsetIndex)
      .map((job) => [job.instanceId, job]),
  );
  const { replicas } = couple.terms;
  const answers = { place: market.place, drawn: subset, replicas, jobs: [...jobs.values()] };
  return hasQuorum(answers, openings(answers, digest));
}

/**
 * The one place that decides whether an update may leave its host. It goes by the round as a majority has it.
 *
 * @param job with the couple as the parties agreed on it
 */
export async function mayUpload(context: ReconcileContext, job: HostJob, digest: string): Promise<boolean> {
  if (!sharesQuorum(context, job, digest)) return false;
  const round = await context.rounds.get(job.round.attempt);
  const subset = round.drawn.find(({ subsetIndex }) => subsetIndex === job.subset.subsetIndex);
  return subset !== undefined && sharesQuorum(context, { ...job, round, subset }, digest);
}
