import { join } from 'node:path';
import type { InputOf, TransactionName } from '@veritrain/client-sdk/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareNetwork } from '../command/prepare.js';
import { castOf, castsOf, newcomersOf, readPreparedMarket } from '../workloads/preparedMarket.js';
import { startPreparedLedger, type PreparedLedger } from './support/preparedLedger.js';

let ledger: PreparedLedger;

beforeAll(async () => {
  ledger = await startPreparedLedger({ tickPeriodMs: 10_000 });
});
afterAll(() => ledger?.stop());

it('plays a couple from its offer to its end, with every transaction of the story', async () => {
  const sent: Partial<Record<TransactionName, number>> = {};
  let coupleId = '';
  await ledger.play({ subsets: 2, replicas: 3, rounds: 2 }, (member, transaction, input) => {
    sent[transaction] = (sent[transaction] ?? 0) + 1;
    if (transaction === 'FinishTraining') coupleId = (input as InputOf<'FinishTraining'>).coupleId;
    return ledger.submit(member, transaction, input);
  });
  expect(sent).toEqual({
    RegisterDataset: 1,
    RegisterModel: 1,
    JoinInstance: 6,
    VerifyInstances: 1,
    RequestTraining: 1,
    ApproveTraining: 1,
    OpenRound: 2,
    StartRound: 2,
    SubmitUpdate: 6,
    CloseRound: 2,
    FinishTraining: 1,
    ReleaseRounds: 1,
  });
  const couple = await ledger.read('GetCouple', { coupleId });
  expect(couple).toMatchObject({ state: 'finished', startedRounds: 2, releasedRounds: 0 });
  const round = await ledger.read('GetRound', { coupleId, attempt: 2 });
  expect(round.settlements.map(({ state }) => state)).toEqual(['settled']);
});

it('prepares a network that was prepared before, for members of their own', async () => {
  const again = await prepareNetwork({
    reference: { network: join(ledger.folder, 'ledger') },
    folder: join(ledger.folder, 'again'),
    workers: 2,
    replicas: 1,
    casts: 5,
    newcomers: 3,
    tickPeriodMs: 60_000,
    onProgress: () => undefined,
  });
  const market = readPreparedMarket(again);
  const ids = market.casts.flatMap(({ dataOwner, modelOwner, hosts }) =>
    [dataOwner, modelOwner, ...hosts].map(({ participantId }) => participantId),
  );
  expect(new Set(ids).size).toBe(15);
  expect(ids).not.toContain(ledger.cast.dataOwner.participantId);
  expect(() => castOf(market, 5)).toThrow('members for 5 workers, and this is worker 6');
  expect(market.settings.tickPeriodMs).toBe(10_000);
  expect(market.administrators.map(({ mspId }) => mspId)).toEqual(['Org1MSP', 'Org2MSP', 'Org3MSP']);

  const owners = (worker: number): string[] =>
    castsOf(market, { worker, workers: 2 }, 5).map(({ dataOwner }) => dataOwner.identity);
  expect(owners(0)).toEqual(['data-owner-0', 'data-owner-2', 'data-owner-4']);
  expect(owners(1)).toEqual(['data-owner-1', 'data-owner-3']);
  expect(() => castsOf(market, { worker: 0, workers: 2 }, 6)).toThrow('5 casts, but 6 are required');
  const newcomers = newcomersOf(market, { worker: 0, workers: 2 });
  expect(newcomers.map(({ identity }) => identity)).toEqual(['newcomer-0', 'newcomer-2']);
});
