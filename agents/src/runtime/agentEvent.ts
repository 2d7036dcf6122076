import type { Waiting, WaitingKind } from '@veritrain/client-sdk';
import { waitingKindSchema } from '@veritrain/client-sdk/schemas';
import { z } from 'zod';

/**
 * What can be missing off the ledger: an update that was to be uploaded, the model of an attempt, the template and the
 * program, or the vault itself.
 */
const offLedgerKinds = ['update', 'model', 'documents', 'vault'] as const;
export type OffLedgerKind = (typeof offLedgerKinds)[number];

/** What an agent waits for: a record of the ledger, or an object off it, which has no deadline. */
export interface Awaited extends Pick<Waiting, 'attempt' | 'subsetIndex' | 'whom' | 'until'> {
  readonly kind: WaitingKind | OffLedgerKind;
  /** The error, where a fetch failed. */
  readonly code?: string | undefined;
  /** The transaction that anyone may call after the deadline; null or absent where there is none. */
  readonly thenAnyone?: string | null | undefined;
}

const at = z.iso.datetime();
/** Of a step: ids and counts, never content. */
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What an agent waits for of a couple or a dataset, and until when by the market's clock. */
export const agentWaitSchema = z.strictObject({
  /** Id of the couple or dataset. */
  subject: z.string(),
  kind: z.enum([...waitingKindSchema.options, ...offLedgerKinds]),
  attempt: z.int().nullable(),
  subsetIndex: z.int().nullable(),
  /** Participants. */
  whom: z.array(z.string()),
  /** The error, where a fetch failed. */
  code: z.string().optional(),
  until: z.iso.datetime().nullable(),
});

/** What an agent reports of itself. Its log, its health file, its metrics and its starter read the same events. */
export const agentEventSchema = z.discriminatedUnion('kind', [
  /** It has listed everything that it may have to do. */
  z.strictObject({ kind: z.literal('started'), at, roles: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('stepBegun'), at, step: z.string(), facts }),
  z.strictObject({ kind: z.literal('stepDone'), at, step: z.string(), facts, ms: z.number().nonnegative() }),
  /** Emitted at every change. The agent is idle when no reconcile runs. */
  z.strictObject({
    kind: z.literal('waiting'),
    at,
    isIdle: z.boolean(),
    waiting: z.array(agentWaitSchema),
  }),
  z.strictObject({
    kind: z.literal('failed'),
    at,
    subject: z.string(),
    /** In a row. */
    failures: z.int().positive(),
    /** Another member was quicker, or the clock moved: the next reconcile sees it. */
    isOvertaken: z.boolean(),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    transactionId: z.string().optional(),
  }),
  /** The last event, with the subjects whose reconcile does not end. */
  z.strictObject({ kind: z.literal('stopped'), at, unfinished: z.array(z.string()) }),
]);

export type AgentEvent = z.infer<typeof agentEventSchema>;
export type AgentWait = z.infer<typeof agentWaitSchema>;
export type AgentObserver = (event: AgentEvent) => void;

type Unstamped<E> = E extends AgentEvent ? Omit<E, 'at'> : never;

/** Hands events to their observers, in order, each with the time. */
export class AgentEvents {
  private lastWaiting: string | undefined;

  constructor(private readonly observers: readonly AgentObserver[]) {}

  emit(event: Unstamped<AgentEvent>): void {
    const waiting = event.kind === 'waiting' ? JSON.stringify(event) : undefined;
    if (waiting !== undefined && waiting === this.lastWaiting) return;
    this.lastWaiting = waiting;
    const stamped: AgentEvent = { ...event, at: new Date().toISOString() };
    for (const observe of this.observers) observe(stamped);
  }
}
