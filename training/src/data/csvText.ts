import Papa from 'papaparse';

/** How a spreadsheet would begin to compute, in ASCII and in full width; space before it does not stop all of them. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/**
 * CSV text of a header and rows (RFC 4180, lines ended by LF). Numbers are written as numbers. A text that a
 * spreadsheet would take for a formula, from its first of `= + - @`, gets an apostrophe before it.
 */
export function csvText(header: readonly string[], rows: readonly (readonly (number | string)[])[]): string {
  const data = [header, ...rows].map((row) => [...row]);
  return `${Papa.unparse(data, { newline: '\n', escapeFormulae: FORMULA })}\n`;
}
