import type { Fault } from '@veritrain/agents';
import type { TrainCouple } from '@veritrain/client-sdk';
import { expect } from 'vitest';
import type { RequestOptions } from './couples.js';
import { runThroughCrashes } from './crashes.js';
import { datasetOf, Stage } from './stage.js';
import type { StoryMember } from './storyMarket.js';

/** One couple, told under a name of its own, in which an agent dies at a point and is started again. */
export type Scene = (stage: CrashStage, story: string, point: string) => Promise<void>;

export const rounds = 3;
export const oneSubset = { rounds, subsetsPerRound: 1 };

/** A market with members whose agents live on, for scenes that bring those that die. */
export class CrashStage {
  private constructor(
    readonly stage: Stage,
    readonly owner: StoryMember,
    readonly lab: StoryMember,
    readonly hosts: readonly StoryMember[],
  ) {}

  static async open(): Promise<CrashStage> {
    const stage = await Stage.open();
    const [owner] = (await stage.join('dataOwner', 'hospital')) as [StoryMember];
    const [lab] = (await stage.join('modelOwner', 'lab')) as [StoryMember];
    const hosts = await stage.join('cloudOwner', 'host1', 'host2', 'host3');
    for (const member of [owner, lab, ...hosts]) stage.run(member);
    await stage.market.agentsStarted();
    await stage.publish('shared', { owner, hosts });
    return new CrashStage(stage, owner, lab, hosts);
  }

  close(): Promise<void> {
    return this.stage.market.stop();
  }

  /** Asks to train on the dataset of all scenes that need none of their own. */
  ask(story: string, modelOwner: StoryMember, options: Partial<RequestOptions> = {}): Promise<TrainCouple> {
    return this.stage.ask(story, modelOwner, { datasetId: datasetOf('shared'), ...oneSubset, ...options });
  }
}

/** Starts a member's agent; @returns waits until it died at the point, lives again, and is told to end. */
export function dying(
  { stage }: CrashStage,
  member: StoryMember,
  point: string,
  fault?: Fault,
): () => Promise<void> {
  const { crashed, survivor } = runThroughCrashes(stage.market, member, [point], fault ? { fault } : {});
  return async () => {
    const agent = await survivor;
    expect(crashed).toEqual([point]);
    await agent.stop();
  };
}
