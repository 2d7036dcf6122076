import { everyPage, type Dataset, type TrainCouple } from '@veritrain/client-sdk';
import { jobsOf } from '../roles/hostUpdate.js';
import type { ActionContext } from './context.js';
import { heldDatasets } from './heldDatasets.js';
import type { Member } from './member.js';
import { documentHandle, modelHandle, packageHandle, updateHandle } from './ownHandles.js';

/**
 * The handles of all objects of this member's that the ledger's records still refer to: what somebody may have to fetch
 * from here on. Whatever else lies in its place of the vault can go.
 */
export async function vaultNeeds(
  member: Member,
  participantId: string,
  context: ActionContext,
): Promise<Set<string>> {
  const needs = new Set<string>();
  for (const find of [asDataOwner, asModelOwner, asHost])
    for await (const handle of find(member, participantId, context)) needs.add(handle);
  return needs;
}

/** Templates, and packages for hosts that hold a slot or may still take one, while the dataset is on offer or in use. */
async function* asDataOwner(member: Member, ownerId: string, context: ActionContext): AsyncGenerator<string> {
  const { market } = member;
  const inUse = new Set<string>();
  for await (const { datasetId, dataOwnerId } of liveCouples(member, ownerId, context))
    if (dataOwnerId === ownerId) inUse.add(datasetId);
  for await (const dataset of everyPage(market.datasets.list, { ownerId }, context)) {
    if (dataset.state === 'withdrawn' && !inUse.has(dataset.datasetId)) continue;
    yield documentHandle(market, dataset.templateDigest);
    yield* packages(member, dataset, context);
  }
}

async function* packages(
  member: Member,
  { datasetId, subsets, replicas, state }: Dataset,
  context: ActionContext,
): AsyncGenerator<string> {
  const { market } = member;
  const holders = new Map<number, string[]>();
  for await (const slot of everyPage(market.instances.list, { datasetId }, context)) {
    if (slot.participantId === null) continue;
    holders.set(slot.subsetIndex, [...(holders.get(slot.subsetIndex) ?? []), slot.participantId]);
  }
  const invited = state === 'offered' ? await hostsOf(member, context) : [];
  for (let subsetIndex = 0; subsetIndex < subsets; subsetIndex += 1) {
    const held = holders.get(subsetIndex) ?? [];
    const hostIds = held.length < replicas ? new Set([...held, ...invited]) : held;
    for (const hostId of hostIds) yield packageHandle(market, { datasetId, subsetIndex, hostId });
  }
}

async function hostsOf({ market }: Member, context: ActionContext): Promise<string[]> {
  const hosts: string[] = [];
  for await (const { participantId } of everyPage(
    market.participants.list,
    { role: 'cloudOwner' as const },
    context,
  ))
    hosts.push(participantId);
  return hosts;
}

/** Programs, and of couples that have not ended the homomorphic key and the model of the open attempt or the next one. */
async function* asModelOwner(
  member: Member,
  ownerId: string,
  context: ActionContext,
): AsyncGenerator<string> {
  const { market } = member;
  for await (const { programDigest, architectureDigest } of everyPage(
    market.models.list,
    { ownerId },
    context,
  )) {
    yield documentHandle(market, programDigest);
    yield documentHandle(market, architectureDigest);
  }
  for await (const { coupleId, modelOwnerId, terms, attempts } of liveCouples(member, ownerId, context)) {
    if (modelOwnerId !== ownerId) continue;
    if (terms.heKeyDigest !== null) yield documentHandle(market, terms.heKeyDigest);
    yield modelHandle(market, { coupleId, attempt: attempts });
    yield modelHandle(market, { coupleId, attempt: attempts + 1 });
  }
}

/** Updates of the current attempts: once the next one is opened, the model owner has what it wanted of the last. */
async function* asHost(
  member: Member,
  participantId: string,
  context: ActionContext,
): AsyncGenerator<string> {
  const { market } = member;
  for (const datasetId of await heldDatasets(member, participantId, context)) {
    for await (const couple of everyPage(
      market.couples.list,
      { datasetId, state: 'approved' as const },
      context,
    )) {
      if (couple.attempts === 0) continue;
      const round = await market.rounds.get({ coupleId: couple.coupleId, attempt: couple.attempts }, context);
      for (const { jobId } of jobsOf(couple, round, participantId))
        yield updateHandle(market, { jobId, modelOwnerId: couple.modelOwnerId });
    }
  }
}

async function* liveCouples(
  { market }: Member,
  participantId: string,
  context: ActionContext,
): AsyncGenerator<TrainCouple> {
  for (const state of ['requested', 'approved'] as const)
    yield* everyPage(market.couples.list, { participantId, state }, context);
}
