import { waitingKindSchema } from '@veritrain/client-sdk/schemas';
import { z } from 'zod';
import { offLedgerKinds } from './awaited.js';

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
  /** Why it cannot be had, where something failed. */
  code: z.string().optional(),
  until: z.iso.datetime().nullable(),
});

/** What an agent says of itself. Its log, its health file, metrics and whoever started it read the same events. */
export const agentEventSchema = z.discriminatedUnion('kind', [
  /** It has listed everything that it may have to do. */
  z.strictObject({ kind: z.literal('started'), at, roles: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('stepBegun'), at, step: z.string(), facts }),
  z.strictObject({ kind: z.literal('stepDone'), at, step: z.string(), facts, ms: z.number().nonnegative() }),
  /** Told whenever it changes; idle where nothing is under way. */
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
    /** Somebody else was quicker, or the clock moved: the next look sees it. */
    isOvertaken: z.boolean(),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    transactionId: z.string().optional(),
  }),
  /** Told last. What does not end by itself is named. */
  z.strictObject({ kind: z.literal('stopped'), at, unfinished: z.array(z.string()) }),
]);

export type AgentEvent = z.infer<typeof agentEventSchema>;
export type AgentWait = z.infer<typeof agentWaitSchema>;
export type AgentObserver = (event: AgentEvent) => void;

type Unstamped<E> = E extends AgentEvent ? Omit<E, 'at'> : never;

/** Hands events to their readers, in order, each with the time. */
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
