import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { digestOf } from '@veritrain/client-sdk';
import { encodePackage, parseTable, splitTable } from '@veritrain/training';
import { expect, it } from 'vitest';
import { testFolder } from '../testing/folder.js';
import { roleContext } from '../testing/roleContext.js';
import { splitDataset } from './splitDataset.js';

const folder = testFolder('split');
const datasetId = 'ds_sample';
const rows = Array.from({ length: 5000 }, (_, row) => `${row % 977},${(row * 7) % 11},${row / 7}`);
const csv = `a,target,b\n${rows.join('\n')}`;
const input = { source: 'folder/sample.csv', target: 'target', subsets: 3, datasetId };

async function* pieces(): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(csv);
  for (let start = 0; start < bytes.length; start += 1000)
    yield await Promise.resolve(bytes.subarray(start, start + 1000));
}

it('makes the packages of the table in memory, and leaves no row elsewhere', async () => {
  const { member } = roleContext({ folder: folder() });
  const { keyring } = member.market;
  const facts = await splitDataset(member, { ...input, csv: pieces() }, {});
  const { shards, template } = splitTable(parseTable(csv), {
    subsets: 3,
    seed: keyring.derive('split', datasetId),
  });
  const home = member.home.dataset(datasetId);
  shards.forEach((shard, subset) => {
    const shardSecret = keyring.derive('shard', datasetId, subset.toString());
    const bytes = encodePackage({ template, shard, shardSecret });
    expect(readFileSync(home.packagePath(subset)).equals(bytes)).toBe(true);
    expect(facts.packageDigests[subset]).toBe(digestOf(bytes));
  });
  expect(readdirSync(home.folder).sort()).toEqual(['dataset.json', 'packages', 'template.json']);
  expect(await splitDataset(member, { ...input, csv }, {})).toEqual(facts);
});

it('leaves nothing of a table that it refuses, and an earlier split as it is', async () => {
  const { member } = roleContext({ folder: folder() });
  const home = member.home.dataset(datasetId);
  await expect(splitDataset(member, { ...input, csv: csv.replace('\n5,', '\nfive,') }, {})).rejects.toThrow(
    'VT7004',
  );
  expect(existsSync(home.folder)).toBe(false);
  await splitDataset(member, { ...input, csv }, {});
  const before = readFileSync(home.packagePath(0));
  await expect(splitDataset(member, { ...input, csv, subsets: 2 }, {})).rejects.toThrow('VT9005');
  expect(readFileSync(home.packagePath(0)).equals(before)).toBe(true);
  expect(readdirSync(home.folder).sort()).toEqual(['dataset.json', 'packages', 'template.json']);
});

it('stops when it is told to', async () => {
  const { member } = roleContext({ folder: folder() });
  const signal = AbortSignal.abort();
  await expect(splitDataset(member, { ...input, csv }, { signal })).rejects.toThrow();
  expect(existsSync(member.home.dataset(datasetId).folder)).toBe(false);
});
