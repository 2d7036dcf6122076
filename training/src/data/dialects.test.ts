import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrainingError } from '../errors.js';
import { MemoryStore } from '../testing/memoryStore.js';
import { cut } from '../testing/packages.js';
import type { CsvOptions } from './csvOptions.js';
import { readTable } from './readTable.js';
import { parseRows } from './rows.js';

/** A number as it is written in no dialect: digits, decimals. */
interface Digits {
  readonly sign: '' | '-';
  readonly whole: string;
  readonly decimals: string;
}

const whole = fc.oneof(fc.nat(9), fc.nat(999), fc.nat(99_999), fc.nat(99_999_999)).map(String);
const digitsOf = (decimals: number): fc.Arbitrary<Digits> =>
  fc.record({
    sign: fc.constantFrom('', '', '', '-'),
    whole,
    decimals: fc.string({
      minLength: decimals,
      maxLength: decimals,
      unit: fc.constantFrom('0', '1', '5', '9'),
    }),
  });
/** Cells that often have two readings, and cells of every kind. */
const cell = fc.oneof(digitsOf(3), digitsOf(0), digitsOf(2), digitsOf(1));
const ambiguous = fc.record({
  sign: fc.constant(''),
  whole: fc.integer({ min: 1, max: 999 }).map(String),
  decimals: fc.integer({ min: 100, max: 999 }).map(String),
});
const names = ['age', 'größe', 'blood pressure', 'a,b', 'x;y', 'say "so"', 'dose', 'Zürich|1'];

interface Written {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Digits[])[];
}
const table = (cells: fc.Arbitrary<Digits>, leastRows: number): fc.Arbitrary<Written> =>
  fc.integer({ min: 2, max: 4 }).chain((width) =>
    fc.record({
      columns: fc.shuffledSubarray(names, { minLength: width, maxLength: width }),
      rows: fc.array(fc.array(cells, { minLength: width, maxLength: width }), {
        minLength: leastRows,
        maxLength: leastRows + 6,
      }),
    }),
  );
const anyTable = (leastRows: number): fc.Arbitrary<Written> =>
  fc.oneof(table(cell, leastRows), table(ambiguous, leastRows), table(digitsOf(0), leastRows));

const dialect = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|', ' '),
    decimal: fc.constantFrom('.', ','),
    grouped: fc.constantFrom('none', 'other', ' ', '\u00a0', '\u202f', "'", '’'),
    quoted: fc.boolean(),
    lineEnds: fc.constantFrom(['\n'], ['\r\n'], ['\r'], ['\n', '\r\n', '\r']),
    end: fc.constantFrom('', '\n', '\r\n\r\n', '\u001a', '\n\u001a', '\0\0\0', '\r\n\u001a\0\r\n'),
    start: fc.constantFrom('', '\ufeff'),
    index: fc.constantFrom('none', 'counts', 'names'),
    encoding: fc.constantFrom('utf8', 'utf16le', 'latin1'),
    compressed: fc.boolean(),
  })
  .map(({ grouped, ...rest }) => ({
    ...rest,
    thousands: grouped === 'other' ? (rest.decimal === '.' ? ',' : '.') : grouped,
  }));
type Dialect = typeof dialect extends fc.Arbitrary<infer T> ? T : never;

const numberText = ({ sign, whole, decimals }: Digits, { decimal, thousands }: Dialect): string => {
  const groups = thousands === 'none' ? whole : whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  return `${sign}${groups}${decimals === '' ? '' : decimal + decimals}`;
};

function write({ columns, rows }: Written, dialect: Dialect): Buffer {
  const quote = (text: string): string =>
    dialect.quoted || text === '' || /["\r\n,;|\t ]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const first = (row: number): string[] =>
    dialect.index === 'none' ? [] : [row < 0 ? '' : dialect.index === 'counts' ? String(row) : `Name ${row}`];
  const lines = [columns, ...rows.map((cells) => cells.map((each) => numberText(each, dialect)))].map(
    (cells, row) => [...first(row - 1), ...cells].map(quote).join(dialect.delimiter),
  );
  const ended = lines.map((line, row) =>
    row === lines.length - 1 ? line : line + dialect.lineEnds[row % dialect.lineEnds.length]!,
  );
  // In Latin-1 there is no byte order mark, and none of the rarer characters.
  const isLatin = dialect.encoding === 'latin1';
  const text = `${isLatin ? '' : dialect.start}${ended.join('')}${dialect.end}`;
  const latin = text.replaceAll('\u202f', '\u00a0').replaceAll('’', "'");
  const bytes = Buffer.from(isLatin ? latin : text, dialect.encoding as BufferEncoding);
  return dialect.compressed ? gzipSync(bytes) : bytes;
}

const valuesOf = ({ rows }: Written): number[] =>
  rows.flat().map(({ sign, whole, decimals }) => Number(`${sign}${whole}.${decimals}`) + 0);

/** All that a writer may know of its dialect. */
function optionsOf({ delimiter, decimal, thousands }: Dialect): CsvOptions {
  const mark = { '\u00a0': ' ', '\u202f': ' ', '’': "'" }[thousands] ?? thousands;
  return { delimiter, decimal, thousands: mark } as CsvOptions;
}

function outcome(read: () => ArrayLike<number>): number[] | string {
  try {
    return Array.from(read());
  } catch (error) {
    if (error instanceof TrainingError) return error.code;
    throw error;
  }
}

const runs = { numRuns: 1500 };

describe('a table in any dialect', () => {
  it('is read as it was meant, or refused as ambiguous', () => {
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(anyTable(1), dialect, (written, dialect) => {
        const bytes = write(written, dialect);
        const found = outcome(() => parseRows(bytes, { columns: written.columns }).values);
        seen[found === 'VT7013' ? 'refused' : 'read'] += 1;
        if (found !== 'VT7013') expect(found).toEqual(valuesOf(written));
      }),
      runs,
    );
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(runs.numRuns / 20);
  });

  it('is read as it was meant where its marks are given', () => {
    fc.assert(
      fc.property(anyTable(1), dialect, (written, dialect) => {
        const options = { columns: written.columns, ...optionsOf(dialect) };
        expect(Array.from(parseRows(write(written, dialect), options).values)).toEqual(valuesOf(written));
      }),
      runs,
    );
  });

  it('is refused for its numbers only where every cell has both readings', () => {
    const decides = ({ decimals, whole }: Digits, { thousands }: Dialect): boolean =>
      (decimals !== '' && (decimals.length !== 3 || whole === '0')) ||
      (decimals.length === 3 && whole.length > 3) ||
      (',.'.includes(thousands) && whole.length > 6);
    fc.assert(
      fc.property(anyTable(1), dialect, (written, dialect) => {
        fc.pre(written.rows.flat().some((each) => decides(each, dialect)));
        const { delimiter } = dialect;
        const found = outcome(
          () => parseRows(write(written, dialect), { columns: written.columns, delimiter }).values,
        );
        expect(found).toEqual(valuesOf(written));
      }),
      runs,
    );
  });

  it('streams to what it is in memory, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyTable(30),
        dialect,
        fc.integer({ min: 1, max: 50 }),
        async (written, dialect, length) => {
          const bytes = write(written, dialect);
          const [target = '', ...columns] = written.columns;
          const whole = outcome(() => {
            const { values, targets = [] } = parseRows(bytes, { columns, target });
            return [...values, ...targets];
          });
          let streamed: number[] | string;
          try {
            const table = await readTable(cut(bytes, length), new MemoryStore(), { target });
            const order = [...table.columns, target];
            const cells = Array.from({ length: table.rows }, (_, row) => {
              const read = new Float64Array(order.length);
              table.read(row, read);
              return read;
            });
            const features = cells.flatMap((row) => columns.map((column) => row[order.indexOf(column)]!));
            streamed = [...features, ...table.targets];
          } catch (error) {
            streamed = (error as TrainingError).code;
          }
          // Prediction takes columns of one value.
          if (streamed !== 'VT7007') expect(streamed).toEqual(whole);
        },
      ),
      { numRuns: 300 },
    );
  });
});
