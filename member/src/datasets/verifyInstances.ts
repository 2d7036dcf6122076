import { type CloudInstance, type DataSubset, everyPage } from '@veritrain/client-sdk';
import { quorumOf, subsetsPerVerification } from '@veritrain/client-sdk/protocol';
import { type ActionContext, ask, askEndorsed, submit, type Write } from '../calls/action.js';
import type { Member } from '../profile/member.js';
import { readDatasetFacts } from './datasetFacts.js';

/** What one verification of a dataset's hosts did. */
export interface VerifiedInstances {
  /** The subsets that this call judged, as the ledger has them afterwards. */
  judged: DataSubset[];
  /** Subsets with fewer hosts than a quorum. */
  waiting: {
    /** Index of the subset, from 0. */
    subsetIndex: number;
    /** Hosts that hold a slot of it. */
    joined: number;
    /** Hosts that it needs. */
    quorum: number;
  }[];
  /** Whether every subset has a quorum of verified hosts, so that trainings can be requested. */
  ready: boolean;
  /** The transactions that were submitted: one for many subsets. */
  writes: Write[];
}

/**
 * Submits the package digest of each subset that has unverified hosts and a quorum; the contract opens their commitments.
 *
 * @throws LOCAL_COPY_MISSING, NOT_FOUND, and refusals of VerifyInstances
 */
export async function verifyInstances(
  member: Member,
  { datasetId }: { datasetId: string },
  context: ActionContext,
): Promise<VerifiedInstances> {
  const { packageDigests } = readDatasetFacts(member.home, datasetId);
  // Once a digest is public, a host could commit to it without the package. So a quorum must have committed first.
  const { replicas } = await askEndorsed(member, 'GetDataset', { datasetId }, context);
  const quorum = quorumOf(replicas);
  const held = await heldBySubset(member, datasetId, context);
  const waiting: VerifiedInstances['waiting'] = [];
  const packages: { subsetIndex: number; packageDigest: string }[] = [];
  packageDigests.forEach((packageDigest, subsetIndex) => {
    const slots = held.get(subsetIndex) ?? [];
    if (slots.length < quorum) waiting.push({ subsetIndex, joined: slots.length, quorum });
    else if (slots.some(({ state }) => state === 'joined')) packages.push({ subsetIndex, packageDigest });
  });
  const judged: DataSubset[] = [];
  const writes: Write[] = [];
  const chunk = subsetsPerVerification(replicas);
  for (let start = 0; start < packages.length; start += chunk) {
    const part = packages.slice(start, start + chunk);
    const { result, write } = await submit(member, 'VerifyInstances', { datasetId, packages: part }, context);
    judged.push(...result.subsets);
    writes.push(write);
    context.progress?.(`verified ${part.length} of ${packages.length} subsets`);
  }
  const { ready } = await ask(member, 'GetDataset', { datasetId }, context);
  return { judged, waiting, ready, writes };
}

async function heldBySubset(
  member: Member,
  datasetId: string,
  { signal }: ActionContext,
): Promise<Map<number, CloudInstance[]>> {
  const bySubset = new Map<number, CloudInstance[]>();
  const list = member.market.instances.list;
  for await (const instance of everyPage(list, { datasetId }, { signal, trust: 'endorsed' })) {
    if (!['joined', 'verified', 'leaving'].includes(instance.state)) continue;
    bySubset.set(instance.subsetIndex, [...(bySubset.get(instance.subsetIndex) ?? []), instance]);
  }
  return bySubset;
}
