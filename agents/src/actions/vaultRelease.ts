import type { ActionContext } from './context.js';
import type { Member } from './member.js';

/** The record that lets an object of the vault go. */
export type Release =
  /** The couple has ended, or opened an attempt after this one. */
  | { readonly kind: 'couple'; readonly coupleId: string; readonly attempt?: number }
  /** The dataset was withdrawn, and the couples on it have ended. */
  | { readonly kind: 'dataset'; readonly datasetId: string; readonly coupleIds: readonly string[] }
  /** Hosts hold all of these slots, and this host none of them. */
  | { readonly kind: 'slots'; readonly instanceIds: readonly string[]; readonly hostId: string };

/**
 * The one place that decides that an object may be deleted: reads the records that let it go once more, each by its id,
 * so that neither a list nor a single organisation has to be believed.
 */
export async function isReleased(
  { market }: Member,
  release: Release,
  { signal }: ActionContext,
): Promise<boolean> {
  const context = { signal, trust: 'endorsed' as const };
  const couple = async (coupleId: string, attempt?: number): Promise<boolean> => {
    const record = await market.couples.get({ coupleId }, context);
    return hasEnded(record) || (attempt !== undefined && attempt < record.attempts);
  };
  if (release.kind === 'couple') return couple(release.coupleId, release.attempt);
  if (release.kind === 'dataset') {
    const { state } = await market.datasets.get({ datasetId: release.datasetId }, context);
    const ended = await Promise.all(release.coupleIds.map((coupleId) => couple(coupleId)));
    return state === 'withdrawn' && ended.every(Boolean);
  }
  const slots = await Promise.all(
    release.instanceIds.map((instanceId) => market.instances.get({ instanceId }, context)),
  );
  return slots.every(({ participantId }) => participantId !== null && participantId !== release.hostId);
}

export const hasEnded = ({ state }: { readonly state: string }): boolean =>
  ['rejected', 'cancelled', 'finished'].includes(state);
