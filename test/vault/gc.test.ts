import { afterAll, beforeAll, expect, it } from 'vitest';
import { freeObjects, vaultContents, type VaultContents } from '@veritrain/agents';
import { coupleOf, datasetOf } from '../support/stage.js';
import type { StoryMember } from '../support/storyMarket.js';
import { describeMinio, minioWithinMs } from './support/minio.js';
import { PlacedMarket } from './support/placedMarket.js';

describeMinio('a vault that is cleared while a couple trains', () => {
  let market: PlacedMarket;
  let hospital: StoryMember;
  let lab: StoryMember;
  let hosts: StoryMember[];

  beforeAll(async () => {
    market = await PlacedMarket.open();
    const { stage } = market;
    const joined = [
      ...(await stage.join('dataOwner', 'hospital')),
      ...(await stage.join('modelOwner', 'lab')),
      ...(await stage.join('cloudOwner', 'host1', 'host2', 'host3')),
    ];
    const [owner, model, ...others] = await market.place(...joined);
    [hospital, lab, hosts] = [owner!, model!, others];
    for (const member of [hospital, lab, ...hosts]) stage.run(member);
    await stage.market.agentsStarted();
  }, minioWithinMs);
  afterAll(() => market.close());

  const contentsOf = ({ member }: StoryMember): Promise<VaultContents> =>
    vaultContents(member, { youngerThanMs: 0 }, {});

  /** Deletes whatever the ledger does not refer to, of everybody. @returns how many objects */
  async function clear(): Promise<number> {
    let freed = 0;
    for (const each of [hospital, lab, ...hosts]) {
      const { garbage } = await contentsOf(each);
      await freeObjects(each.member, garbage, {});
      freed += garbage.length;
    }
    return freed;
  }

  it('loses nothing that the ledger still needs, and in the end all that it does not', async () => {
    const { stage } = market;
    await stage.publish('cleared', { owner: hospital, hosts });
    await stage.ask('cleared', lab, { rounds: 4 });
    let [freed, over] = [0, false];
    const finished = stage.finishedAsUndisturbed('cleared', hospital, lab).finally(() => (over = true));
    while (!over) freed += await clear();
    await finished;
    expect(freed).toBeGreaterThan(0);
    for (const each of [hospital, lab, ...hosts])
      expect(stage.agent(each).lines.filter(({ code }) => code === 'VT9206')).toEqual([]);
    await clear();
    const left = await Promise.all([hospital, lab, ...hosts].map(contentsOf));
    // The template and six packages; program and architecture; of hosts nothing.
    expect(left.map(({ needed, garbage }) => [needed.length, garbage.length])).toEqual([
      [7, 0],
      [2, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const couple = await lab.member.market.couples.get({ coupleId: coupleOf('cleared') });
    expect(couple.state).toBe('finished');
    await hospital.member.market.datasets.withdraw({ datasetId: datasetOf('cleared') });
    expect(await clear()).toBe(7);
    expect((await contentsOf(hospital)).needed).toEqual([]);
  }, 300_000);
});
