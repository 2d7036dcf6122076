import type { CsvOptions, TableReading } from '@veritrain/training';
import { z } from 'zod';

const wordsOf: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '|': 'pipe',
  '\t': 'tab',
  ' ': 'space',
  '.': 'point',
  "'": 'apostrophe',
};
const marks = new Map(Object.entries(wordsOf).map(([mark, word]) => [word, mark]));
const asMark = (text: string): string => marks.get(text) ?? text;

/** The form of a table, for every command that reads one. */
export const tableOptions = [
  ['--delimiter <c>', 'between cells: tab, space or a character (default: recognised)'],
  ['--decimal <c>', 'the decimal mark, . or , (default: recognised)'],
  ['--thousands <c>', "the mark between thousands, , . ' space or none (default: recognised)"],
  [
    '--index <what>',
    'keep or drop leading columns without a name (default: drop if they count or never repeat, else refuse)',
  ],
] as const;

/** The values of {@link tableOptions}. */
export const tableValues = {
  delimiter: z
    .string()
    .transform(asMark)
    .refine((text) => /^[^\p{L}\p{N}"\r\n.+-]$/u.test(text), 'must be tab, space or one character, such as ;')
    .optional(),
  decimal: z
    .string()
    .transform(asMark)
    .pipe(z.enum(['.', ','], 'must be . or ,'))
    .optional(),
  thousands: z
    .string()
    .transform(asMark)
    .pipe(z.enum([',', '.', ' ', "'", 'none'], "must be , . ' space or none"))
    .optional(),
  index: z.enum(['keep', 'drop']).optional(),
};

/** Picks the values of {@link tableOptions} from a command's values. */
export const csvOptionsOf = ({ delimiter, decimal, thousands, index }: CsvOptions): CsvOptions => ({
  delimiter,
  decimal,
  thousands,
  index,
});

/** The recognised form of a table, in words. */
export function readingText(reading: TableReading): string {
  const { madeFrom, compressed, encoding, delimiter, decimal, thousands, leftOut } = reading;
  const word = (mark: string): string => wordsOf[mark] ?? mark;
  const form = [
    `${compressed ? 'gzip, ' : ''}${encoding === 'windows-1252' ? 'Windows-1252 (it is not UTF-8)' : encoding.toUpperCase()}`,
    `${word(delimiter)} between cells`,
    ...(decimal === undefined ? [] : [`decimal ${word(decimal)}`]),
    ...(thousands === undefined ? [] : [`${word(thousands)} between thousands`]),
  ];
  return [
    ...(madeFrom === undefined ? form : ['Parquet']),
    ...(leftOut === 0
      ? []
      : [
          leftOut === 1
            ? 'the first column, which has no name, left out'
            : `the first ${leftOut} columns, which have no name, left out`,
        ]),
  ].join(', ');
}
