import {
  type CommittedChange,
  connectMarket,
  everyPage,
  type Market,
  type RequestedCouple,
} from '@veritrain/client-sdk';
import { ownDrawChain } from '@veritrain/client-sdk/keys';
import { digestOf } from '@veritrain/client-sdk/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestMarket, quickSettings } from './testMarket.js';
import { joinSlot, makeUpdate, offerDataset, packageDigest, readUpdates, terms } from './trainingFlow.js';

const titled = (title: string): Error => expect.objectContaining({ title }) as Error;
const digest = (text: string): string => digestOf(Buffer.from(text));

describe('a training by handles', () => {
  let test: TestMarket;
  let members: { owner: Market; host: Market; modelOwner: Market };
  let couple: RequestedCouple;

  beforeAll(async () => {
    test = await TestMarket.start();
    await test.configure(quickSettings);
    members = {
      owner: await test.join('owner', ['dataOwner']),
      host: await test.join('host', ['cloudOwner']),
      modelOwner: await test.join('modelowner', ['modelOwner']),
    };
    await offerDataset(members.owner, members.host, 'ds_handled');
    await members.modelOwner.models.register({
      modelId: 'md_handled',
      programDigest: digest('program'),
      architectureDigest: digest('architecture'),
      protection: 'plain',
    });
    couple = await members.modelOwner.couples.request({
      datasetId: 'ds_handled',
      modelId: 'md_handled',
      ...terms,
      subsetsPerRound: 2,
      heKeyDigest: null,
      idleMs: 60_000,
    });
  });
  afterAll(() => test?.close());

  it('a dataset: what it is, its slots, who asked for it', async () => {
    const dataset = members.host.dataset('ds_handled');
    expect(await dataset.get()).toMatchObject({ ready: true, subsets: 2 });
    expect((await dataset.getSubset({ subsetIndex: 1 })).packageDigest).toBe(packageDigest(1));
    expect((await dataset.waitingForJoins()).items).toEqual([]);
    const slots = [];
    for await (const slot of everyPage(dataset.instances, { pageSize: 1 })) slots.push(slot.instanceId);
    expect(slots).toEqual([0, 1].map((subsetIndex) => dataset.instance(subsetIndex, 0).id));
    expect((await dataset.couples({ state: 'requested' })).items).toMatchObject([{ coupleId: couple.id }]);
    await expect(dataset.withdraw()).rejects.toThrow(titled('NOT_OWNER'));
  });

  it('a dataset tells its own changes, and a slot its host', async () => {
    const { owner, host } = members;
    const { datasetId, ...offer } = await owner.dataset('ds_handled').get();
    const { templateDigest, subsets, replicas, lifetimeRounds, aggregation, requestRules, deadlines } = offer;
    const other = { templateDigest, subsets, replicas, lifetimeRounds, aggregation, requestRules, deadlines };
    await owner.datasets.register({ datasetId: `${datasetId}2`, ...other });
    const instance = host.instance(await joinSlot(owner, host, `${datasetId}2`, 0));
    const dataset = owner.dataset(`${datasetId}2`);
    await dataset.verify({ packages: [{ subsetIndex: 0, packageDigest: packageDigest(0) }] });
    expect(await instance.get()).toMatchObject({ participantId: host.participantId, state: 'verified' });
    expect(await instance.crossCheck({ packageDigest: packageDigest(0) })).toMatchObject({ mismatched: [] });
    await instance.leave({ generation: 1 });
    await dataset.withdraw();
    const seen: string[] = [];
    for await (const { type } of dataset.watch()) {
      seen.push(type);
      if (type === 'DatasetWithdrawn') break;
    }
    expect(seen).toEqual([
      'DatasetRegistered',
      'InstanceJoined',
      'InstanceVerified',
      'PackagePinned',
      'InstanceLeaving',
      'DatasetWithdrawn',
    ]);
  });

  it('a couple, its rounds and their jobs, to the end', async () => {
    const { owner, host, modelOwner } = members;
    expect(await couple.waitingFor()).toMatchObject([{ kind: 'answer', whom: [owner.participantId] }]);
    const ofOwner = ownDrawChain(owner, 'dataOwner', couple.id, terms);
    const ofModelOwner = ownDrawChain(modelOwner, 'modelOwner', couple.id, terms);
    await owner.couple(couple.id).approve({ anchor: ofOwner.anchor });

    const { digest: modelDigest, handle: modelHandle } = await modelOwner.vault.put(Buffer.from('model'));
    const round = couple.round(1);
    await round.open({ modelDigest, modelHandle, link: ofModelOwner.link(1) });
    const started = await owner.round(couple.id, 1).start({ link: ofOwner.link(1) });
    const [first, ...others] = started.result.drawn.flatMap(({ slots }) => slots);
    if (first === undefined) throw new Error('nothing was drawn');
    // Once by the slot, which the handle is made of, and once by the job's id, for which it asks whose dataset it is.
    const job = host.round(couple.id, 1).job(first.instanceId);
    const byId = host.job(job.id);
    const { object, handle, ...update } = await makeUpdate(host, modelOwner, {
      ...round.toJSON(),
      instanceId: first.instanceId,
    });
    await expect(job.get()).rejects.toThrow(titled('NOT_FOUND'));
    const { result: committed } = await job.submitUpdate(update);
    expect(committed).toMatchObject({ jobId: job.id, instanceId: first.instanceId });
    expect((await byId.submitUpdate(update)).result).toEqual(committed);
    await expect(byId.revealUpdate({ digest: digest('x') })).rejects.toThrow(titled('NOT_CONTESTED'));
    for (const { instanceId } of others) await host.round(couple.id, 1).job(instanceId).reportUnavailable();
    await host.vault.put(object, { handle });

    const { items: jobs } = await round.jobs();
    expect(jobs).toHaveLength(1 + others.length);
    const delivered = await readUpdates(
      modelOwner,
      jobs.filter(({ state }) => state === 'committed'),
    );
    await expect(round.tally({ subsetIndexes: [0] })).rejects.toThrow(titled('DEADLINE_NOT_PASSED'));
    await round.close({
      results: started.result.drawn.map(
        ({ subsetIndex }) =>
          delivered.find((each) => each.subsetIndex === subsetIndex) ?? { subsetIndex, claim: 'undelivered' },
      ),
    });
    expect(await round.get()).toMatchObject({ attempt: 1, settled: true });
    expect(await byId.get()).toMatchObject({ verdict: 'unjudged' });

    await couple.finish({ finalModelDigest: digest('final'), metrics: [{ name: 'mse', value: '0.5' }] });
    const watched: CommittedChange[] = [];
    for await (const change of couple.watch()) watched.push(change);
    expect(watched.map(({ type }) => type)).toContain('RoundStarted');
    expect(watched.at(-1)?.type).toBe('TrainingFinished');
    expect(watched[0]).toMatchObject({ type: 'TrainingRequested', blockNumber: couple.blockNumber });
    expect((await couple.rounds()).items.map(({ attempt }) => attempt)).toEqual([1]);
    expect((await couple.history({ pageSize: 5 })).items.length).toBeGreaterThan(3);
    expect(await couple.checkDraws()).toEqual([{ attempt: 1, started: true, fault: null }]);
    expect(await couple.waitingFor()).toEqual([]);
    expect((await owner.couple(couple.id).releaseRounds()).result.coupleId).toBe(couple.id);
    await expect(couple.cancel()).rejects.toThrow(titled('WRONG_STATE'));
    const { items: models } = await owner.dataset('ds_handled').listTrainedModels();
    expect(models).toMatchObject([{ coupleId: couple.id, modelId: 'md_handled' }]);
  });

  it('a market ends with the block that it was opened in', async () => {
    const identity = test.identities.get('host');
    if (identity === undefined) throw new Error('the host has not enrolled');
    let ended: Market;
    {
      await using market = await connectMarket({ profile: test.profile('host', identity) });
      expect(await market.dataset('ds_handled').get()).toMatchObject({ datasetId: 'ds_handled' });
      ended = market;
    }
    await expect(ended.dataset('ds_handled').get()).rejects.toThrow(titled('ABORTED'));
  });
});
