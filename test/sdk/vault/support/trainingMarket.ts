import { expect } from 'vitest';
import type { StoryMember } from '../../../support/storyMarket.js';
import { PlacedMarket } from './placedMarket.js';

/** A market of a hospital, a lab and three hosts, whose agents run, and a dataset that they hold. */
export class TrainingMarket {
  private constructor(
    readonly market: PlacedMarket,
    readonly hospital: StoryMember,
    readonly lab: StoryMember,
    readonly everybody: readonly StoryMember[],
  ) {}

  static async open(data?: string): Promise<TrainingMarket> {
    const market = await PlacedMarket.open(data);
    const { stage } = market;
    const joined = [
      ...(await stage.join('dataOwner', 'hospital')),
      ...(await stage.join('modelOwner', 'lab')),
      ...(await stage.join('cloudOwner', 'host1', 'host2', 'host3')),
    ];
    const everybody = await market.place(...joined);
    const [hospital, lab, ...hosts] = everybody;
    for (const member of everybody) stage.run(member);
    await stage.market.agentsStarted();
    await stage.publish('training', { owner: hospital!, hosts });
    return new TrainingMarket(market, hospital!, lab!, everybody);
  }

  async finished(): Promise<void> {
    const { stage } = this.market;
    const couple = await stage.finishedAsUndisturbed('training', this.hospital, this.lab);
    expect(couple.startedRounds).toBe(4);
    for (const each of this.everybody) expect(stage.agent(each).isRunning).toBe(true);
  }
}
