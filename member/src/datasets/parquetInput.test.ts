import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { testFolder } from '../../../test/support/folder.js';
import { memberContext } from '../testing/memberContext.js';
import { notDropped, withTexts } from './parquetInput.js';
import { splitDataset } from './splitDataset.js';
import { openTable, readTableFile } from './tableInput.js';

const folder = testFolder('parquet');
const rows = Array.from({ length: 300 }, (_, row) => ({
  dose: row % 17,
  ward: `0${String(row % 3)}`,
  y: row / 8,
}));
const csv = `dose,ward,y\n${rows.map(({ dose, ward, y }) => [dose, ward, y].join()).join('\n')}`;

function parquetFile(): string {
  const path = join(folder(), 'ward table');
  const columnData = [
    { name: 'dose', data: rows.map(({ dose }) => dose), type: 'INT32' as const },
    { name: 'ward', data: rows.map(({ ward }) => ward), type: 'STRING' as const },
    { name: 'y', data: rows.map(({ y }) => y), type: 'DOUBLE' as const },
  ];
  writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 100 })));
  return path;
}

it('a Parquet file is split into the packages of the same table in CSV, whatever its name', async () => {
  const { member } = memberContext({ folder: folder() });
  const input = { target: 'y', subsets: 3, leastCell: 1, datasetId: 'ds_ward' };
  const { texts, ...opened } = await openTable(parquetFile());
  expect(texts).toEqual(['ward']);
  const { packageDigests, reading } = await splitDataset(member, { ...input, ...opened, texts }, {});
  expect(reading?.madeFrom).toBe('parquet');
  const recipe = { categories: ['ward'] };
  const same = await splitDataset(member, { ...input, csv, source: 'ward.csv', recipe }, {});
  expect(same.packageDigests).toEqual(packageDigests);
});

it('bytes of a Parquet file are read as its path is', async () => {
  const { csv: text, texts } = await readTableFile(parquetFile());
  expect(Buffer.from(text).toString().split('\n').slice(0, 3)).toEqual([
    'dose,ward,y',
    '0,00,0',
    '1,01,0.125',
  ]);
  expect(withTexts({ drop: [' ward'] }, texts).categories).toEqual([]);
  expect(notDropped({ drop: ['ward'] })('dose')).toBe(true);
});
