import type { Waiting, WaitingKind } from '@veritrain/client-sdk';
import { waitingKindSchema } from '@veritrain/client-sdk/schemas';
import { z } from 'zod';

/**
 * What can be missing off the ledger: an update that was to be uploaded, the model of an attempt, the template and the
 * program, or the vault itself.
 */
const offLedgerKinds = ['update', 'model', 'documents', 'vault'] as const;

/** A kind of object off the ledger that an agent can wait for. */
export type OffLedgerKind = (typeof offLedgerKinds)[number];

/** What an agent waits for: a record of the ledger, or an object off it, which has no deadline. */
export interface Awaited extends Pick<Waiting, 'attempt' | 'subsetIndex' | 'whom' | 'until'> {
  /** Which step of the protocol is missing, or which object. */
  readonly kind: WaitingKind | OffLedgerKind;
  /** The error, where a fetch failed. */
  readonly code?: string | undefined;
  /** The transaction that anyone may call after the deadline; null or absent where there is none. */
  readonly thenAnyone?: string | null | undefined;
}

const at = z.iso.datetime();
/** Of a step: ids and counts, never content. */
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** The form of an agent's wait in its events and in its health file. */
export const agentWaitSchema = z.strictObject({
  /** Id of the couple or dataset. */
  subject: z.string(),
  /** Which step of the protocol is missing, or which object. */
  kind: z.enum([...waitingKindSchema.options, ...offLedgerKinds]),
  /** The attempt that it belongs to, from 1; null outside of rounds. */
  attempt: z.int().nullable(),
  /** Index of the subset, from 0; null if it is about no single subset. */
  subsetIndex: z.int().nullable(),
  /** Ids of the participants that can end the wait. */
  whom: z.array(z.string()),
  /** The code of the error, if a fetch failed. */
  code: z.string().optional(),
  /** The deadline by the market's clock, ISO 8601; null if there is none. */
  until: z.iso.datetime().nullable(),
});

const workProgress = {
  /** What is being done, such as `encodeMatrix`. */
  phase: z.string(),
  /** How much of it is done. */
  done: z.number().nonnegative(),
  /** Of how much; 0 while that is not known. */
  of: z.number().nonnegative(),
  /** What is counted, such as `rows`. */
  unit: z.string(),
};

/** The form of a running step in an agent's health file. */
export const agentProgressSchema = z.strictObject({
  /** Name of the step. */
  step: z.string(),
  ...workProgress,
});

/** What an agent reports of itself. Its log, its health file, its metrics and its starter read the same events. */
export const agentEventSchema = z.discriminatedUnion('kind', [
  /** It has listed everything that it may have to do. */
  z.strictObject({ kind: z.literal('started'), at, roles: z.array(z.string()) }),
  /** A step begins. The facts are ids and counts. */
  z.strictObject({ kind: z.literal('stepBegun'), at, step: z.string(), facts }),
  /** A step ended well, after `ms` milliseconds. */
  z.strictObject({ kind: z.literal('stepDone'), at, step: z.string(), facts, ms: z.number().nonnegative() }),
  /** A step that takes seconds goes on: about once a second. */
  z.strictObject({
    kind: z.literal('stepProgress'),
    at,
    step: z.string(),
    facts,
    ...workProgress,
  }),
  /** Emitted at every change. The agent is idle when no reconcile runs. */
  z.strictObject({
    kind: z.literal('waiting'),
    at,
    isIdle: z.boolean(),
    waiting: z.array(agentWaitSchema),
  }),
  /** A reconcile of a couple or dataset failed. The agent tries it again. */
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

/** What an agent reports of itself, with the time in `at`. {@link agentEventSchema} has the fields of each kind. */
export type AgentEvent = z.infer<typeof agentEventSchema>;

/** What an agent waits for, about one couple or dataset. */
export interface AgentWait extends z.infer<typeof agentWaitSchema> {}

/** Called with each event of an agent, in order. It must return at once: the agent does not go on before. */
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
