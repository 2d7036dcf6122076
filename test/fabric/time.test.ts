import { readFileSync } from 'node:fs';
import { StatusCode } from '@hyperledger/fabric-gateway';
import { type Clock, everyPage } from '@veritrain/client-sdk';
import { type InputOf, instanceIdOf } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import { fabricVersions } from '@veritrain/network';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failureOf } from '../conformance/support/calls.js';
import { offer, waitUntil } from '../support/couples.js';
import { describeFabric } from '../support/fabric.js';
import { endorseOnly, outcomeOf } from '../support/heldBack.js';
import { joinUnderKeptTick } from '../support/keptTick.js';
import { OwnClient } from '../support/ownClient.js';
import { withinMs } from '../support/stage.js';
import { fabricLedger, type StoryLedger } from '../support/storyLedger.js';
import { StoryMarket, type StoryMember } from '../support/storyMarket.js';

// No agent runs: the test alone moves the clock. A host took a slot of each subset, and the data owner is to verify
// them in time. Fabric 3 refuses proposals from further than 15 minutes away; Fabric 2.5 takes any.

const datasetId = 'ds_time';
const minute = 60_000;
const hour = 60 * minute;
const fromNow = (milliseconds: number): Date => new Date(Date.now() + milliseconds);

for (const version of fabricVersions) {
  const seesNoTime = version.startsWith('2.');
  /** What every peer of this version lets through to the contract. */
  const offsets = seesNoTime ? [10 * minute, 5 * hour] : [10 * minute];

  describeFabric(
    `time on Fabric ${version}`,
    () => {
      let market: StoryMarket<StoryLedger>;
      let owner: StoryMember;
      let host: StoryMember;

      beforeAll(async () => {
        market = await StoryMarket.start({ ledger: fabricLedger({ version }), tickPeriodMs: 400 });
        owner = await market.join('hospital', ['dataOwner']);
        host = await market.join('host', ['cloudOwner']);
        const pace = market.paceMs;
        const deadlines = {
          ...{ verifyMs: pace, noticeMs: pace, answerMs: pace, startMs: pace, commitMs: pace },
          ...{ uploadMs: 2 * pace, closeMs: 3 * pace, revealMs: 4 * pace, attestMs: 5 * pace },
        };
        await offer(market, owner, { datasetId, subsets: 2, replicas: 1, hosts: [host], deadlines });
      }, withinMs);
      afterAll(() => market?.stop());

      const slot = (subset: number): { instanceId: string; generation: number } => ({
        instanceId: instanceIdOf(datasetId, subset, 0),
        generation: 1,
      });
      const stateOf = async (subset: number): Promise<string> => {
        const { instanceId } = slot(subset);
        return (await host.member.market.instances.get({ instanceId })).state;
      };
      const verifying = (subsetIndex: number): InputOf<'VerifyInstances'> => {
        const path = owner.member.home.dataset(datasetId).packagePath(subsetIndex);
        return { datasetId, packages: [{ subsetIndex, packageDigest: digestOf(readFileSync(path)) }] };
      };
      const clock = (): Promise<Clock> => host.member.market.clock.get({});

      /** An honest tick: one that met a busy peer outside the window is made again. */
      async function tick(): Promise<void> {
        const { sequence } = await clock();
        const ticked = async (): Promise<boolean> => {
          await host.member.market.clock.tick({}).catch((error: unknown) => {
            if (!/VT040[12]|VT810[47]/.test((error as { code: string }).code)) throw error;
          });
          return (await clock()).sequence > sequence;
        };
        await waitUntil('the clock ticked', ticked, withinMs);
      }

      /** Why peers do not endorse what somebody dated wrongly; fails where enough of them do. */
      async function refusal<Name extends 'Tick' | 'ExpireJoin' | 'VerifyInstances'>(
        member: StoryMember,
        name: Name,
        input: InputOf<Name>,
        offsetMs: number,
        endorsers?: string[],
      ): Promise<string> {
        const choices = { timestamp: fromNow(offsetMs), ...(endorsers === undefined ? {} : { endorsers }) };
        const { details } = await failureOf(endorseOnly(member, name, input, choices));
        return details.join();
      }

      it('attack 6: a tick that is dated ahead or back moves no clock, whoever is asked', async () => {
        const before = await clock();
        for (const offset of offsets.flatMap((ms) => [ms, -ms])) {
          for (const endorsers of [undefined, ['Org2MSP', 'Org3MSP'], ['Org3MSP']])
            expect(await refusal(host, 'Tick', {}, offset, endorsers)).toContain('VT0402');
        }
        expect(await clock()).toEqual(before);
      });

      it('attack 6: hours away, Fabric 3 refuses by itself what only the contract refuses on 2.5', async () => {
        for (const offset of [5 * hour, -5 * hour]) {
          const said = await refusal(host, 'Tick', {}, offset);
          expect(said).toContain(seesNoTime ? 'VT0402' : 'incorrect timestamp');
        }
      });

      it('attack 28: the first tick after a long silence makes nobody late', async () => {
        await tick();
        await expect(host.member.market.instances.expireJoin(slot(0))).rejects.toMatchObject({
          code: 'VT0404',
        });
        expect(await stateOf(0)).toBe('joined');
      });

      it('attack 6: a deadline is not passed early by whoever dates ahead', async () => {
        for (const offset of offsets)
          expect(await refusal(host, 'ExpireJoin', slot(0), offset)).toContain('VT0404');
        expect(await stateOf(0)).toBe('joined');
      });

      /** Ticks that are sent at once, dated up to the edge of the window. @returns how many were committed as valid */
      async function burst(): Promise<number> {
        const client = new OwnClient(host);
        const ticks = Array.from({ length: 8 }, async (_, index) => {
          const ahead = Math.floor((index * market.tickPeriodMs) / 16);
          const proposal = await client.propose('Tick', {}, { timestamp: fromNow(ahead) });
          return (await (await proposal.endorse()).submit()).getStatus();
        });
        const ends = await Promise.allSettled(ticks);
        client.close();
        return ends.filter((end) => end.status === 'fulfilled' && end.value.successful).length;
      }

      it('attack 29: of a burst of ticks one in a period comes through', async () => {
        await tick();
        const before = await clock();
        let committed = 0;
        while (committed === 0) committed = await burst();
        const after = await clock();
        expect(after.sequence - before.sequence).toBe(committed);
        expect(after.time - before.time).toBeGreaterThanOrEqual(committed * market.tickPeriodMs);
      });

      it(
        'attack 6: what is endorsed in time and held back dies at the next tick, and in the end is late',
        async () => {
          const soon = await endorseOnly(owner, 'VerifyInstances', verifying(0));
          const late = await endorseOnly(owner, 'VerifyInstances', verifying(1));
          await tick();
          expect(await outcomeOf(soon)).toBe(StatusCode.MVCC_READ_CONFLICT);
          const { waitingForJoins } = owner.member.market.instances;
          const passed = async (): Promise<boolean> => {
            await tick();
            const open: boolean[] = [];
            for await (const { until } of everyPage(waitingForJoins, { datasetId }))
              if (until !== null) open.push(!until.passed);
            return !open.includes(true);
          };
          await waitUntil('the verify deadline passed', passed, withinMs);
          expect(await outcomeOf(late)).toBe(StatusCode.MVCC_READ_CONFLICT);
          expect([await stateOf(0), await stateOf(1)]).toEqual(['joined', 'joined']);
        },
        withinMs,
      );

      it('attack 6: a deadline is not met late by whoever dates back', async () => {
        for (const offset of offsets) {
          const said = await refusal(owner, 'VerifyInstances', verifying(0), -offset);
          expect(said).toContain('VT0510');
        }
        const { result } = await host.member.market.instances.expireJoin(slot(0));
        expect(result).toMatchObject({ state: 'open', generation: 2 });
      });

      it(
        'attack 41: a tick that was kept since the market was quiet makes no host late',
        async () => {
          expect(await joinUnderKeptTick(market, { owner, host, datasetId: 'ds_kept' })).toEqual({
            tick: StatusCode.VALID,
            refusal: 'VT0404',
            slot: 'joined',
          });
        },
        withinMs,
      );
    },
    version,
  );
}
