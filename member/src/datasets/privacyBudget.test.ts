import { existsSync, readFileSync, statSync } from 'node:fs';
import { decodeTemplate, openPackage } from '@veritrain/training';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { memberContext } from '../testing/memberContext.js';
import { findTemplate } from '../models/documents.js';
import { publishDataset } from './publishDataset.js';
import { splitDataset, type DatasetPrivacy } from './splitDataset.js';

const folder = testFolder('privacy');
const rows = Array.from({ length: 600 }, (_, row) => `${row % 97},${(row * 7) % 11},${Number(row === 50)}`);
const csv = `age,target,rare\n${rows.join('\n')}`;
const bounds = { age: [0, 120], target: [0, 12], rare: [0, 1] } as const;
const input = { csv, source: 'folder/people.csv', target: 'target', subsets: 3 };

/** A data owner, and what it registered. */
function owner() {
  const registered: unknown[] = [];
  const ledger = {
    evaluate: () => Promise.resolve({ settings: { leastDeadlineMs: 1000 } }),
    submit: (_: string, dataset: object) => {
      registered.push(dataset);
      return Promise.resolve({ result: dataset, transactionId: 't', blockNumber: 1n });
    },
  };
  const { member } = memberContext({ folder: folder(), ledger });
  const split = (datasetId: string, privacy?: DatasetPrivacy) =>
    splitDataset(member, { ...input, datasetId, privacy, leastCell: privacy ? undefined : 1 }, {});
  const publish = (datasetId: string) =>
    publishDataset(
      member,
      {
        datasetId,
        replicas: 3,
        lifetimeRounds: 10,
        mostRounds: 10,
        protections: ['encrypted'],
        paceMs: 1000,
      },
      {},
    );
  return { member, registered, split, publish };
}

describe('a split with differential privacy', () => {
  it('makes packages without rows, the same again, and accepts rare rows, which the noise hides', async () => {
    const { member, split } = owner();
    const facts = await split('ds_noise', { epsilon: 3, bounds });
    expect(facts.privacy).toMatchObject({ epsilon: 3, delta: 1e-5, domain: 'stated' });
    const home = member.home.dataset('ds_noise');
    const template = decodeTemplate(readFileSync(home.templatePath));
    expect(template.privacy).toMatchObject({ epsilon: 3, domain: 'stated' });
    for (const [subset, size] of template.subsetRows.entries()) {
      const path = home.packagePath(subset);
      // 200 rows of 3 numbers would be 4,800 bytes.
      expect(statSync(path).size).toBeLessThan(600);
      expect(openPackage(readFileSync(path))).toMatchObject({ subset, rows: size, features: 2 });
    }
    expect(await split('ds_noise', { epsilon: 3, bounds })).toEqual(facts);
    await expect(split('ds_noise', { epsilon: 2, bounds })).rejects.toThrow('VT9005');
  });

  it('sets rows aside whatever their targets are', async () => {
    const { member } = owner();
    const heldOut = { share: 0.2, seed: new Uint8Array(32) };
    const other = csv.replace('\n0,0,0', '\n0,1,0');
    const of = async (text: string, datasetId: string): Promise<string> => {
      const table = { ...input, csv: text, datasetId, heldOut, privacy: { epsilon: 3, bounds } };
      await splitDataset(member, table, {});
      return readFileSync(member.home.dataset(datasetId).heldOutPath, 'utf8');
    };
    const [one, changed] = [await of(csv, 'ds_one'), await of(other, 'ds_other')];
    expect(changed.replace('\n0,1,0', '\n0,0,0')).toBe(one.replace('\n0,1,0', '\n0,0,0'));
  });
});

describe('the privacy budget of a table', () => {
  it('is spent by publishing, once for each dataset, and refuses more', async () => {
    const { member, registered, split, publish } = owner();
    // Splits that stay here cost nothing.
    await split('ds_one', { epsilon: 2, bounds });
    await split('ds_two', { epsilon: 3, bounds });
    await publish('ds_one');
    await publish('ds_one');
    expect(registered).toHaveLength(2);
    const refused = { code: 'VT9213', facts: { epsilon: 5, budget: 2, published: 1, source: 'people.csv' } };
    await expect(split('ds_three', { epsilon: 3, bounds })).rejects.toMatchObject({
      ...refused,
      facts: { ...refused.facts, source: 'folder/people.csv'.split('/')[1] },
    });
    expect(existsSync(member.home.dataset('ds_three').folder)).toBe(false);
    await split('ds_three', { epsilon: 3, bounds, budget: 5 });
    await publish('ds_three');
    // What was stated for the table holds for all of its datasets.
    await expect(split('ds_four', { epsilon: 0.1, bounds })).rejects.toMatchObject({ code: 'VT9213' });
    await expect(split('ds_five', { epsilon: 0.1, bounds, budget: 4 })).rejects.toThrow('VT9213');
    expect(registered).toHaveLength(3);
  });

  it('refuses to publish what was split before the budget was spent', async () => {
    const { registered, split, publish } = owner();
    await split('ds_one', { epsilon: 2, bounds });
    await split('ds_two', { epsilon: 3, bounds });
    await publish('ds_one');
    await publish('ds_two').then(
      () => expect.unreachable(),
      (error: unknown) => expect(error).toMatchObject({ code: 'VT9213' }),
    );
    expect(registered).toHaveLength(1);
  });

  it('refuses a split without noise of a table that was published with it', async () => {
    const { split, publish } = owner();
    await split('ds_one', { epsilon: 2, bounds });
    await split('ds_plain');
    await publish('ds_one');
    await expect(split('ds_rows')).rejects.toThrow(/^VT9213 PRIVACY_SPENT: people.csv .* would undo that/);
  });

  it('adds deltas up, too', async () => {
    const { split, publish } = owner();
    await split('ds_one', { epsilon: 1, delta: 0.001, bounds, budget: 10 });
    await publish('ds_one');
    await expect(split('ds_two', { epsilon: 1, delta: 0.001, bounds })).rejects.toThrow('VT9213');
  });
});

it('the terms of a dataset are unknown where nobody has its template', async () => {
  const { member } = memberContext({
    folder: folder(),
    ledger: {
      evaluate: () =>
        Promise.resolve({
          templateDigest: `sha256:${'0'.repeat(64)}`,
          ownerId: 'pt_owner',
          datasetId: 'ds_1',
        }),
    },
  });
  expect(await findTemplate(member, 'ds_1', {})).toBeUndefined();
});
