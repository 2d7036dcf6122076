import type { AgentProcess, AgentProcessOptions } from './agentProcess.js';
import type { StoryLedger } from './storyLedger.js';
import type { StoryMarket, StoryMember } from './storyMarket.js';

/** A member whose agent dies at one point after another, and is started again each time. */
export interface Crashing {
  /** The points at which it died so far, in order. */
  readonly crashed: string[];
  /** The agent that lives on once it died at every point. @throws Error where it ends in another way */
  readonly survivor: Promise<AgentProcess>;
  /** Its first process. */
  readonly first: AgentProcess;
}

/** Runs a member's agent through crash points, such as `after:submitUpdate`, each in a process of its own. */
export function runThroughCrashes(
  market: StoryMarket<StoryLedger>,
  member: StoryMember,
  points: readonly string[],
  options: AgentProcessOptions = {},
): Crashing {
  const crashed: string[] = [];
  const start = (index: number): AgentProcess => {
    const crashAt = points[index];
    return market.run(member, { ...options, ...(crashAt === undefined ? {} : { crashAt }) });
  };
  const first = start(0);
  const live = async (): Promise<AgentProcess> => {
    let agent = first;
    for (const [index, point] of points.entries()) {
      const how = await agent.ended;
      if (how !== 'SIGKILL')
        throw new Error(`${member.name} ended with ${how.toString()} in place of ${point}`);
      crashed.push(point);
      agent = start(index + 1);
    }
    return agent;
  };
  const survivor = live();
  // Whoever asks for it is told; who does not ask wants no word of it.
  survivor.catch(() => undefined);
  return { crashed, survivor, first };
}
