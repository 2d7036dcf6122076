import type { CallOptions, CommittedChange, CoupleView, Market, Waiting } from '@veritrain/client-sdk';
import type { Member } from '@veritrain/member/profile';
import type { Awaited, OffLedgerKind } from '../runtime/agentEvent.js';
import type { Controller, ReconcileResult } from '../runtime/agentLoop.js';
import type { Logger } from '../runtime/logger.js';
import type { Steps } from '../runtime/steps.js';
import { CertainRounds } from './shared/certainRounds.js';

/** Whether an agent answers requests for training by itself, or leaves them to its operator. */
export type ApprovalPolicy = 'auto' | 'manual';

export type CreateController = (context: RoleContext, approval: ApprovalPolicy) => Controller;

/** What every role works with, as long as its agent runs. */
export interface RoleContext {
  readonly member: Member;
  /** The member's own market, `member.market`. */
  readonly market: Market;
  readonly participantId: string;
  readonly steps: Steps;
  /** Most threads that read packages. Default: the cores there are. */
  readonly workers?: number | undefined;
  readonly logger: Logger;
}

/** What one reconcile of a couple works with. */
export interface ReconcileContext extends RoleContext {
  /**
   * The couple, its current round and what is waited for, when the reconcile began. It may be the word of the gateway's
   * peer alone, so it decides what the agent does next, and no more.
   */
  readonly view: CoupleView;
  /** What a step that cannot be undone goes by. */
  readonly rounds: CertainRounds;
  /** Fires when the agent stops. */
  readonly signal: AbortSignal;
}

/**
 * Begins a reconcile of a couple, with one query.
 * @param leadsToStep the agent will most likely take a step that cannot be undone: the view is read endorsed, and once
 */
export async function reconcileContextOf(
  role: RoleContext,
  coupleId: string,
  signal: AbortSignal,
  leadsToStep = false,
): Promise<ReconcileContext> {
  const { market } = role;
  const view = await market.couples.view({ coupleId }, leadsToStep ? endorsed(signal) : { signal });
  const rounds = new CertainRounds(market, coupleId, signal, leadsToStep ? view : undefined);
  return { ...role, view, rounds, signal };
}

/**
 * How an agent reads what leads to a step that cannot be undone: sealing, uploading, revealing, opening a link, agreeing,
 * closing, deleting. Every other answer is the word of the gateway's peer, and only decides what the agent does next.
 */
export const endorsed = (signal: AbortSignal): CallOptions => ({ signal, trust: 'endorsed' });

/** The couple that a change is about. */
export const coupleOf = (change: CommittedChange): string | undefined =>
  'coupleId' in change ? change.coupleId : undefined;

/** An object off the ledger that a role needs and cannot fetch now. */
export interface Missing {
  readonly kind: OffLedgerKind;
  readonly attempt?: number;
  readonly subsetIndex?: number;
  /** The error, where a fetch failed. */
  readonly code?: string;
  /** The participants that can upload it. */
  readonly whom: readonly string[];
  readonly requeueAfterMs: number;
}

/**
 * After a step that others answer. Their answer mostly comes first, and wakes the agent; without one it learns after this
 * time what the couple waits for now.
 */
export const afterStep = { waiting: [], requeueAfterMs: 1_000 } satisfies ReconcileResult;

/**
 * What a couple waits for after a reconcile: the ledger's deadlines, and missing objects, which have no deadline.
 * @param waiting undefined where a step was done, so that the next reconcile comes at once
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
