import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { batchOf } from '@veritrain/client-sdk/protocol';
import { digestOf } from '@veritrain/client-sdk/vault';
import {
  decodeTemplate,
  encodePackage,
  openPackage,
  parseTable,
  splitTable,
  type Template,
} from '@veritrain/training';
import { expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { memberContext } from '../testing/memberContext.js';
import { publishDataset } from './publishDataset.js';
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
  const { member } = memberContext({ folder: folder() });
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

it('makes masked packages of a dataset of sums, for the batches that the contract draws', async () => {
  const { member } = memberContext({ folder: folder() });
  for (const subsets of [3, 5, 6, 8]) {
    const table = { ...input, datasetId: `ds_sample${subsets}`, csv, subsets, aggregation: 'sum' as const };
    const facts = await splitDataset(member, table, {});
    const home = member.home.dataset(facts.datasetId);
    expect(facts.aggregation).toBe('sum');
    expect(decodeTemplate(readFileSync(home.templatePath)).aggregation).toBe('sum');
    for (let subset = 0; subset < subsets; subset += 1) {
      const { batch } = openPackage(readFileSync(home.packagePath(subset)));
      expect(batch?.subsets).toEqual(batchOf(facts, subset));
    }
    expect(await splitDataset(member, table, {})).toEqual(facts);
  }
  await expect(splitDataset(member, { ...input, csv, subsets: 2, aggregation: 'sum' }, {})).rejects.toThrow(
    'VT7101',
  );
});

it('leaves nothing of a table that it refuses, and an earlier split as it is', async () => {
  const { member } = memberContext({ folder: folder() });
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

it('splits the same table in another dialect into the same packages, and keeps how it read it', async () => {
  const { member } = memberContext({ folder: folder() });
  const { reading, ...facts } = await splitDataset(member, { ...input, csv }, {});
  expect(reading).toMatchObject({ delimiter: ',', decimal: '.', leftOut: 0 });
  const [header = '', ...cells] = csv.replaceAll(',', ';').replaceAll('.', ',').split('\n');
  const german = [`;${header}`, ...cells.map((line, row) => `${row};${line}`)].join('\r\n');
  const again = await splitDataset(member, { ...input, csv: gzipSync(german) }, {});
  expect(again).toEqual({
    ...facts,
    reading: { compressed: true, encoding: 'utf-8', delimiter: ';', decimal: ',', leftOut: 1 },
  });
});

it('takes how a table is written from its caller', async () => {
  const { member } = memberContext({ folder: folder() });
  const thousands = `a;target\n${Array.from({ length: 50 }, (_, row) => `${row + 1}.000;${row % 7}`).join('\n')}`;
  const table = { ...input, csv: thousands, leastCell: 1 };
  await expect(splitDataset(member, table, {})).rejects.toThrow('VT7013');
  const { reading } = await splitDataset(member, { ...table, written: { decimal: ',' } }, {});
  expect(reading).toMatchObject({ decimal: ',', thousands: '.' });
  const template = JSON.parse(readFileSync(member.home.dataset(datasetId).templatePath, 'utf8')) as Template;
  expect(template.statistics.means).toEqual([25_500]);
});

it('stops when it is told to', async () => {
  const { member } = memberContext({ folder: folder() });
  const signal = AbortSignal.abort();
  await expect(splitDataset(member, { ...input, csv }, { signal })).rejects.toThrow();
  expect(existsSync(member.home.dataset(datasetId).folder)).toBe(false);
});

it('attack 52: refuses a table with a row that is alone with a value, when it is split and when it is published', async () => {
  const { member } = memberContext({ folder: folder() });
  const home = member.home.dataset(datasetId);
  const flagged = csv
    .split('\n')
    .map((line, row) => `${line},${row === 0 ? 'flag' : row === 40 ? '1' : '0'}`);
  const table = { ...input, csv: flagged.join('\n') };
  await expect(splitDataset(member, table, {})).rejects.toThrow(
    /^VT7506 RARE_CELL: .* 1 row with "flag" = 1/,
  );
  expect(existsSync(home.folder)).toBe(false);
  const { report, leastCell } = await splitDataset(member, { ...table, leastCell: 1 }, {});
  expect(leastCell).toBe(1);
  expect(report.notes.join(' ')).toContain('Rare rows');
  const terms = {
    datasetId,
    replicas: 3,
    lifetimeRounds: 10,
    mostRounds: 10,
    protections: ['encrypted' as const],
  };
  await expect(publishDataset(member, { ...terms, leastCell: 2 }, {})).rejects.toThrow('VT7506');
  // What an earlier version split has no count and no floor on disk.
  const path = join(home.folder, 'dataset.json');
  const facts = JSON.parse(readFileSync(path, 'utf8')) as {
    leastCell?: number;
    report: { leastCells?: unknown };
  };
  delete facts.leastCell;
  delete facts.report.leastCells;
  writeFileSync(path, JSON.stringify(facts));
  await expect(publishDataset(member, terms, {})).rejects.toThrow(/^VT7506 .* "flag" = 1/);
});

it('refuses subsets of fewer values than the moments that a model owner learns ask for, and says how many would do', async () => {
  const { member } = memberContext({ folder: folder() });
  const wide = Array.from({ length: 61 }, (_, row) =>
    Array.from({ length: 12 }, (_cell, column) =>
      row === 0 ? `c${column}` : String(((row + 3) * (column + 7) * 31) % 97),
    ).join(),
  );
  const table = { ...input, csv: wide.join('\n'), target: 'c11', subsets: 3, leastCell: 1 };
  // 77 products of 11 features, 12 with the target; 20 rows of 12 values in a subset.
  await expect(splitDataset(member, table, {})).rejects.toMatchObject({
    code: 'VT7510',
    facts: { rows: 20, values: 240, moments: 89, least: 3, enough: 2 },
  });
  expect(existsSync(member.home.dataset(datasetId).folder)).toBe(false);
  const { valuesPerMoment, report } = await splitDataset(member, { ...table, valuesPerMoment: 2.5 }, {});
  expect([valuesPerMoment, report.shown?.moments]).toEqual([2.5, 89]);
  expect(report.notes.join(' ')).toContain('Few rows');
  const terms = { datasetId, replicas: 3, lifetimeRounds: 10, mostRounds: 10 };
  const published = { ...terms, protections: ['encrypted' as const], valuesPerMoment: 3 };
  await expect(publishDataset(member, published, {})).rejects.toThrow('VT7510');
  await splitDataset(member, { ...table, datasetId: 'ds_two', subsets: 2 }, {});
});
