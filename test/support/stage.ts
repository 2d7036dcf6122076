import { isDeepStrictEqual } from 'node:util';
import { healthFile, type AgentWait } from '@veritrain/agents';
import { publishDataset, splitDataset } from '@veritrain/member/datasets';
import type { DatasetDeadlines, Role, RoundView, TrainCouple } from '@veritrain/client-sdk';
import { expect } from 'vitest';
import type { AgentProcess, AgentProcessOptions } from './agentProcess.js';
import { ended, offer, request, waitUntil, type RequestOptions } from './couples.js';
import { diabetes, StoryMarket, type StoryMarketOptions, type StoryMember } from './storyMarket.js';
import { undisturbed, type Course } from './undisturbed.js';
import { updateHandles } from './vaultObjects.js';

/** Generous: what it bounds is how long a test that fails takes. */
export const withinMs = 600_000;

/** How long a couple of a story may rest: nobody comes near it. */
const idleMs = 600_000;

export interface Story {
  hosts: StoryMember[];
  owner: StoryMember;
  subsets?: number;
  /** Deadlines that nobody comes near, or ones as short as the market allows. */
  pace?: 'long' | 'short';
  /** In place of some of the pace's deadlines. */
  deadlines?: Partial<DatasetDeadlines>;
}

export const coupleOf = (story: string): string => `tc_${story}`;
export const datasetOf = (story: string): string => `ds_${story}`;

/** A market on which several stories are told at once, each with a dataset and a couple of its own name. */
export class Stage {
  private readonly members = new Map<string, StoryMember>();
  private readonly agents = new Map<string, AgentProcess>();

  private constructor(readonly market: StoryMarket) {}

  static async open(options: StoryMarketOptions = { tickPeriodMs: 400 }): Promise<Stage> {
    return new Stage(await StoryMarket.start(options));
  }

  /** @param vault where this member sees the market's vault */
  async joinWith(role: Role, name: string, vault: string): Promise<StoryMember> {
    const member = await this.market.join(name, [role], { vault });
    this.members.set(name, member);
    return member;
  }

  async join(role: Role, ...names: string[]): Promise<StoryMember[]> {
    for (const name of names) this.members.set(name, await this.market.join(name, [role]));
    return names.map((name) => this.of(name));
  }

  /** The same member from here on, connected in another way. */
  replace(member: StoryMember): void {
    this.members.set(member.name, member);
  }

  of(name: string): StoryMember {
    const member = this.members.get(name);
    if (member === undefined) throw new Error(`nobody is called ${name}`);
    return member;
  }

  /** Starts a member's agent; its last one is the one that `agent` gives. */
  run({ name }: StoryMember, options: AgentProcessOptions = {}): AgentProcess {
    const agent = this.market.run(this.of(name), options);
    this.agents.set(name, agent);
    return agent;
  }

  agent({ name }: StoryMember): AgentProcess {
    const agent = this.agents.get(name);
    if (agent === undefined) throw new Error(`no agent of ${name} was started`);
    return agent;
  }

  /** A short pace is for those who are to be late in a round; the data owner has its time to answer and to start. */
  deadlines(pace: 'long' | 'short'): DatasetDeadlines {
    const longest = 90_000;
    const step = pace === 'long' ? longest : this.market.paceMs;
    return {
      verifyMs: withinMs,
      noticeMs: longest,
      answerMs: longest,
      startMs: longest,
      commitMs: 2 * step,
      uploadMs: 3 * step,
      closeMs: 4 * step,
      revealMs: 5 * step,
      attestMs: 6 * step,
    };
  }

  publish(story: string, { hosts, owner, subsets = 2, pace = 'long', ...own }: Story): Promise<void> {
    const deadlines = { ...this.deadlines(pace), ...own.deadlines };
    const datasetId = datasetOf(story);
    return offer(this.market, owner, { datasetId, subsets, replicas: hosts.length, hosts, deadlines });
  }

  /** Publishes a dataset of two subsets whose slots are all open. @returns its template's digest */
  async publishOpen(
    story: string,
    { member }: StoryMember,
    own: Partial<DatasetDeadlines> = {},
  ): Promise<string> {
    const datasetId = datasetOf(story);
    const table = { csv: diabetes(), source: 'diabetes.csv', target: 'target', subsets: 2, datasetId };
    await splitDataset(member, table, {});
    const rules = { mostRounds: 10, mostIdleMs: idleMs, protections: ['encrypted' as const] };
    const terms = { replicas: 3, lifetimeRounds: 100, ...rules };
    const deadlines = { ...this.deadlines('long'), ...own };
    const { dataset } = await publishDataset(member, { datasetId, ...terms, deadlines }, {});
    return dataset.templateDigest;
  }

  ask(story: string, modelOwner: StoryMember, options: Partial<RequestOptions> = {}): Promise<TrainCouple> {
    return request(modelOwner, {
      coupleId: coupleOf(story),
      datasetId: datasetOf(story),
      rounds: 1,
      subsetsPerRound: 2,
      spareAttempts: 0,
      idleMs,
      ...options,
    });
  }

  /** A round of a couple, once it is started. */
  async started(story: string, reader: StoryMember, attempt = 1): Promise<RoundView> {
    const { couples, rounds } = reader.member.market;
    const coupleId = coupleOf(story);
    const isStarted = async (): Promise<boolean> =>
      (await couples.get({ coupleId })).startedRounds >= attempt;
    await waitUntil(`round ${attempt.toString()} of ${story} is started`, isStarted, withinMs);
    return rounds.get({ coupleId, attempt });
  }

  /** Returns once all updates of the first round are in the vault. @returns their handles */
  async uploaded(story: string, hosts: readonly StoryMember[]): Promise<string[]> {
    const [reader] = hosts;
    if (reader === undefined) throw new Error('no host uploads');
    const handles = updateHandles(await this.started(story, reader), hosts);
    const { vault } = reader.member.market;
    const areThere = async (): Promise<boolean> =>
      (await Promise.all(handles.map((handle) => vault.has(handle)))).every(Boolean);
    await waitUntil(`${story} is uploaded`, areThere, withinMs);
    return handles;
  }

  async finishedAsUndisturbed(
    story: string,
    owner: StoryMember,
    modelOwner: StoryMember,
    course: Course = {},
  ): Promise<TrainCouple> {
    const couple = await ended(modelOwner, coupleOf(story), withinMs);
    expect(couple.state).toBe('finished');
    const { finalModelDigest } = await undisturbed({ owner, modelOwner }, couple, course);
    expect(couple.finalModelDigest).toBe(finalModelDigest);
    return couple;
  }

  /** Returns once the health file of an agent names a wait that has these fields. */
  async saysInHealth({ name, member }: StoryMember, what: Partial<AgentWait>): Promise<void> {
    const file = healthFile(member.home.stateFolder);
    const fits = (wait: AgentWait): boolean => isDeepStrictEqual({ ...wait, ...what }, wait);
    const says = (): boolean => file.read()?.waiting.some(fits) === true;
    await waitUntil(`${name} says that it waits for ${JSON.stringify(what)}`, says, withinMs);
  }
}
