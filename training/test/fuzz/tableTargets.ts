import { parquetWriteBuffer } from 'hyparquet-writer';
import { MemoryStore } from '../../src/testing/memoryStore.js';
import { cut } from '../../src/testing/packages.js';
import { mutatedBytes } from './bytes.js';
import type { Chance } from './chance.js';
import { Broken, requireFinite, type Target, type Training } from './target.js';

/** A table of numbers, categories and gaps. */
const rows = Array.from({ length: 60 }, (_, row) => ({
  age: 18 + ((row * 7) % 50),
  income: row % 9 === 0 ? null : row * 1234.5,
  city: ['Zürich', 'São "Paulo", SP', 'Rome'][row % 3] ?? '',
  smoker: row % 4 < 2,
  y: row * 0.25,
}));

type Cell = string | number | boolean | null;

const csvOf = (delimiter: string, decimal: string, end: string): Uint8Array => {
  const cell = (value: Cell): string => {
    if (value === null) return '';
    const text = typeof value === 'number' ? String(value).replace('.', decimal) : String(value);
    return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const line = (cells: readonly Cell[]): string => cells.map(cell).join(delimiter);
  return Buffer.from(
    [line(Object.keys(rows[0] ?? {})), ...rows.map((row) => line(Object.values(row)))].join(end),
  );
};

/** The table as CSV, of one delimiter, decimal sign and line end each. */
export const csvs = [csvOf(',', '.', '\n'), csvOf(';', ',', '\r\n'), csvOf('\t', '.', '\r')];

const columnOf = <Name extends keyof (typeof rows)[number]>(name: Name) => rows.map((row) => row[name]);
const parquetOf = (rowGroupSize: number): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'age', data: columnOf('age'), type: 'INT32' },
        { name: 'income', data: columnOf('income'), type: 'DOUBLE' },
        { name: 'city', data: columnOf('city'), type: 'STRING' },
        { name: 'smoker', data: columnOf('smoker'), type: 'BOOLEAN' },
        { name: 'y', data: columnOf('y'), type: 'DOUBLE' },
      ],
      rowGroupSize,
    }),
  );
const parquets = [parquetOf(16), parquetOf(1000)];

/** What a window of these files takes some milliseconds for. A busy machine may need longer: then it is refused, which is sound, too. */
const patienceMs = 1000;

type Written = Awaited<ReturnType<Training['openParquet']>>['written'];

/** Tables as people have them: read whole and as a stream, and split for hosts. */
export function tableTargets(training: Training): Target[] {
  const read = async (bytes: Uint8Array, chance: Chance, written?: Written): Promise<void> => {
    const options = { source: 'table', target: 'y', missing: 'fill', ...written } as const;
    const pieces = cut(bytes, 1 + chance.below(5000));
    const streamed = await outcomeOf(training, () => training.readTable(pieces, new MemoryStore(), options));
    const whole = await outcomeOf(training, () => training.parseTable(bytes, options));
    if (whole.outcome !== streamed.outcome)
      throw new Broken(`whole: ${whole.outcome}, as a stream: ${streamed.outcome}`);
    if (whole.read === undefined) throw whole.error;
    const { template } = training.splitTable(whole.read, { subsets: 2, seed: Buffer.from('fuzz') });
    requireFinite(template, 'the template of a mutated table');
  };
  return [
    {
      name: 'CSV',
      weight: 4,
      run: (chance) => read(mutatedBytes(chance.of(csvs), csvs, chance), chance),
    },
    {
      name: 'Parquet',
      // Each takes a thread.
      weight: 0.5,
      async run(chance) {
        const bytes = mutatedParquet(chance);
        const file = {
          byteLength: bytes.length,
          slice: async (start: number, end?: number) =>
            Promise.resolve(Uint8Array.from(bytes.subarray(start, end)).buffer),
        };
        const { csv, written } = await training.openParquet(file, { source: 'table.parquet', patienceMs });
        const pieces = [];
        for await (const piece of csv) pieces.push(piece);
        await read(Buffer.concat(pieces), chance, written);
      },
    },
  ];
}

interface Read {
  readonly columns: readonly string[];
  readonly targets: ArrayLike<number>;
}

/** What was read, or the refusal. */
async function outcomeOf<Table extends Read>(training: Training, open: () => Table | Promise<Table>) {
  try {
    const read = await open();
    return { outcome: JSON.stringify([read.columns, Array.from(read.targets)]), read };
  } catch (error) {
    if (!(error instanceof training.TrainingError)) throw error;
    // Of several faults the one that is met first is named, and the whole text is decoded before its first line is read.
    return { outcome: 'refused', error };
  }
}

/** Often with its marks at both ends, without which nothing of it is read. */
function mutatedParquet(chance: Chance): Uint8Array {
  const bytes = Uint8Array.from(mutatedBytes(chance.of(parquets), parquets, chance));
  if (bytes.length < 12 || chance.below(4) === 0) return bytes;
  bytes.set(Buffer.from('PAR1'), 0);
  bytes.set(Buffer.from('PAR1'), bytes.length - 4);
  return bytes;
}
