import { TrainingError } from '../errors.js';
import { MAX_NAME_LENGTH, unseenCharacter } from './columnName.js';
import { MAX_COLUMNS, MIN_ROWS } from './limits.js';
import { didYouMean } from './nearestName.js';
import { shown } from './shown.js';

/** @param record its number, the header being 0 */
export function refuseUnreadable(source: string, record: number, why: string): never {
  const row = record + 1;
  throw new TrainingError('VT7001', `${source}, row ${String(row)}: ${why}`, { source, row });
}

/** @param record its number, the header being 0 */
export function refuseRagged(source: string, record: number, cells: number, columns: number): never {
  const row = record + 1;
  const what = `${source}, row ${String(row)}: ${String(cells)} cells under a header of ${String(columns)}`;
  throw new TrainingError('VT7001', what, { source, row, cells, columns });
}

/** What a header is judged by. */
interface HeaderFacts {
  readonly source: string;
  readonly target: string;
  /** How many columns before the header's are left out, for messages. */
  readonly leftOut: number;
  /** Columns that the owner leaves out. */
  readonly drop: readonly string[];
}

/**
 * @throws TrainingError VT7002, VT7003, VT7010, VT7012
 */
export function checkHeader(header: readonly string[], { source, target, leftOut, drop }: HeaderFacts): void {
  const seen = new Set<string>();
  header.forEach((column, index) => {
    checkName(column, source, leftOut + index + 1);
    if (seen.has(column)) refuseDouble(column, source);
    seen.add(column);
  });
  if (!seen.has(target)) {
    const what = `${source} has no column ${shown(target)}; it has ${namesOf(header)}${didYouMean(target, header)}`;
    throw new TrainingError('VT7002', what, { source, target });
  }
  // A column makes one feature at least.
  checkFeatureCount(header.filter((column) => column !== target && !drop.includes(column)).length, {
    source,
    target,
  });
}

/** @throws TrainingError VT7010 */
export function checkFeatureCount(
  features: number,
  { source, target }: { source: string; target: string },
): void {
  if (features >= 1 && features <= MAX_COLUMNS) return;
  const what = `${source} has ${String(features)} features beside ${shown(target)}`;
  throw new TrainingError('VT7010', what, { source, features, least: 1, most: MAX_COLUMNS });
}

/** @throws TrainingError VT7003 */
export function refuseDouble(column: string, source: string): never {
  throw new TrainingError('VT7003', `${source}: two columns are named ${shown(column)}`, { source, column });
}

/** The place of a column in a header. @throws TrainingError VT7011, naming the nearest */
export function placeIn(header: readonly string[], column: string, source: string): number {
  const place = header.indexOf(column);
  if (place >= 0) return place;
  const near = didYouMean(column, header);
  const what = `${source} has no column ${shown(column)}; it has ${namesOf(header)}${near}`;
  throw new TrainingError('VT7011', what, { source, column });
}

const SHOWN_NAMES = 20;

/** The first names of a header, for messages. */
function namesOf(header: readonly string[]): string {
  const more = header.length - SHOWN_NAMES;
  const names = header.slice(0, SHOWN_NAMES).map(shown).join(', ');
  return more > 0 ? `${names} and ${String(more)} more` : names;
}

function checkName(name: string, source: string, column: number): void {
  const refuse = (why: string): never => {
    throw new TrainingError('VT7003', `${source}: ${why}`, { source, column });
  };
  if (name === '') refuse(`column ${String(column)} has no name`);
  if (name.length > MAX_NAME_LENGTH)
    refuse(
      `the name of column ${String(column)}, ${shown(name)}, has ${String(name.length)} characters, and ${String(MAX_NAME_LENGTH)} is the most`,
    );
  const character = unseenCharacter(name);
  if (character === undefined) return;
  const what = `${source}: the name of column ${String(column)}, ${shown(name)}, has a character that cannot be seen, ${character}`;
  throw new TrainingError('VT7012', what, { source, column, character });
}

/** @throws TrainingError VT7008, VT7009 */
export function checkRowCount(rows: number, source: string, most: number): void {
  const what = `${source} has ${String(rows)} rows`;
  if (rows < MIN_ROWS) throw new TrainingError('VT7008', what, { source, rows, least: MIN_ROWS });
  if (rows > most) throw new TrainingError('VT7009', what, { source, rows, most });
}

/** @throws TrainingError VT7009 */
export function refuseRows(source: string, most: number, columns: number): never {
  const what = `${source} has more than ${String(most)} rows of ${String(columns)} columns`;
  throw new TrainingError('VT7009', what, { source, most, columns });
}

/** @throws TrainingError VT7007 */
export function refuseConstant(source: string, columns: readonly string[]): never {
  const which = columns.length === 1 ? `column ${namesOf(columns)} has` : `columns ${namesOf(columns)} have`;
  throw new TrainingError('VT7007', `${source}: ${which} one value in every row`, {
    source,
    column: columns[0] ?? '',
    columns: columns.length,
  });
}
