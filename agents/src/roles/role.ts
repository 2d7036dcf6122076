import type { CallOptions, CommittedChange, CoupleView, Market, Waiting } from '@veritrain/client-sdk';
import type { LedgerPlace } from '@veritrain/client-sdk/protocol';
import type { Member } from '@veritrain/member/profile';
import type { ReconcileResult } from '../runtime/agentLoop.js';
import type { Awaited, OffLedgerKind } from '../runtime/awaited.js';
import type { Logger } from '../runtime/logger.js';
import type { Steps } from '../runtime/steps.js';

/** What every role works with. */
export interface RoleContext {
  readonly member: Member;
  readonly participantId: string;
  readonly steps: Steps;
  readonly logger: Logger;
}

export const placeOf = ({ member }: RoleContext): LedgerPlace => member.market.place;
export const marketOf = ({ member }: Pick<RoleContext, 'member'>): Market => member.market;

/**
 * How an agent reads what leads to a step that cannot be undone: sealing, uploading, revealing, opening a link, agreeing,
 * closing, deleting. All else that an agent reads is the gateway's word, and only decides what it looks at.
 */
export const endorsed = (signal: AbortSignal): CallOptions => ({ signal, trust: 'endorsed' });

/** The couple that a change is about. */
export const coupleOf = (change: CommittedChange): string | undefined =>
  'coupleId' in change ? change.coupleId : undefined;

/** Everything about a couple that decides what to do, as the gateway's peer has it. */
export const viewOf = (context: RoleContext, coupleId: string, signal: AbortSignal): Promise<CoupleView> =>
  marketOf(context).couples.view({ coupleId }, { signal });

/** Something off the ledger that a role needs and cannot have now. */
export interface Missing {
  readonly kind: OffLedgerKind;
  readonly attempt?: number;
  readonly subsetIndex?: number;
  /** Why it cannot be had, where something failed. */
  readonly code?: string;
  /** Who can put it where it belongs. */
  readonly whom: readonly string[];
  readonly requeueAfterMs: number;
}

/**
 * What to wait for after one look: the ledger's deadlines, and what is missing, which has none of its own.
 * @param waiting undefined where something was done, so that the next look comes at once
 */
export function reconcileResult(
  waiting: readonly Waiting[] | undefined,
  missing: readonly Missing[],
): ReconcileResult {
  if (waiting === undefined) return { waiting: [], requeueAfterMs: 0 };
  if (missing.length === 0) return { waiting };
  return {
    waiting: [...waiting, ...missing.map(asAwaited)],
    requeueAfterMs: Math.min(...missing.map(({ requeueAfterMs }) => requeueAfterMs)),
  };
}

const asAwaited = ({ kind, attempt, subsetIndex, code, whom }: Missing): Awaited => ({
  kind,
  attempt: attempt ?? null,
  subsetIndex: subsetIndex ?? null,
  code,
  whom: [...whom],
  until: null,
});
