import { z } from 'zod';
import { proposalId } from './ids.js';
import { deadline, leastPeriods } from './deadline.js';
import { ContractError } from './errors.js';
import { durationMs, mspId, stamp, text, transactionId } from './primitives.js';

const organizations = z
  .array(mspId)
  .min(1)
  .max(20)
  .refine((list) => new Set(list).size === list.length, 'names an organisation twice');

/** What a market's organisations agree on. */
export const marketSettings = z.strictObject({
  /** MSP ids of the organisations that vote on changes, one vote each. */
  votingOrganizations: organizations,
  /** Least time between two ticks. At least ten commit latencies: minutes in a real market. */
  tickPeriodMs: z.int().min(100).max(86_400_000),
  /** How far a tick may be from an endorser's clock, and the grace of every deadline; half a period at most. */
  windowMs: z.int().min(1).max(43_200_000),
  /** Every deadline lasts at least this; 20 tick periods or more. */
  leastDeadlineMs: durationMs,
  /** No deadline lasts longer, whoever chooses it; at least as long as the five of a round take in a row. */
  mostDeadlineMs: durationMs,
  leastReplicas: z.int().min(1).max(15),
  /** Whether roles must be granted by certificate attributes. */
  rolesFromAttributes: z.boolean(),
  /** Whether a joining host's certificate must carry the company attribute for the dataset. */
  companyTagRequired: z.boolean(),
});
export type MarketSettings = z.infer<typeof marketSettings>;

export const marketConfig = z.strictObject({
  /** 1 for the first; one more each time that organisations confirm or adopt another. */
  version: z.int().min(1),
  channel: text(250),
  chaincode: text(250),
  settings: marketSettings,
  /** True with fewer than three voting organisations: one of them could write anything. */
  development: z.boolean(),
  transactionId,
});
export type MarketConfig = z.infer<typeof marketConfig>;

/** What an organisation's administrator has confirmed, until each organisation that it names has confirmed the same. */
export const configConfirmation = z.strictObject({
  mspId,
  /** The configuration that this would replace, 0 for none; stale once that changed. */
  baseVersion: z.int().min(0),
  settings: marketSettings,
  transactionId,
});
export type ConfigConfirmation = z.infer<typeof configConfirmation>;

export const leastOrganizations = 3;

export const configProposal = z.strictObject({
  proposalId,
  /** The configuration that this would replace; stale once that changed. */
  baseVersion: z.int().min(1),
  settings: marketSettings,
  state: z.enum(['open', 'adopted', 'refused']),
  proposedBy: mspId,
  proposedAt: stamp,
  voteDeadline: deadline,
});
export type ConfigProposal = z.infer<typeof configProposal>;

export const configVote = z.strictObject({ proposalId, mspId, approve: z.boolean(), votedAt: stamp });
export type ConfigVote = z.infer<typeof configVote>;

/** Votes that decide: more than half of the voting organisations. */
export const votesNeeded = (organizationCount: number): number => Math.floor(organizationCount / 2) + 1;

/** How many deadlines of a round follow one another. */
const roundDeadlineCount = 5;

/** Refuses settings whose window or deadlines do not fit the tick period, or leave no room for a round. */
export function checkSettings(settings: MarketSettings): void {
  const { tickPeriodMs, windowMs, leastDeadlineMs, mostDeadlineMs } = settings;
  if (windowMs * 2 > tickPeriodMs) {
    throw new ContractError('WINDOW_TOO_WIDE', 'The window is over half a tick period.', {
      windowMs,
      tickPeriodMs,
    });
  }
  if (leastDeadlineMs < leastPeriods * tickPeriodMs) {
    throw new ContractError('DEADLINE_TOO_SHORT', 'The least deadline is under 20 tick periods.', {
      leastDeadlineMs,
      tickPeriodMs,
    });
  }
  if (mostDeadlineMs < roundDeadlineCount * leastDeadlineMs) {
    throw new ContractError('NO_ROOM_FOR_A_ROUND', 'The most is under five times the least deadline.', {
      leastDeadlineMs,
      mostDeadlineMs,
    });
  }
}

/** Refuses durations that are shorter or longer than the market allows. */
export function checkDurations(settings: MarketSettings, durations: Readonly<Record<string, number>>): void {
  const least = Math.max(settings.leastDeadlineMs, leastPeriods * settings.tickPeriodMs);
  const most = settings.mostDeadlineMs;
  for (const [name, duration] of Object.entries(durations)) {
    if (duration > most) {
      throw new ContractError('DEADLINE_TOO_LONG', `${name} is longer than this market allows.`, {
        field: name,
        durationMs: duration,
        mostMs: most,
      });
    }
    if (duration < least) {
      throw new ContractError('DEADLINE_TOO_SHORT', `${name} is shorter than this market allows.`, {
        field: name,
        durationMs: duration,
        leastMs: least,
      });
    }
  }
}
