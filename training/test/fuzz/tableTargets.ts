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

const csvs = [csvOf(',', '.', '\n'), csvOf(';', ',', '\r\n'), csvOf('\t', '.', '\r')];

/** Tables as people have them: read whole and as a stream, and split for hosts. */
export function tableTargets(training: Training): Target[] {
  const read = async (bytes: Uint8Array, chance: Chance): Promise<void> => {
    const options = { source: 'table', target: 'y', missing: 'fill' } as const;
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
