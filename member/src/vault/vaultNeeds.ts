import { type Dataset, everyPage } from '@veritrain/client-sdk';
import { jobIdOf, parseInstanceId } from '@veritrain/client-sdk/protocol';
import { instanceIdSchema } from '@veritrain/client-sdk/schemas';
import type { ActionContext } from '../calls/action.js';
import { drawFile } from '../home/coupleFiles.js';
import { heldDatasets } from '../instances/heldDatasets.js';
import type { Member } from '../profile/member.js';
import { documentHandle, modelHandle, packageHandle, updateHandle } from './ownObjects.js';
import { hasEnded, type Release } from './vaultRelease.js';

/** An object that this member may have stored, and the record that releases it, if there is one. */
interface Claim {
  readonly handle: string;
  readonly release?: Release;
}

/** The handles of objects that a member may have stored, by the ledger's records. Those in neither set are kept. */
interface VaultNeeds {
  /** Somebody may still have to fetch them. */
  readonly needed: ReadonlySet<string>;
  readonly released: ReadonlyMap<string, Release>;
}

/**
 * Reads the records of this member's datasets, models, couples and slots. Only an explicit record releases an object: an
 * empty or incomplete list releases nothing.
 */
export async function vaultNeeds(
  member: Member,
  participantId: string,
  context: ActionContext,
): Promise<VaultNeeds> {
  const needed = new Set<string>();
  const released = new Map<string, Release>();
  for (const find of [asDataOwner, asModelOwner, asHost])
    for await (const { handle, release } of find(member, participantId, context)) {
      if (release === undefined) needed.add(handle);
      else released.set(handle, release);
    }
  for (const handle of needed) released.delete(handle);
  return { needed, released };
}

/** Templates, and packages for hosts that hold a slot or may still join one, until the dataset is withdrawn and unused. */
async function* asDataOwner(member: Member, ownerId: string, context: ActionContext): AsyncGenerator<Claim> {
  const { market } = member;
  const couples = await couplesByDataset(member, ownerId, context);
  for await (const dataset of everyPage(market.datasets.list, { ownerId }, context)) {
    const { datasetId, state } = dataset;
    const { coupleIds, inUse } = couples.get(datasetId) ?? { coupleIds: new Set(), inUse: false };
    const release =
      state === 'withdrawn' && !inUse
        ? { kind: 'dataset' as const, datasetId, coupleIds: [...coupleIds] }
        : undefined;
    const { templateDigest } = dataset;
    const handle = documentHandle(market, templateDigest);
    yield { handle, ...(release && { release: { ...release, templateDigest } }) };
    for await (const { subsetIndex, hostId, release: filled } of packageClaims(member, dataset, context)) {
      const over = release ?? (state === 'withdrawn' ? undefined : filled);
      yield {
        handle: packageHandle(market, { datasetId, subsetIndex, hostId }),
        ...(over && { release: over }),
      };
    }
  }
}

interface CouplesOfDataset {
  readonly coupleIds: Set<string>;
  inUse: boolean;
}

/** The couples on each dataset: those on the ledger, and those that this owner noted when it approved them. */
async function couplesByDataset(
  { market, home }: Member,
  ownerId: string,
  context: ActionContext,
): Promise<Map<string, CouplesOfDataset>> {
  const byDataset = new Map<string, CouplesOfDataset>();
  const couplesOf = (datasetId: string): CouplesOfDataset => {
    const known = byDataset.get(datasetId) ?? { coupleIds: new Set(), inUse: false };
    byDataset.set(datasetId, known);
    return known;
  };
  for await (const couple of everyPage(market.couples.list, { participantId: ownerId }, context)) {
    if (couple.dataOwnerId !== ownerId) continue;
    const couples = couplesOf(couple.datasetId);
    couples.coupleIds.add(couple.coupleId);
    couples.inUse ||= !hasEnded(couple);
  }
  for (const coupleId of home.coupleIds()) {
    const note = drawFile(home, coupleId).readUndamaged(() => undefined);
    if (note !== undefined) couplesOf(note.datasetId).coupleIds.add(coupleId);
  }
  return byDataset;
}

/** A package that may be in the vault, for a host that holds a slot or may be invited. */
export interface PackageClaim {
  /** Index of the subset, from 0. */
  readonly subsetIndex: number;
  /** The host that the package is sealed to, `pt_…`. */
  readonly hostId: string;
  /** Set if other hosts hold all slots of the subset, so that nobody needs the package. */
  readonly release?: Release;
}

/** The packages of a dataset that may be in the vault: for each subset and each host that could be invited. */
export async function* packageClaims(
  member: Member,
  dataset: Pick<Dataset, 'datasetId' | 'subsets' | 'replicas'>,
  context: ActionContext,
): AsyncGenerator<PackageClaim> {
  const { datasetId, subsets, replicas } = dataset;
  const holders = await holdersOf(member, datasetId, context);
  const invited = await invitable(member, datasetId, context);
  for (let subsetIndex = 0; subsetIndex < subsets; subsetIndex += 1) {
    const held = holders.get(subsetIndex) ?? [];
    for (const hostId of new Set([...held, ...invited])) {
      if (held.length < replicas || held.includes(hostId)) yield { subsetIndex, hostId };
      else yield { subsetIndex, hostId, release: { kind: 'subset', datasetId, subsetIndex, hostId } };
    }
  }
}

/** The hosts of each subset. */
async function holdersOf(
  { market }: Member,
  datasetId: string,
  context: ActionContext,
): Promise<Map<number, string[]>> {
  const holders = new Map<number, string[]>();
  for await (const { participantId, subsetIndex } of everyPage(market.instances.list, { datasetId }, context))
    if (participantId !== null)
      holders.set(subsetIndex, [...(holders.get(subsetIndex) ?? []), participantId]);
  return holders;
}

/** Hosts with a stored package, and all others. */
async function invitable(
  { market, home }: Member,
  datasetId: string,
  context: ActionContext,
): Promise<string[]> {
  const hosts = home
    .dataset(datasetId)
    .storedPackages()
    .map(({ hostId }) => hostId);
  const role = 'cloudOwner' as const;
  for await (const { participantId } of everyPage(market.participants.list, { role }, context))
    hosts.push(participantId);
  return hosts;
}

/** Programs; and for each running couple the homomorphic key, and the models of the open and the next attempt. */
async function* asModelOwner(member: Member, ownerId: string, context: ActionContext): AsyncGenerator<Claim> {
  const { market } = member;
  for await (const { programDigest, architectureDigest } of everyPage(
    market.models.list,
    { ownerId },
    context,
  )) {
    yield { handle: documentHandle(market, programDigest) };
    yield { handle: documentHandle(market, architectureDigest) };
  }
  for await (const couple of everyPage(market.couples.list, { participantId: ownerId }, context)) {
    if (couple.modelOwnerId !== ownerId) continue;
    const { coupleId, attempts } = couple;
    const { heKeyDigest } = couple.terms;
    if (heKeyDigest !== null) {
      const release: Release = { kind: 'couple', coupleId, heKeyDigest };
      yield { handle: documentHandle(market, heKeyDigest), ...(hasEnded(couple) && { release }) };
    }
    for (let attempt = 1; attempt <= attempts + 1; attempt += 1) {
      const handle = modelHandle(market, { coupleId, attempt });
      yield { handle, ...releaseOf(couple, attempt) };
    }
  }
}

/** Updates of the current attempts: when the next attempt opens, the model owner has used those of the last one. */
async function* asHost(member: Member, participantId: string, context: ActionContext): AsyncGenerator<Claim> {
  const { market, home } = member;
  const slots = new Set(home.instanceIds().filter((name) => instanceIdSchema.safeParse(name).success));
  for await (const slot of everyPage(market.instances.list, { participantId }, context))
    slots.add(slot.instanceId);
  for (const datasetId of await heldDatasets(member, participantId, context)) {
    const own = [...slots].map(parseInstanceId).filter((slot) => slot.datasetId === datasetId);
    for await (const couple of everyPage(market.couples.list, { datasetId }, context)) {
      const { coupleId, modelOwnerId } = couple;
      for (let attempt = 1; attempt <= couple.attempts; attempt += 1)
        for (const { subsetIndex, slot } of own) {
          const jobId = jobIdOf(coupleId, attempt, subsetIndex, slot);
          const handle = updateHandle(market, { jobId, modelOwnerId });
          yield { handle, ...releaseOf(couple, attempt) };
        }
    }
  }
}

/** An object of an attempt is released when the couple ends or a later attempt opens. */
function releaseOf(
  couple: { readonly coupleId: string; readonly state: string; readonly attempts: number },
  attempt: number,
): { release?: Release } {
  const { coupleId } = couple;
  if (!hasEnded(couple) && attempt >= couple.attempts) return {};
  return { release: { kind: 'couple', coupleId, attempt } };
}
