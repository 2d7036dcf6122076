import { planCouple, requestCouple } from '@veritrain/member/couples';
import {
  assignHosts,
  inviteHosts,
  publishDataset,
  splitDataset,
  type Assignment,
} from '@veritrain/member/datasets';
import { joinInstances } from '@veritrain/member/instances';
import { registerModel } from '@veritrain/member/models';
import { type DatasetDeadlines, isVeritrainError, type TrainCouple } from '@veritrain/client-sdk';
import {
  defineProgram,
  type ProgramChoices,
  type RecipeChoices,
  type TrainingProgram,
} from '@veritrain/training';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoryLedger } from './storyLedger.js';
import { diabetes, type StoryMarket, type StoryMember } from './storyMarket.js';

export interface OfferOptions {
  datasetId: string;
  /** The data owner's floor for rare rows. Default: the member's. */
  leastCell?: number;
  subsets: number;
  replicas: number;
  hosts: readonly StoryMember[];
  /** Default: the Diabetes table. */
  table?: string;
  recipe?: RecipeChoices;
  /** Replaces levels by codes. Default: none. */
  codes?: boolean;
  /** Part of the rows that no host gets. Default: none. */
  testShare?: number;
  /** Default: every open slot a host in turn. */
  assignments?: Assignment[];
  /** Default: the shortest that the market allows. */
  paceMs?: number;
  /** In place of a pace. */
  deadlines?: DatasetDeadlines;
  lifetimeRounds?: number;
}

/** Splits and publishes a table with a column `target`, and lets the hosts join. Verifying is left to the owner's agent. */
export async function offer(
  market: StoryMarket<StoryLedger>,
  owner: StoryMember,
  options: OfferOptions,
): Promise<void> {
  const { datasetId, subsets, replicas, hosts, leastCell } = options;
  const { paceMs = market.paceMs, lifetimeRounds = 10_000 } = options;
  await splitDataset(
    owner.member,
    {
      csv: options.table ?? diabetes(),
      source: 'table.csv',
      target: 'target',
      subsets,
      datasetId,
      leastCell,
      recipe: options.recipe,
      codes: options.codes,
      heldOut: options.testShare === undefined ? undefined : { share: options.testShare },
    },
    {},
  );
  await publishDataset(
    owner.member,
    {
      datasetId,
      replicas,
      lifetimeRounds,
      mostRounds: 1000,
      protections: ['plain', 'encrypted'],
      mostIdleMs: 3_600_000,
      paceMs,
      deadlines: options.deadlines,
    },
    {},
  );
  const ids = hosts.map(({ participantId }) => participantId);
  const assignments =
    options.assignments ?? assignHosts({ datasetId, subsets, replicas, hosts: ids, taken: new Map() });
  await inviteAndJoin(owner, hosts, { datasetId, assignments });
}

/** Invites hosts to slots; each joins those that it was given. */
export async function inviteAndJoin(
  owner: StoryMember,
  hosts: readonly StoryMember[],
  given: { datasetId: string; assignments: Assignment[] },
): Promise<void> {
  const expiresAt = Date.now() + 3_600_000;
  const files = await inviteHosts(owner.member, { ...given, expiresAt }, {});
  await Promise.all(
    files.map(async (file) => {
      const host = hosts.find(({ participantId }) => participantId === file.host.participantId);
      if (host !== undefined) await joinInstances(host.member, file, {});
    }),
  );
}

export interface RequestOptions {
  coupleId: string;
  datasetId: string;
  rounds: number;
  program?: ProgramChoices | TrainingProgram;
  subsetsPerRound?: number;
  spareAttempts?: number;
  idleMs?: number;
}

/** Registers a model (once for each program) and asks to train it. */
export async function request(owner: StoryMember, options: RequestOptions): Promise<TrainCouple> {
  const { program: choices = {}, ...plan } = options;
  const program = 'schemaVersion' in choices ? choices : defineProgram(choices);
  const modelId = owner.member.market.keyring.id('md', JSON.stringify(program));
  await registerModel(owner.member, { program, modelId }, {});
  await ready(owner, plan.datasetId);
  const planned = await planCouple(owner.member, { ...plan, modelId }, {});
  return (await requestCouple(owner.member, planned, {})).couple;
}

/** Returns once a dataset takes requests. */
export function ready(reader: StoryMember, datasetId: string): Promise<void> {
  const { datasets } = reader.member.market;
  const isReady = async (): Promise<boolean> => (await datasets.get({ datasetId })).ready;
  return waitUntil(`${datasetId} is ready`, isReady);
}

/** The couple once it ended, whichever way. */
export async function ended(of: StoryMember, coupleId: string, withinMs = 60_000): Promise<TrainCouple> {
  let couple: TrainCouple | undefined;
  await waitUntil(
    `${coupleId} ended`,
    async () => {
      couple = await of.member.market.couples.get({ coupleId });
      return !['requested', 'approved'].includes(couple.state);
    },
    withinMs,
  );
  if (couple === undefined) throw new Error(`${coupleId} is unknown`);
  return couple;
}

/**
 * Asks again and again until it is so. What another organisation's peer does not know yet is not so yet.
 *
 * @throws Error after `withinMs`, naming what did not come
 */
export async function waitUntil(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  withinMs = 120_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  const isSoHere = async (): Promise<boolean> => {
    try {
      return await isSo();
    } catch (error) {
      if (isVeritrainError(error, 'VT0201')) return false;
      throw error;
    }
  };
  while (!(await isSoHere())) {
    if (Date.now() > end) throw new Error(`after ${withinMs.toString()} ms not so: ${what}`);
    await delay(100);
  }
}
