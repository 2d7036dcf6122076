import { z } from 'zod';
import { proposalId } from './ids.js';
import { deadline, minPeriods } from './deadline.js';
import { ContractError } from './errors.js';
import { durationMs, mspId, stamp, text, transactionId } from './primitives.js';

const organizations = z
  .array(mspId)
  .min(1)
  .max(20)
  .refine((list) => new Set(list).size === list.length, 'names an organisation twice');

/** The settings that a market's organisations agree on. */
export const marketSettings = z.strictObject({
  /** MSP ids of the organisations that vote on changes, one vote each. */
  votingOrganizations: organizations,
  /** Minimum time between two ticks, at least ten commit latencies: minutes in a real market. */
  tickPeriodMs: z.int().min(100).max(86_400_000),
  /**
   * The allowed distance of a tick from an endorser's clock, and the grace of every deadline; at most half a period.
   */
  windowMs: z.int().min(1).max(43_200_000),
  /** The market's minimum deadline, at least 20 tick periods. */
  leastDeadlineMs: durationMs,
  /** The market's maximum deadline, for every member. It must cover the five deadlines of a round in sequence. */
  mostDeadlineMs: durationMs,
  /** Fewest replicas that a dataset may have, 1 to 15. */
  leastReplicas: z.int().min(1).max(15),
  /** Whether certificate attributes must grant the roles. */
  rolesFromAttributes: z.boolean(),
  /** Whether a joining host's certificate must carry the company attribute for the dataset. */
  companyTagRequired: z.boolean(),
});
/** What a market's organisations agree on. */
export interface MarketSettings extends z.infer<typeof marketSettings> {}

export const marketConfig = z.strictObject({
  /** 1 for the first configuration; each later one adds 1. */
  version: z.int().min(1),
  /** The channel, which goes into every hash. */
  channel: text(250),
  /** The chaincode's name, which goes into every hash. */
  chaincode: text(250),
  /** What the organisations agree on. */
  settings: marketSettings,
  /** True with fewer than three voting organisations: one of them alone could write anything. */
  development: z.boolean(),
  transactionId,
});
/** The configuration of a market, as the ledger has it. */
export interface MarketConfig extends z.infer<typeof marketConfig> {}

/**
 * An organisation's confirmation of a configuration, kept until each organisation that the configuration names has
 * confirmed it.
 */
export const configConfirmation = z.strictObject({
  mspId,
  /** The configuration that this would replace, 0 for none. The confirmation is stale once that has changed. */
  baseVersion: z.int().min(0),
  /** What the organisation would have them be. */
  settings: marketSettings,
  transactionId,
});
/** What an organisation would have the configuration be, as the ledger has it. */
export interface ConfigConfirmation extends z.infer<typeof configConfirmation> {}

export const minOrganizations = 3;

export const configProposal = z.strictObject({
  proposalId,
  /** The configuration that this would replace. The proposal is stale once that has changed. */
  baseVersion: z.int().min(1),
  /** What is proposed. */
  settings: marketSettings,
  /** open, adopted or refused. */
  state: z.enum(['open', 'adopted', 'refused']),
  /** The MSP id of the organisation that proposed it. */
  proposedBy: mspId,
  /** When it was proposed. */
  proposedAt: stamp,
  /** Until when organisations may vote. */
  voteDeadline: deadline,
});
/** A proposal of other settings, as the ledger has it. */
export interface ConfigProposal extends z.infer<typeof configProposal> {}

export const configVote = z.strictObject({
  proposalId,
  mspId,
  /** Whether the organisation is for it. */
  approve: z.boolean(),
  /** When the organisation voted. */
  votedAt: stamp,
});
/** An organisation's vote on a proposal, as the ledger has it. */
export interface ConfigVote extends z.infer<typeof configVote> {}

/** The votes that decide: more than half of the voting organisations. */
export const votesNeeded = (organizationCount: number): number => Math.floor(organizationCount / 2) + 1;

/** The number of deadlines in a round, one after another. */
const roundDeadlineCount = 5;

/** Refuses a window or deadlines that do not fit the tick period, or deadlines that leave no room for a round. */
export function checkSettings(settings: MarketSettings): void {
  const { tickPeriodMs, windowMs, leastDeadlineMs, mostDeadlineMs } = settings;
  if (windowMs * 2 > tickPeriodMs) {
    throw new ContractError('WINDOW_TOO_WIDE', 'The window is longer than half a tick period.', {
      windowMs,
      tickPeriodMs,
    });
  }
  if (leastDeadlineMs < minPeriods * tickPeriodMs) {
    throw new ContractError('DEADLINE_TOO_SHORT', 'The minimum deadline is shorter than 20 tick periods.', {
      leastDeadlineMs,
      tickPeriodMs,
    });
  }
  if (mostDeadlineMs < roundDeadlineCount * leastDeadlineMs) {
    throw new ContractError(
      'NO_ROOM_FOR_A_ROUND',
      'The maximum deadline is less than five times the minimum deadline.',
      {
        leastDeadlineMs,
        mostDeadlineMs,
      },
    );
  }
}

/** Refuses durations outside the market's limits. */
export function checkDurations(settings: MarketSettings, durations: Readonly<Record<string, number>>): void {
  const min = Math.max(settings.leastDeadlineMs, minPeriods * settings.tickPeriodMs);
  const max = settings.mostDeadlineMs;
  for (const [name, duration] of Object.entries(durations)) {
    if (duration > max) {
      throw new ContractError('DEADLINE_TOO_LONG', `${name} is longer than this market allows.`, {
        field: name,
        durationMs: duration,
        mostMs: max,
      });
    }
    if (duration < min) {
      throw new ContractError('DEADLINE_TOO_SHORT', `${name} is shorter than this market allows.`, {
        field: name,
        durationMs: duration,
        leastMs: min,
      });
    }
  }
}
