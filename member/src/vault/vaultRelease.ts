import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import type { ActionContext } from '../calls/context.js';
import type { Member } from '../profile/member.js';

/** The record that lets an object of the vault go. */
export type Release =
  /** The couple has ended, or opened an attempt after this one. `heKeyDigest` names the object, if it is that key. */
  | {
      readonly kind: 'couple';
      readonly coupleId: string;
      readonly attempt?: number;
      readonly heKeyDigest?: string;
    }
  /** The dataset was withdrawn, and the couples on it have ended. `templateDigest` names the object, if it is that. */
  | {
      readonly kind: 'dataset';
      readonly datasetId: string;
      readonly coupleIds: readonly string[];
      readonly templateDigest?: string;
    }
  /** Hosts hold all slots of the subset, and this host none of them. */
  | {
      readonly kind: 'subset';
      readonly datasetId: string;
      readonly subsetIndex: number;
      readonly hostId: string;
    };

/**
 * The one place that decides that an object may be deleted: reads the records that let it go once more, each by its id,
 * so that neither a list nor a single organisation has to be believed. What the object is named by has to be in them.
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
