// Sets up the market's settings and clock for a workload before a round. Nothing here is measured.
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { TxStatus } from '@hyperledger/caliper-core';
import type { MarketSettings } from '@veritrain/client-sdk';
import { newId } from '@veritrain/client-sdk/keys';
import { type OutputOf, type TransactionName, transactions } from '@veritrain/client-sdk/protocol';
import type { Call } from './calls.js';
import { clockTimes } from './clockTimes.js';
import type { Cast, PreparedIdentity } from './preparedMarket.js';

/** Sends a transaction, or with `readOnly` queries one peer. */
type Send = (call: Call, readOnly?: boolean) => Promise<TxStatus>;

export interface MarketControl {
  readonly send: Send;
  readonly cast: Cast;
}

const maxTries = 20;
const pauseMs = 250;
/** The limit for a few transactions: to change the settings, or to tick. */
const maxWaitMs = 60_000;

/** The market's settings with another period of the clock, and with the shortest deadlines that it allows. */
export const withTickPeriod = (settings: MarketSettings, tickPeriodMs: number): MarketSettings => ({
  ...settings,
  ...clockTimes(tickPeriodMs, settings.mostDeadlineMs),
});

async function read<Name extends 'GetConfig' | 'GetClock'>(
  { send, cast }: MarketControl,
  transaction: Name,
): Promise<OutputOf<Name>> {
  const status = await send({ member: cast.dataOwner, transaction, input: {} }, true);
  if (!status.IsCommitted()) throw new Error('The market does not answer; Caliper’s log has the reason.');
  const answer: unknown = JSON.parse(Buffer.from(status.GetResult()).toString());
  return transactions[transaction].output.parse(answer) as OutputOf<Name>;
}

/** Whether the market has these settings. @throws Error if more than its times differ */
async function haveSettings(control: MarketControl, wanted: MarketSettings): Promise<boolean> {
  const { settings } = await read(control, 'GetConfig');
  const { tickPeriodMs, windowMs, leastDeadlineMs, mostDeadlineMs } = wanted;
  const times = { tickPeriodMs, windowMs, leastDeadlineMs, mostDeadlineMs };
  if (!isDeepStrictEqual({ ...settings, ...times }, wanted)) {
    throw new Error(
      'The market’s settings have changed since it was prepared: npm run prepare-network -- --help',
    );
  }
  return isDeepStrictEqual(settings, wanted);
}

/**
 * Makes sure that the market has these settings. If it has others, the first worker proposes these and administrators
 * vote for them; the other workers wait.
 * @throws Error if that fails, and for a market that differs in more than its times
 */
export async function ensureSettings(
  control: MarketControl,
  worker: number,
  wanted: MarketSettings,
): Promise<void> {
  if (worker === 0) {
    if (!(await haveSettings(control, wanted))) await adopt(control, wanted);
    return;
  }
  const until = Date.now() + maxWaitMs;
  while (!(await haveSettings(control, wanted))) {
    if (Date.now() > until) throw new Error('The first worker did not change the market’s settings.');
    await delay(pauseMs);
  }
}

async function adopt(control: MarketControl, wanted: MarketSettings): Promise<void> {
  const { cast } = control;
  const [proposer] = cast.administrators;
  if (proposer === undefined) throw new Error('The market has no administrator.');
  const proposalId = newId('cf', { ...cast.place, ownerId: proposer.mspId });
  const proposal = { proposalId, settings: wanted, voteMs: wanted.mostDeadlineMs };
  await sendUntilCommitted(control, proposer, 'ProposeConfig', proposal);
  for (const voter of cast.administrators) {
    await sendUntilCommitted(control, voter, 'VoteConfig', { proposalId, approve: true });
    if (await haveSettings(control, wanted)) return;
  }
  throw new Error('The administrators’ votes did not change the market’s settings.');
}

async function sendUntilCommitted<Name extends TransactionName>(
  { send }: MarketControl,
  member: PreparedIdentity,
  transaction: Name,
  input: Call<Name>['input'],
): Promise<void> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    if ((await send({ member, transaction, input })).IsCommitted()) return;
    await delay(pauseMs);
  }
  throw new Error(`${transaction} failed ${maxTries} times; Caliper’s log has the reason.`);
}

/**
 * Moves the market's clock until every current deadline of this duration on the ledger has passed. That takes three
 * ticks: two until such a deadline runs, and one when it ends.
 * @throws Error if the clock does not move
 */
export async function passDeadline(control: MarketControl, durationMs: number): Promise<void> {
  const { tickPeriodMs, windowMs } = (await read(control, 'GetConfig')).settings;
  const begun = (await read(control, 'GetClock')).sequence;
  let runsFrom: number | undefined;
  const until = Date.now() + durationMs + maxWaitMs;
  while (Date.now() < until) {
    const { sequence, time } = await read(control, 'GetClock');
    if (sequence >= begun + 2) runsFrom ??= time;
    const passesAt = runsFrom === undefined ? 0 : runsFrom + durationMs + windowMs + 1;
    if (runsFrom !== undefined && time >= passesAt) return;
    await delay(Math.max(passesAt, time + tickPeriodMs) - Date.now());
    // A tick may fail: another worker was faster, or the endorsers received it too late for the market's window.
    await control.send({ member: control.cast.dataOwner, transaction: 'Tick', input: {} });
  }
  throw new Error('The market’s clock does not move; Caliper’s log has the reason.');
}
