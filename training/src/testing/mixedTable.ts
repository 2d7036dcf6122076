import { plainCsvText } from '../data/csvText.js';
import type { ReadFacts } from '../data/finishTable.js';
import { parseTable, type Table, type TableOptions } from '../data/table.js';

type Cell = number | string;

const rowAt = (index: number): Cell[] => [
  index % 7,
  ['red', 'red', 'blue'][index % 3] ?? '',
  index % 4 === 0 ? 'yes' : 'no',
  (index * 37) % 11,
];
const header = ['x', 'colour', 'smoker', 'y'];
/** 120 rows: `x` a number, `colour` red or blue, `smoker` no or yes, `y` the target. */
export const rows = Array.from({ length: 120 }, (_, index) => rowAt(index));

/** The table as CSV, after a change of each row. */
export const csvOf = (
  change: (cells: Cell[], index: number) => void = () => undefined,
  names = header,
): string =>
  plainCsvText(
    names,
    rows.map((cells, index) => {
      const own = [...cells];
      change(own, index);
      return own;
    }),
  );

/** Read to predict `y`. */
export const parse = (csv: string, options: TableOptions = {}): Table & ReadFacts =>
  parseTable(csv, { target: 'y', ...options });

/** The features of a row. */
export const rowOf = (
  { values, features }: { values: Float64Array; features: number },
  index: number,
): number[] => Array.from(values.subarray(index * features, (index + 1) * features));
