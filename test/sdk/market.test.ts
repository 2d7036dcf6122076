import {
  type CommittedChange,
  everyPage,
  isVeritrainError,
  type Market,
  type RequestedCouple,
  VeritrainError,
} from '@veritrain/client-sdk';
import { digestOf } from '@veritrain/client-sdk/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestMarket, quickSettings } from './testMarket.js';
import { approve, terms, joinSlot, offerDataset, packageDigest, runRound } from './trainingFlow.js';

const coded = (code: string): Error => expect.objectContaining({ code }) as Error;
/** A tick too early, or too far from the clock of a busy machine. */
const untimely: unknown = expect.objectContaining({ code: expect.stringMatching(/^VT040[12]$/) });
const digest = (text: string): string => digestOf(Buffer.from(text));

describe('a market through the SDK', () => {
  let test: TestMarket;
  let members: { owner: Market; host: Market; modelOwner: Market };

  beforeAll(async () => {
    test = await TestMarket.start();
    await test.configure(quickSettings);
    members = {
      owner: await test.join('owner', ['dataOwner']),
      host: await test.join('host', ['cloudOwner']),
      modelOwner: await test.join('modelowner', ['modelOwner']),
    };
    await offerDataset(members.owner, members.host, 'ds_first');
    const { modelOwner } = members;
    await modelOwner.models.register({
      modelId: 'md_first',
      programDigest: digest('program'),
      architectureDigest: digest('architecture'),
      protection: 'plain',
    });
  });
  afterAll(() => test?.close());

  const request = (coupleId?: string): Promise<RequestedCouple> =>
    members.modelOwner.couples.request({
      datasetId: 'ds_first',
      modelId: 'md_first',
      ...terms,
      heKeyDigest: null,
      idleMs: 60_000,
      ...(coupleId === undefined ? {} : { coupleId }),
    });

  it('trains: request, approve, rounds, finish; the couple is watched to its end', async () => {
    const couple = await request();
    expect(couple.coupleId).toMatch(/^tc_[a-z2-7]{30}$/);
    expect(couple.transactionId).toMatch(/^[0-9a-f]{64}$/);
    expect(couple.blockNumber).toBeGreaterThan(0n);
    const { coupleId } = couple;
    const seen: CommittedChange[] = [];
    const watching = (async () => {
      for await (const change of couple.watch()) seen.push(change);
    })();
    await approve(members.owner, coupleId);
    for (const attempt of [1, 2]) await runRound(members, coupleId, attempt);
    await members.modelOwner.couples.finish({
      coupleId,
      finalModelDigest: digest('final'),
      metrics: [{ name: 'mse', value: '0.5' }],
    });
    await watching;
    const types = seen.map(({ type }) => type);
    expect(types[0]).toBe('TrainingRequested');
    expect(types.filter((type) => type === 'RoundStarted')).toHaveLength(2);
    expect(types.at(-1)).toBe('TrainingFinished');
    for (const { summary } of seen) expect(summary).toMatch(/^.*tc_.*\.$/);
    expect(await members.host.couples.checkDraws({ coupleId })).toEqual([
      { attempt: 1, started: true, fault: null },
      { attempt: 2, started: true, fault: null },
    ]);
    const steps = [];
    for await (const step of everyPage(members.host.history.ofCouple, { coupleId, pageSize: 1 }))
      steps.push(step);
    expect(steps.map(({ transaction }) => transaction)).toContain('FinishTraining');
    const jobs = [];
    for await (const job of everyPage(members.host.jobs.list, { coupleId, pageSize: 1 })) jobs.push(job);
    expect(jobs.map(({ verdict }) => verdict)).toEqual(jobs.map(() => 'unjudged'));
    expect(jobs.length).toBeGreaterThan(1);
    const again: string[] = [];
    for await (const { type } of members.host.couples.watch(coupleId)) again.push(type);
    expect(again).toEqual(types);
  });

  it('takes the same content again as a success, and refuses other content', async () => {
    const first = await request('tc_twice');
    const second = await request('tc_twice');
    expect(second.result).toEqual(first.result);
    const other = members.modelOwner.couples.request({
      ...first.result.terms,
      ...first.result,
      rounds: 1,
    });
    await expect(other).rejects.toThrow(coded('VT8004'));
    const conflicting = members.modelOwner.submit('RequestTraining', {
      coupleId: 'tc_twice',
      datasetId: 'ds_first',
      modelId: 'md_first',
      rounds: 1,
      spareAttempts: 1,
      anchor: digest('anchor'),
      heKeyDigest: null,
      idleMs: 60_000,
    });
    await expect(conflicting).rejects.toThrow(coded('VT0204'));
  });

  it('says what the contract refused: code, facts, hint, cause, transaction id', async () => {
    const failure = await members.host.couples.approve({ coupleId: 'tc_twice', anchor: digest('x') }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!isVeritrainError(failure, 'VT0303')) throw new Error(`not refused as NOT_OWNER: ${String(failure)}`);
    expect(failure).toBeInstanceOf(VeritrainError);
    expect(failure.title).toBe('NOT_OWNER');
    expect(failure.hint).toContain('owner');
    expect(failure.transactionId).toMatch(/^[0-9a-f]{64}$/);
    expect(failure.cause).toBeInstanceOf(Error);
    await expect(members.host.couples.get({ coupleId: 'tc_none' })).rejects.toThrow(coded('VT0201'));
  });

  it('checks input before it is sent, and names the fields', async () => {
    const wrong = members.host.couples.get({ coupleId: 'couple 1' });
    await expect(wrong).rejects.toMatchObject({ code: 'VT8004', facts: { transaction: 'GetCouple' } });
    await expect(wrong).rejects.toMatchObject({ facts: { issues: expect.stringContaining('coupleId') } });
  });

  it('gets its transactions through while the clock ticks under them', async () => {
    const requested: RequestedCouple[] = [];
    const { sequence: before } = await members.host.clock.get();
    let sequence = before;
    while (sequence < before + 3) {
      const tick = members.host.clock.tick().catch((error: unknown) => expect(error).toEqual(untimely));
      const made = await Promise.all(Array.from({ length: 4 }, () => request()));
      requested.push(...made);
      await tick;
      const answers = made.map(({ coupleId }) =>
        members.owner.couples.reject({ coupleId, reason: 'capacity' }),
      );
      await Promise.all(answers);
      ({ sequence } = await members.host.clock.get());
    }
    for (const { coupleId, transactionId } of requested) {
      const { requestedAt } = await members.host.couples.get({ coupleId });
      expect(requestedAt.transactionId).toBe(transactionId);
    }
  });

  it('lets a host check its sisters before it is verified', async () => {
    const { owner, host } = members;
    await owner.datasets.register({
      ...(await owner.datasets.get({ datasetId: 'ds_first' }).then(offered)),
      datasetId: 'ds_second',
    });
    const instanceId = await joinSlot(owner, host, 'ds_second', 0);
    const mine = await host.instances.crossCheck({ instanceId, packageDigest: packageDigest(0) });
    expect(mine.opened.map((slot) => slot.instanceId)).toEqual([instanceId]);
    expect(mine).toMatchObject({ mismatched: [], vacant: [], quorum: 1 });
    const other = await host.instances.crossCheck({ instanceId, packageDigest: packageDigest(1) });
    expect(other.mismatched.map((slot) => slot.instanceId)).toEqual([instanceId]);
    const vacant = await host.instances.crossCheck({
      instanceId: 'ci_second_1_0',
      packageDigest: packageDigest(1),
    });
    expect(vacant.vacant).toHaveLength(1);
  });

  it('hands out changes after a checkpoint once more only where handling was not finished', async () => {
    const { host } = members;
    const options = { checkpoint: 'reader', types: ['DatasetRegistered', 'ModelRegistered'] as const };
    const first: string[] = [];
    for await (const { type, transactionId } of host.events.watch(options)) {
      first.push(`${type} ${transactionId}`);
      if (first.length === 2) break;
    }
    const second: string[] = [];
    for await (const { type, transactionId } of host.events.watch(options)) {
      second.push(`${type} ${transactionId}`);
      if (second.length === 2) break;
    }
    expect(second[0]).toBe(first[1]);
    expect(new Set([...first, ...second]).size).toBe(3);
    await expect(host.events.watch({ checkpoint: '../x' }).next()).rejects.toThrow(coded('VT8004'));
  });

  it('reads from the next block on when it is told to', async () => {
    const { host, owner } = members;
    const controller = new AbortController();
    const events = host.events.watch({
      fromBlock: 'next',
      signal: controller.signal,
      types: ['DatasetWithdrawn'],
    });
    const height = await host.height();
    const next = events.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await owner.datasets.withdraw({ datasetId: 'ds_second' });
    const change = (await next).value as CommittedChange;
    expect(change).toMatchObject({ type: 'DatasetWithdrawn', summary: 'ds_second was withdrawn.' });
    expect(change.blockNumber).toBeGreaterThanOrEqual(height);
    controller.abort();
    await expect(events.next()).rejects.toThrow(coded('VT8005'));
  });
});

/** What of a dataset's view can be offered again. */
function offered(
  view: Awaited<ReturnType<Market['datasets']['get']>>,
): Parameters<Market['datasets']['register']>[0] {
  const {
    datasetId,
    templateDigest,
    subsets,
    replicas,
    lifetimeRounds,
    aggregation,
    requestRules,
    deadlines,
  } = view;
  return {
    datasetId,
    templateDigest,
    subsets,
    replicas,
    lifetimeRounds,
    aggregation,
    requestRules,
    deadlines,
  };
}
