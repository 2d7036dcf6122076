import { type InputOf, transactions } from '@veritrain/client-sdk/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ensureSettings,
  passDeadline,
  withTickPeriod,
  type MarketControl,
} from '../workloads/marketControl.js';
import { newcomersOf } from '../workloads/preparedMarket.js';
import { originOf, type AloneTransaction } from '../workloads/story/alone.js';
import { deadlinesOf } from '../workloads/story/deadlines.js';
import { startPreparedLedger, type PreparedLedger } from './support/preparedLedger.js';

/** Short, so that the deadline of a whole round takes 20 s; a tick may be half a period late. */
const tickPeriodMs = 200;

let ledger: PreparedLedger;
let control: MarketControl;

beforeAll(async () => {
  ledger = await startPreparedLedger({ tickPeriodMs: 10_000, newcomers: 1 });
  control = { cast: ledger.cast, send: (call, readOnly) => send(call, readOnly) };
  await ensureSettings(control, 0, withTickPeriod(ledger.market.settings, tickPeriodMs));
});
afterAll(() => ledger?.stop());

/** Answers like Caliper's connector. */
const send: MarketControl['send'] = async ({ member, transaction, input }, readOnly) => {
  const now = Date.now();
  const status = { GetID: () => undefined, GetTimeCreate: () => now, GetTimeFinal: () => Date.now() };
  try {
    const answer =
      readOnly === true
        ? await ledger.read(transaction, input)
        : await ledger.submit(member, transaction, input);
    const result = Buffer.from(JSON.stringify(answer));
    return { ...status, IsCommitted: () => true, GetResult: () => result };
  } catch {
    return { ...status, IsCommitted: () => false, GetResult: () => '' };
  }
};

/** Plays the story of a transaction to its end. @returns the input of each call of that transaction */
async function play<Name extends AloneTransaction>(transaction: Name): Promise<InputOf<Name>[]> {
  const { cast, market } = ledger;
  const settings = withTickPeriod(market.settings, tickPeriodMs);
  const { play: playStory, lapsing } = originOf(transaction);
  const deadlines = deadlinesOf(settings, lapsing);
  let passed: Promise<void> | undefined;
  const calls: InputOf<Name>[] = [];
  await playStory({
    cast,
    shape: { subsets: 2, replicas: 3, rounds: 1 },
    settings,
    deadlines,
    newcomers: newcomersOf(market, { worker: 0, workers: 1 }),
    sealedLocation: await cast.modelOwner.keyring.seal(
      cast.modelOwner.keyring.encryptionKey,
      Buffer.from('location'),
    ),
    submit: async (member, name, input) => {
      const sent: string = name;
      if (sent === transaction) {
        calls.push(transactions[transaction].input.parse(input) as InputOf<Name>);
        if (lapsing !== undefined) {
          // Without it this is too early: the contract refuses the call before the deadline.
          passed ??= expect(ledger.submit(member, name, input))
            .rejects.toThrow('VT0404')
            .then(() => passDeadline(control, deadlines[`${lapsing}Ms`]));
          await passed;
        }
      }
      return ledger.submit(member, name, input);
    },
  });
  return calls;
}

it('registers a newcomer', async () => {
  const [call] = await play('RegisterParticipant');
  const { participantId = '' } = call ?? {};
  expect(await ledger.read('GetParticipant', { participantId })).toMatchObject({ roles: ['cloudOwner'] });
});

it('has administrators propose, and vote it down', async () => {
  const votes = await play('VoteConfig');
  expect(votes).toHaveLength(2);
  const { proposalId = '' } = votes[0] ?? {};
  expect((await ledger.read('GetProposal', { proposalId })).state).toBe('refused');
  expect((await ledger.read('GetConfig', {})).settings.tickPeriodMs).toBe(tickPeriodMs);
});

it('withdraws a dataset', async () => {
  const [call] = await play('WithdrawDataset');
  const { datasetId = '' } = call ?? {};
  expect((await ledger.read('GetDataset', { datasetId })).state).toBe('withdrawn');
});

it.each([
  ['LeaveInstance', 'left'],
  ['ExpireJoin', 'open'],
] as const)('frees slots by %s', async (transaction, state) => {
  const calls = await play(transaction);
  expect(calls).toHaveLength(6);
  const { instanceId = '' } = calls[0] ?? {};
  expect(await ledger.read('GetInstance', { instanceId })).toMatchObject({ state });
});

it.each([
  ['RejectTraining', 'rejected'],
  ['CancelTraining', 'cancelled'],
] as const)('ends a request by %s', async (transaction, state) => {
  const [call] = await play(transaction);
  const { coupleId = '' } = call ?? {};
  expect(await ledger.read('GetCouple', { coupleId })).toMatchObject({ state });
});

it('lets a round expire', async () => {
  const [call] = await play('ExpireRound');
  if (call === undefined) throw new Error('no call');
  expect(await ledger.read('GetRound', call)).toMatchObject({ state: 'expired' });
});

it('has the hosts of a round report', async () => {
  const calls = await play('ReportUnavailable');
  const { coupleId = '' } = calls[0] ?? {};
  const { jobs } = await ledger.read('GetRound', { coupleId, attempt: 1 });
  expect(jobs.map(({ state }) => state)).toEqual(['unavailable', 'unavailable', 'unavailable']);
});

it('contests a round, has its hosts reveal, and tallies it', { timeout: 120_000 }, async () => {
  const [call] = await play('TallyRound');
  const { coupleId = '' } = call ?? {};
  const { reveals, settlements } = await ledger.read('GetRound', { coupleId, attempt: 1 });
  expect(new Set(reveals.map(({ digest }) => digest)).size).toBe(3);
  expect(settlements).toMatchObject([{ state: 'settled', outcome: 'forfeited', digest: null }]);
});

it('gives the market its settings back', async () => {
  await ensureSettings(control, 0, ledger.market.settings);
  expect((await ledger.read('GetConfig', {})).settings).toEqual(ledger.market.settings);
});
