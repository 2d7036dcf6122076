import { afterAll, beforeAll, expect, it } from 'vitest';
import { freeObjects, vaultContents, type VaultContents } from '@veritrain/member/vault';
import { coupleOf, datasetOf } from '../../support/stage.js';
import type { StoryMember } from '../../support/storyMarket.js';
import { describeMinio, minioWithinMs } from './support/minio.js';
import { TrainingMarket } from './support/trainingMarket.js';

describeMinio('a vault that is cleared while a couple trains', () => {
  let training: TrainingMarket;
  beforeAll(async () => {
    training = await TrainingMarket.open();
  }, minioWithinMs);
  afterAll(() => training?.market.close());

  const contentsOf = ({ member }: StoryMember): Promise<VaultContents> =>
    vaultContents(member, { youngerThanMs: 0 }, {});

  /** Deletes whatever the ledger does not refer to, of everybody. @returns how many objects */
  async function clear(): Promise<number> {
    let freed = 0;
    for (const each of training.everybody) {
      const { garbage } = await contentsOf(each);
      await freeObjects(each.member, garbage, {});
      freed += garbage.length;
    }
    return freed;
  }

  it('loses nothing that the ledger still needs, and in the end all that it does not', async () => {
    const { hospital, lab, everybody } = training;
    const { stage } = training.market;
    await stage.ask('training', lab, { rounds: 4 });
    let [freed, over] = [0, false];
    const finished = training.finished().finally(() => (over = true));
    finished.catch(() => undefined);
    while (!over) freed += await clear();
    await finished;
    expect(freed).toBeGreaterThan(0);
    for (const each of everybody)
      expect(stage.agent(each).lines.filter(({ code }) => code === 'VT9206')).toEqual([]);
    await clear();
    const left = await Promise.all(everybody.map(contentsOf));
    // The template and six packages; program and architecture; of hosts nothing.
    expect(left.map(({ needed, garbage }) => [needed.length, garbage.length])).toEqual([
      [7, 0],
      [2, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const couple = await lab.member.market.couples.get({ coupleId: coupleOf('training') });
    expect(couple.state).toBe('finished');
    await hospital.member.market.datasets.withdraw({ datasetId: datasetOf('training') });
    expect(await clear()).toBe(7);
    expect((await contentsOf(hospital)).needed).toEqual([]);
  }, 300_000);
});
