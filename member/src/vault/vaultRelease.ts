import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import type { ActionContext } from '../calls/action.js';
import type { Member } from '../profile/member.js';

/** The record that releases an object of the vault: nobody needs the object any more. */
export type Release =
  /** The couple has ended, or opened a later attempt. `heKeyDigest` is set if the object is that key. */
  | {
      /** The couple releases it. */
      readonly kind: 'couple';
      /** The couple, `tc_…`. */
      readonly coupleId: string;
      /** The attempt that the object belongs to, from 1; absent for an object of the whole couple. */
      readonly attempt?: number;
      /** The digest of the homomorphic public key, if the object is that key. */
      readonly heKeyDigest?: string;
    }
  /** The dataset was withdrawn, and its couples have ended. `templateDigest` is set if the object is that template. */
  | {
      /** The dataset releases it. */
      readonly kind: 'dataset';
      /** The dataset, `ds_…`. */
      readonly datasetId: string;
      /** The dataset's couples, `tc_…`: all have ended. */
      readonly coupleIds: readonly string[];
      /** The digest of the template, if the object is that template. */
      readonly templateDigest?: string;
    }
  /** Other hosts hold all slots of the subset. */
  | {
      /** The slots of the subset release it. */
      readonly kind: 'subset';
      /** The dataset, `ds_…`. */
      readonly datasetId: string;
      /** Index of the subset, from 0. */
      readonly subsetIndex: number;
      /** The host that the package is sealed to, which holds no slot. */
      readonly hostId: string;
    };

/**
 * The only place that decides whether an object may be deleted. It reads the releasing records again, each by its id and
 * endorsed, so that no deletion depends on a list or on a single organisation. The digest of a document must be in them.
 */
export async function isReleased(
  { market }: Member,
  release: Release,
  { signal }: ActionContext,
): Promise<boolean> {
  const context = { signal, trust: 'endorsed' as const };
  if (release.kind === 'couple') {
    const { coupleId, attempt, heKeyDigest } = release;
    const couple = await market.couples.get({ coupleId }, context);
    if (heKeyDigest !== undefined && heKeyDigest !== couple.terms.heKeyDigest) return false;
    return hasEnded(couple) || (attempt !== undefined && attempt < couple.attempts);
  }
  const { datasetId } = release;
  const dataset = await market.datasets.get({ datasetId }, context);
  if (release.kind === 'dataset') {
    const { coupleIds, templateDigest } = release;
    if (dataset.state !== 'withdrawn') return false;
    if (templateDigest !== undefined && templateDigest !== dataset.templateDigest) return false;
    const couples = await Promise.all(coupleIds.map((coupleId) => market.couples.get({ coupleId }, context)));
    return couples.every(hasEnded);
  }
  const { subsetIndex, hostId } = release;
  const slots = await Promise.all(
    Array.from({ length: dataset.replicas }, (_, slot) =>
      market.instances.get({ instanceId: instanceIdOf(datasetId, subsetIndex, slot) }, context),
    ),
  );
  return slots.every(({ participantId }) => participantId !== null && participantId !== hostId);
}

export const hasEnded = ({ state }: { readonly state: string }): boolean =>
  ['rejected', 'cancelled', 'finished'].includes(state);
