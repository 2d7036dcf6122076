import { z } from 'zod';
import { TrainingError } from '../errors.js';
import { checkArgument } from './checkArgument.js';

/** What may stand before the decimals. */
export type DecimalMark = '.' | ',';
/** What may stand between groups of three digits: spaces and apostrophes of every kind count as one each. */
export type ThousandsMark = ',' | '.' | ' ' | "'" | 'none';
/** How bytes are read as text. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** How a table is written, where its reader is not to recognise it. */
export interface CsvOptions {
  /** What else the text was made from, which the reading repeats. */
  readonly madeFrom?: 'parquet' | undefined;
  /** The character between cells; a space stands for any number of them. */
  readonly delimiter?: string | undefined;
  /** The mark before the decimals. */
  readonly decimal?: DecimalMark | undefined;
  /** The mark between groups of three digits. */
  readonly thousands?: ThousandsMark | undefined;
  /**
   * What becomes of leading columns without a name. Default: left out where they count or never repeat, else refused.
   * `keep` takes them as columns named `index`; `drop` leaves them out, and allows a header line that has no cell for one.
   */
  readonly index?: 'keep' | 'drop' | undefined;
}

/** How a table was read. */
export interface TableReading {
  /** What the text was made from, where it was no text file. */
  readonly madeFrom?: 'parquet' | undefined;
  /** It was compressed with gzip. */
  readonly compressed: boolean;
  /** How bytes were read as text. */
  readonly encoding: Encoding;
  /** The character between cells. */
  readonly delimiter: string;
  /** Absent where no cell shows it. */
  readonly decimal?: DecimalMark | undefined;
  /** Absent where no cell shows it. */
  readonly thousands?: ThousandsMark | undefined;
  /** Leading columns without a name that were left out. */
  readonly leftOut: number;
}

/** What readers of tables give beside the table. */
export interface Recognised {
  /** How the table was read. */
  readonly reading: TableReading;
}

const csvOptionsSchema = z.object({
  delimiter: z
    .string()
    .regex(/^[^\p{L}\p{N}"\r\n.+-]$/u, 'one character that is no part of a number or quote')
    .optional(),
  decimal: z.enum(['.', ',']).optional(),
  thousands: z.enum([',', '.', ' ', "'", 'none']).optional(),
  index: z.enum(['keep', 'drop']).optional(),
});

/** @throws TrainingError VT7501 */
export function checkCsvOptions(options: CsvOptions): void {
  checkArgument(csvOptionsSchema, options);
  const { decimal, thousands } = options;
  if (decimal !== undefined && decimal === thousands)
    throw new TrainingError('VT7501', `"${decimal}" cannot stand before decimals and between thousands`, {
      decimal,
      thousands,
    });
}
