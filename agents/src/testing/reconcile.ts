import type { CoupleView } from '@veritrain/client-sdk';
import { couple } from '../../../test/support/sampleRound.js';
import type { ReconcileContext, RoleContext } from '../roles/role.js';
import { CertainRounds } from '../roles/shared/certainRounds.js';

/** A reconcile of the sample couple that began with a view from one peer. */
export function reconcileWith(
  role: RoleContext,
  view: Partial<CoupleView> = {},
  signal: AbortSignal = new AbortController().signal,
): ReconcileContext {
  const rounds = new CertainRounds(role.market, couple.coupleId, signal);
  return { ...role, view: { couple, round: null, waiting: [], ...view }, rounds, signal };
}
