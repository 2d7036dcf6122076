import { TrainingError } from '../errors.js';
import { groupsOf, groupText, MIN_BATCH } from './batches.js';
import type { ColumnRecipe } from './recipe/recipe.js';
import type { Template } from './template.js';

/** Least values of a subset's rows for each moment that a model owner learns of them, where a data owner says nothing else. */
export const DEFAULT_VALUES_PER_MOMENT = 3;

/** Most that a data owner may ask for. */
const MOST_VALUES_PER_MOMENT = 1000;

/** What of a template says how many values rows have, and who sees sums of which. */
export type MomentTemplate = Pick<Template, 'recipe' | 'features' | 'subsetRows' | 'aggregation'>;

/**
 * The moments that a model owner learns of the smallest subset, or batch where replies are added up, against the values of its rows.
 * Moments are sums over the rows: as many of them as there are values are as many equations as unknowns.
 */
export interface ShownMoments {
  /** How many different sums over the rows the model owner learns. */
  readonly moments: number;
  /** The subsets whose rows they are of: one, or those of a batch. */
  readonly subsets: readonly number[];
  /** How many rows those have. */
  readonly rows: number;
  /** How many values: a row has one for each column of the table, the target included, however many features come of it. */
  readonly values: number;
}

/** How many values there are for each moment. */
const valuesPerMoment = ({ values, moments }: Pick<ShownMoments, 'values' | 'moments'>): number =>
  values / moments;

/**
 * How many different products of up to `degree` features there are, 1 left out. Powers of a flag are the flag, and two flags of one
 * column exclude each other, so a column of texts adds its flags alone.
 */
export function productsOf(
  { recipe, features }: Pick<MomentTemplate, 'recipe' | 'features'>,
  degree: number,
): number {
  const columns = recipe?.columns ?? Array<undefined>(features).fill(undefined);
  let counts = [1, ...Array<number>(degree).fill(0)];
  for (const column of columns) {
    const own = powersOf(column, degree);
    counts = counts.map((_, sum) => own.reduce((all, of, power) => all + of * (counts[sum - power] ?? 0), 0));
  }
  return counts.reduce((sum, count) => sum + count, -1);
}

/** By power, how many different products the features of one column have. */
function powersOf(column: ColumnRecipe | undefined, degree: number): number[] {
  if (column?.kind === 'category')
    return [1, column.levels.length + Number(column.other) + Number(column.missing === 'flag')];
  const powers = Array<number>(degree + 1).fill(1);
  powers[1] = column?.missing?.flag === true ? 2 : 1;
  return powers;
}

/** Second moments of the columns, and their products with a target: the least that a model owner learns of a subset. */
const leastMomentsOf = (template: Pick<MomentTemplate, 'recipe' | 'features'>): number =>
  productsOf(template, 2) + template.features + 1;

/** So many moments of the subset, or batch, that has the fewest rows. */
export function shownMoments(template: MomentTemplate, moments = leastMomentsOf(template)): ShownMoments {
  const { recipe, features, subsetRows } = template;
  const rowsOf = (group: readonly number[]): number =>
    group.reduce((sum, subset) => sum + (subsetRows[subset] ?? 0), 0);
  const groups = groupsOf(template).map((subsets) => ({ subsets, rows: rowsOf(subsets) }));
  const { subsets, rows } = groups.reduce((one, other) => (other.rows < one.rows ? other : one));
  return { moments, subsets, rows, values: rows * ((recipe?.columns.length ?? features) + 1) };
}

/**
 * Refuses a subset, or batch, of which a model owner would learn too many moments for its rows.
 * @param least 0 to 1000 values for each moment; 0 refuses nothing
 * @throws TrainingError VT7510 naming rows, values and moments, and of how many subsets the table would pass; VT7501
 */
export function requireValuesPerMoment(template: MomentTemplate, least: number, moments?: number): void {
  requireLeastValues(least);
  const shown = shownMoments(template, moments);
  if (valuesPerMoment(shown) >= least) return;
  const { subsets, rows, values } = shown;
  const enough = subsetsWith(template, Math.ceil((least * shown.moments * rows) / values));
  const instead =
    enough === 0
      ? 'No number of subsets is few enough'
      : `${String(enough)} subsets would be few enough${template.aggregation === 'sum' ? '' : ', or sums'}`;
  const have = subsets.length === 1 ? 'has' : 'have';
  throw new TrainingError(
    'VT7510',
    `${groupText(subsets)} ${have} ${momentsText(shown)}, fewer than ${String(least)}. ${instead}`,
    { subset: subsets[0] ?? 0, rows, values, moments: shown.moments, least, enough },
  );
}

/** @throws TrainingError VT7501 for anything but 0 to 1000 values */
function requireLeastValues(least: number): void {
  if (!(least >= 0 && least <= MOST_VALUES_PER_MOMENT))
    throw new TrainingError('VT7501', 'the least values per moment are a number from 0 to 1000', { least });
}

/** In words, from the rows on: `88 rows, 968 values, for 76 moments: 12.7 for each`. */
export function momentsText(shown: ShownMoments): string {
  const { rows, values, moments } = shown;
  // Never as much as a floor that it is below.
  const each = Math.floor(valuesPerMoment(shown) * 10) / 10;
  return `${String(rows)} rows, ${String(values)} values, for ${String(moments)} moments: ${String(each)} for each`;
}

/** A sentence for the data owner where a subset has fewer values for each moment than {@link DEFAULT_VALUES_PER_MOMENT}. */
export function fewRows(shown: ShownMoments): string | undefined {
  if (valuesPerMoment(shown) >= DEFAULT_VALUES_PER_MOMENT) return undefined;
  return (
    `Few rows: the fewest that a model owner sees sums of are ${momentsText(shown)}. It learns these second moments in a few rounds, ` +
    `and they go far to say what the rows are. More rows alone do not hide a row that is rare in a column.`
  );
}

/** Most subsets that the table has where each, or each batch of three, is to have so many rows; 0 where that are too few to split. */
function subsetsWith({ subsetRows, aggregation }: MomentTemplate, rows: number): number {
  const all = subsetRows.reduce((sum, count) => sum + count, 0);
  const [fewest, parts] = aggregation === 'sum' ? [MIN_BATCH, MIN_BATCH] : [2, 1];
  const most = Math.floor(all / Math.ceil(rows / parts));
  return most < fewest ? 0 : most;
}
