import type { CallOptions } from '@veritrain/client-sdk';
import { expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { memberContext } from '../testing/memberContext.js';
import { splitDataset } from './splitDataset.js';
import { verifyInstances } from './verifyInstances.js';

const folder = testFolder('verify');
const datasetId = 'ds_sample';

/** An owner of subsets of three slots: a majority of the organisations, or one peer, list so many hosts of the first. */
async function owner({ certain, said }: { certain: number; said: number }) {
  const opened: unknown[] = [];
  const slots = (count: number): object[] =>
    Array.from({ length: count }, () => ({ subsetIndex: 0, state: 'joined' }));
  const list = (_: object, { trust }: CallOptions): Promise<object> =>
    Promise.resolve({ items: slots(trust === 'endorsed' ? certain : said), bookmark: '' });
  const { member } = memberContext({
    folder: folder(),
    ledger: {
      instances: { list },
      evaluate: () => Promise.resolve({ replicas: 3, ready: false }),
      submit: (_name: string, { packages }: { packages: unknown[] }) => {
        opened.push(...packages);
        return Promise.resolve({ result: { subsets: [] }, transactionId: 't', blockNumber: 1n });
      },
    },
  });
  const rows = Array.from({ length: 60 }, (_, row) => `${row},${row * 7}`);
  const csv = `target,x\n${rows.join('\n')}`;
  await splitDataset(member, { datasetId, csv, source: 'sample.csv', target: 'target', subsets: 2 }, {});
  return { member, opened };
}

const waits = (subsetIndex: number, joined: number): object => ({ subsetIndex, joined, quorum: 2 });

it('gives a package’s digest once a quorum of hosts has committed to it', async () => {
  const { member, opened } = await owner({ certain: 2, said: 2 });
  await verifyInstances(member, { datasetId }, {});
  expect(opened).toHaveLength(1);
});

it('attack 58: gives no digest because one peer lists hosts that have not joined', async () => {
  const { member, opened } = await owner({ certain: 1, said: 3 });
  const { waiting } = await verifyInstances(member, { datasetId }, {});
  expect({ opened, waiting }).toEqual({ opened: [], waiting: [waits(0, 1), waits(1, 0)] });
});
