import Papa from 'papaparse';

/** How a spreadsheet would begin to compute, in ASCII and in full width; space before it does not stop all of them. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/**
 * CSV text of a header and rows (RFC 4180, lines ended by LF). Numbers are written as numbers. A text that a
 * spreadsheet would take for a formula, from its first of `= + - @`, gets an apostrophe before it.
 */
export const csvText = (header: readonly string[], rows: CsvRows): string => unparse(header, rows, FORMULA);

/** The same for this library to read, not for a spreadsheet: every text as it is. */
export const plainCsvText = (header: readonly string[], rows: CsvRows): string =>
  unparse(header, rows, false);

/** Rows of cells. */
export type CsvRows = readonly (readonly (number | string)[])[];

function unparse(header: readonly string[], rows: CsvRows, escapeFormulae: RegExp | false): string {
  const data = [header, ...rows].map((row) => [...row]);
  return `${Papa.unparse(data, { newline: '\n', escapeFormulae })}\n`;
}
