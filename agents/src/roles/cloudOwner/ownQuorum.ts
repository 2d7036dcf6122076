import { hasQuorum, openings } from '@veritrain/client-sdk/protocol';
import type { HostJob } from './hostUpdate.js';
import { endorsed, marketOf, placeOf, type RoleContext } from '../role.js';

/**
 * Whether a quorum of the subset's commitments hide the very update that this host made. It needs nobody's word: only
 * hosts that were served the same model can commit to this digest, and no peer can make up a commitment that opens with
 * a digest that it does not know. An update that fewer commitments open with can never win, so nobody misses it.
 */
function sharesQuorum(
  context: RoleContext,
  { couple, round, subset }: Pick<HostJob, 'couple' | 'round' | 'subset'>,
  digest: string,
): boolean {
  // One for each slot, however often an answer lists it.
  const jobs = new Map(
    round.jobs
      .filter(({ subsetIndex }) => subsetIndex === subset.subsetIndex)
      .map((job) => [job.instanceId, job]),
  );
  const { replicas } = couple.terms;
  const answers = { place: placeOf(context), drawn: subset, replicas, jobs: [...jobs.values()] };
  return hasQuorum(answers, openings(answers, digest));
}

/**
 * The one place that decides that an update may leave its host. The records are read for this, and for nothing else.
 *
 * @param job with the couple as the parties agreed on it
 */
export async function mayUpload(
  context: RoleContext,
  job: HostJob,
  digest: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (!sharesQuorum(context, job, digest)) return false;
  const { coupleId, attempt } = job.round;
  const round = await marketOf(context).rounds.get({ coupleId, attempt }, endorsed(signal));
  const subset = round.drawn.find(({ subsetIndex }) => subsetIndex === job.subset.subsetIndex);
  return subset !== undefined && sharesQuorum(context, { ...job, round, subset }, digest);
}
