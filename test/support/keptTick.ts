import { setTimeout as delay } from 'node:timers/promises';
import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import { offer } from './couples.js';
import { endorseOnly, outcomeOf, type HeldBack } from './heldBack.js';
import type { StoryLedger } from './storyLedger.js';
import type { StoryMarket, StoryMember } from './storyMarket.js';

interface Parties {
  readonly owner: StoryMember;
  readonly host: StoryMember;
  readonly datasetId: string;
}

/** What somebody reached who had a tick endorsed while the market was quiet, and submitted it once a host had joined. */
export interface Reached {
  /** Validation code of the kept tick. */
  readonly tick: number;
  /** The answer to who frees the slot at once; undefined where it was freed. */
  readonly refusal: string | undefined;
  readonly slot: string;
}

const busy = /VT040[12]|VT810[47]/;

/** Retries while the last tick is too recent, or peers are too busy to meet the window. */
async function overcoming<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const { code = '', details = '' } = error as { code?: unknown; details?: unknown };
      if (!busy.test(`${String(code)} ${JSON.stringify(details)}`)) throw error;
      await delay(50);
    }
  }
}

/** Attack 41, on a market where no agent runs, so that nobody else ticks. */
export async function joinUnderKeptTick(
  market: StoryMarket<StoryLedger>,
  { owner, host, datasetId }: Parties,
): Promise<Reached> {
  const pace = market.paceMs;
  const deadlines = {
    ...{ verifyMs: pace, noticeMs: pace, answerMs: pace, startMs: pace, commitMs: pace },
    ...{ uploadMs: 2 * pace, closeMs: 3 * pace, revealMs: 4 * pace, attestMs: 5 * pace },
  };
  const { clock, instances } = host.member.market;
  const kept: HeldBack = await overcoming(() => endorseOnly(host, 'Tick', {}));
  await delay(pace + 2 * market.tickPeriodMs);
  await offer(market, owner, { datasetId, subsets: 2, replicas: 1, hosts: [host], deadlines });
  const tick = await outcomeOf(kept);
  await overcoming(() => clock.tick({}));
  const instanceId = instanceIdOf(datasetId, 0, 0);
  const refusal = await instances.expireJoin({ instanceId, generation: 1 }).then(
    () => undefined,
    (error: unknown) => (error as { code: string }).code,
  );
  return { tick, refusal, slot: (await instances.get({ instanceId })).state };
}
