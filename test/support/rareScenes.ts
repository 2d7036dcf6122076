import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { approveCouple } from '@veritrain/member/couples';
import { verifyInstances } from '@veritrain/member/datasets';
import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import { expect } from 'vitest';
import { ended, inviteAndJoin, waitUntil } from './couples.js';
import { runThroughCrashes } from './crashes.js';
import { dying, oneSubset, type Scene } from './crashStage.js';
import { datasetOf, withinMs } from './stage.js';
import type { StoryMember } from './storyMarket.js';
import { documentHandle, lose } from './vaultObjects.js';

// Scenes for the steps that an undisturbed couple has not, or that anyone may take.

/** Its template is lost before anybody asks. */
export const putDocument: Scene = async (on, story, point) => {
  const [owner] = (await on.stage.join('dataOwner', `${story}-owner`)) as [StoryMember];
  await on.stage.publish(story, { owner, hosts: [...on.hosts] });
  const { templateDigest } = await owner.member.market.datasets.get({ datasetId: datasetOf(story) });
  lose(on.stage.market, documentHandle(templateDigest));
  const died = dying(on, owner, point);
  const { vault } = on.lab.member.market;
  await waitUntil('the template is back', () => vault.has(documentHandle(templateDigest)), withinMs);
  await on.stage.ask(story, on.lab, oneSubset);
  await on.stage.finishedAsUndisturbed(story, owner, on.lab);
  await died();
};

/** One host joins and no other: it is not verified in time, and all slots are given out again. */
export const expireJoin: Scene = async (on, story, point) => {
  const [owner] = (await on.stage.join('dataOwner', `${story}-owner`)) as [StoryMember];
  const datasetId = datasetOf(story);
  const first = instanceIdOf(datasetId, 0, 0);
  await on.stage.publishOpen(story, owner, { verifyMs: on.stage.market.paceMs });
  await takeSlots(owner, on.hosts.slice(0, 1), datasetId, [first]);
  const died = dying(on, owner, point);
  const isFree = async (): Promise<boolean> => {
    const { state, generation } = await owner.member.market.instances.get({ instanceId: first });
    return state === 'open' && generation === 2;
  };
  await waitUntil('the slot is free again', isFree, withinMs);
  await fillSlots(owner, on.hosts, datasetId);
  await on.stage.ask(story, on.lab, oneSubset);
  await on.stage.finishedAsUndisturbed(story, owner, on.lab);
  await died();
};

/** On a busy machine the agent may verify too late again: then the slots stand open, and the hosts take them again. */
function fillSlots(owner: StoryMember, hosts: readonly StoryMember[], datasetId: string): Promise<void> {
  const { datasets, instances } = owner.member.market;
  const slots = hosts.flatMap((_, replica) =>
    [0, 1].map((subset) => instanceIdOf(datasetId, subset, replica)),
  );
  // A slot that was taken may still look open at the owner's peer.
  const taken = new Set<string>();
  const isReady = async (): Promise<boolean> => {
    // Slots that nobody took yet have no record.
    const { items } = await instances.list({ datasetId });
    const found = new Map(items.map((instance) => [instance.instanceId, instance]));
    const turn = (slot: string): string => `${slot}/${found.get(slot)?.generation ?? 1}`;
    const open = slots.filter(
      (slot) => (found.get(slot)?.state ?? 'open') === 'open' && !taken.has(turn(slot)),
    );
    if (open.length > 0) await takeSlots(owner, hosts, datasetId, open);
    for (const slot of open) taken.add(turn(slot));
    return (await datasets.get({ datasetId })).ready;
  };
  return waitUntil(`${datasetId} is ready`, isReady, withinMs);
}

/** The hosts join slots in the order of their replicas. */
function takeSlots(
  owner: StoryMember,
  hosts: readonly StoryMember[],
  datasetId: string,
  slots: readonly string[],
): Promise<void> {
  const assignments = hosts.flatMap(({ participantId }, replica) =>
    [0, 1]
      .map((subset) => instanceIdOf(datasetId, subset, replica))
      .filter((instanceId) => slots.includes(instanceId))
      .map((instanceId) => ({ instanceId, participantId })),
  );
  return inviteAndJoin(owner, hosts, { datasetId, assignments });
}

/** The dataset is withdrawn before its owner's agent has answered: no approval can succeed. */
export const rejectTraining: Scene = async (on, story, point) => {
  const [owner] = (await on.stage.join('dataOwner', `${story}-owner`)) as [StoryMember];
  await on.stage.publish(story, { owner, hosts: [...on.hosts] });
  await verifyInstances(owner.member, { datasetId: datasetOf(story) }, {});
  const { coupleId } = await on.stage.ask(story, on.lab, oneSubset);
  await owner.member.market.datasets.withdraw({ datasetId: datasetOf(story) });
  const died = dying(on, owner, point);
  expect(await ended(on.lab, coupleId, withinMs)).toMatchObject({ state: 'rejected', dataOwnerChain: null });
  await died();
};

/** The vault stops serving this host before the couple begins; its two sisters are enough. */
export const reportUnavailable: Scene = async (on, story, point) => {
  const { market } = on.stage;
  const vault = join(market.folder, 'vaults', story);
  mkdirSync(dirname(vault), { recursive: true });
  symlinkSync(market.vault, vault);
  const crasher = await on.stage.joinWith('cloudOwner', `${story}-host`, vault);
  const hosts = [...on.hosts.slice(0, 2), crasher];
  await on.stage.publish(story, { owner: on.owner, hosts, pace: 'short' });
  rmSync(vault);
  cpSync(market.vault, vault, { recursive: true });
  const died = dying(on, crasher, point);
  await on.stage.ask(story, on.lab, oneSubset);
  await on.stage.finishedAsUndisturbed(story, on.owner, on.lab);
  await died();
};

/** Its model owner closes with a digest that nobody committed to. */
export const revealUpdate: Scene = async (on, story, point) => {
  const [lab] = (await on.stage.join('modelOwner', `${story}-lab`)) as [StoryMember];
  const [crasher] = (await on.stage.join('cloudOwner', `${story}-host`)) as [StoryMember];
  const hosts = [...on.hosts.slice(0, 2), crasher];
  await on.stage.publish(story, { owner: on.owner, hosts, pace: 'short' });
  const agent = on.stage.run(lab, { fault: 'wrong-digest' });
  const died = dying(on, crasher, point);
  await on.stage.ask(story, lab, { ...oneSubset, rounds: Number(point.split(':')[2]) });
  await on.stage.finishedAsUndisturbed(story, on.owner, lab, { nothingAgreed: true });
  await died();
  await agent.stop();
};

/** Nobody closes. Anyone tallies, so whoever comes first dies of it, and those who come next. */
export const tallyRound: Scene = async (on, story, point) => {
  const [owner] = (await on.stage.join('dataOwner', `${story}-owner`)) as [StoryMember];
  const [lab] = (await on.stage.join('modelOwner', `${story}-lab`)) as [StoryMember];
  const hosts = await on.stage.join('cloudOwner', `${story}-host1`, `${story}-host2`, `${story}-host3`);
  await on.stage.publish(story, { owner, hosts, pace: 'short' });
  const running = [owner, lab, ...hosts].map((member) =>
    runThroughCrashes(on.stage.market, member, [point], member === lab ? { fault: 'never-close' } : {}),
  );
  await on.stage.ask(story, lab, { ...oneSubset, rounds: 1 });
  await on.stage.finishedAsUndisturbed(story, owner, lab, { nothingAgreed: true });
  expect(running.flatMap(({ crashed }) => crashed)).toContain(point);
};

/** The data owner comes too late for the first attempt. */
export const expireRound: Scene = async (on, story, point) => {
  const [owner] = (await on.stage.join('dataOwner', `${story}-owner`)) as [StoryMember];
  const [lab] = (await on.stage.join('modelOwner', `${story}-lab`)) as [StoryMember];
  const { paceMs: startMs } = on.stage.market;
  await on.stage.publish(story, { owner, hosts: [...on.hosts], deadlines: { startMs } });
  await verifyInstances(owner.member, { datasetId: datasetOf(story) }, {});
  const died = dying(on, lab, point);
  const { coupleId } = await on.stage.ask(story, lab, { ...oneSubset, spareAttempts: 1 });
  await approveCouple(owner.member, { coupleId }, {});
  const { rounds: market } = lab.member.market;
  const isExpired = async (): Promise<boolean> => {
    const { items } = await market.list({ coupleId });
    return items.some(({ state }) => state === 'expired');
  };
  await waitUntil('the first attempt expired', isExpired, withinMs);
  const agent = on.stage.run(owner);
  await on.stage.finishedAsUndisturbed(story, owner, lab, { expired: [1] });
  await died();
  await agent.stop();
};

/** The data owner never answers. */
export const cancelTraining: Scene = async (on, story, point) => {
  const [owner] = (await on.stage.join('dataOwner', `${story}-owner`)) as [StoryMember];
  const [lab] = (await on.stage.join('modelOwner', `${story}-lab`)) as [StoryMember];
  await on.stage.publish(story, {
    owner,
    hosts: [...on.hosts],
    deadlines: { answerMs: on.stage.market.paceMs },
  });
  await verifyInstances(owner.member, { datasetId: datasetOf(story) }, {});
  const died = dying(on, lab, point);
  const { coupleId } = await on.stage.ask(story, lab, oneSubset);
  expect(await ended(lab, coupleId, withinMs)).toMatchObject({ state: 'cancelled', dataOwnerChain: null });
  await died();
};

/** Its request waits for an answer until it died of its ticks. */
export const tick: Scene = async (on, story, point) => {
  const [owner] = (await on.stage.join('dataOwner', `${story}-owner`)) as [StoryMember];
  const [lab] = (await on.stage.join('modelOwner', `${story}-lab`)) as [StoryMember];
  await on.stage.publish(story, { owner, hosts: [...on.hosts], deadlines: { answerMs: withinMs } });
  await verifyInstances(owner.member, { datasetId: datasetOf(story) }, {});
  const died = dying(on, lab, point);
  const { coupleId } = await on.stage.ask(story, lab, oneSubset);
  await died();
  await approveCouple(owner.member, { coupleId }, {});
  const agents = [on.stage.run(owner), on.stage.run(lab)];
  await on.stage.finishedAsUndisturbed(story, owner, lab);
  await Promise.all(agents.map((agent) => agent.stop()));
};
