import { leastCellOf, leastPairOf, momentsText, type SplitReport } from '@veritrain/training';
import type { Cell } from './text.js';

/**
 * The fewest rows of a subset that share a value of one column, and of two: for people who decide what a dataset may show. Second
 * moments show the first, third moments both.
 */
export function cellRows({
  leastCells,
  pairCells,
  shown,
}: Pick<SplitReport, 'leastCells' | 'pairCells' | 'shown'>): (readonly [string, Cell])[] {
  const cell = leastCellOf(leastCells);
  const pair = leastPairOf(pairCells);
  return [
    ['Least cell', cell && `${rows(cell.count)}: ${cell.column} ${cell.text ?? cell.value} ${where(cell)}`],
    ['Least pair', pair && `${rows(pair.count)}: ${held(pair)} ${where(pair)}`],
    ['Values per moment', shown && `${momentsText(shown)} (programs that show second moments)`],
  ];
}

/** Whose rows a cell is. */
const where = ({
  subset,
  batch,
}: {
  readonly subset: number;
  readonly batch?: readonly number[] | undefined;
}): string =>
  batch === undefined
    ? `in subset ${subset}`
    : `in subsets ${batch[0] ?? 0} to ${batch.at(-1) ?? 0} together`;

const rows = (count: number): string => `${count} ${count === 1 ? 'row' : 'rows'}`;

/** What two columns hold, or one with itself. */
function held({ columns, values }: SplitReport['pairCells'][number]): string {
  const each = columns.map((column, place) => `${column} ${values[place] ?? ''}`);
  return [...new Set(each)].join(', ');
}
