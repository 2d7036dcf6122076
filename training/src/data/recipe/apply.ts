import { TrainingError } from '../../errors.js';
import { shown } from '../shown.js';
import type { RawColumn, RawTable } from '../rawTable.js';
import type { RowTable } from '../rowTable.js';
import { featureNamesOf, featuresOf, type CategoryRecipe, type ColumnRecipe, type Recipe } from './recipe.js';

/** Writes the features of one cell: a number, the code of a level, or NaN for no value. */
type CellWriter = (value: number, out: Float64Array) => void;

/**
 * What makes the features of a row of cells.
 * @param columns what the cells are; the recipe's are found by name
 */
export function rowWriter(
  { columns: recipes }: Recipe,
  columns: readonly RawColumn[],
): (cells: ArrayLike<number>, out: Float64Array) => void {
  let offset = 0;
  const placeOf = new Map(columns.map(({ name }, place) => [name, place]));
  const writers = recipes.map((recipe) => {
    const place = placeOf.get(recipe.column) ?? -1;
    const write =
      recipe.kind === 'number'
        ? numberWriter(recipe, offset)
        : categoryWriter(recipe, columns[place]?.levels ?? [], offset);
    offset += featuresOf(recipe).length;
    return { place, write };
  });
  return (cells, out) => {
    out.fill(0, 0, offset);
    for (const { place, write } of writers) write(cells[place] ?? NaN, out);
  };
}

function numberWriter({ missing }: ColumnRecipe & { kind: 'number' }, offset: number): CellWriter {
  return (value, out) => {
    if (!Number.isNaN(value)) out[offset] = value;
    else if (missing !== undefined) {
      out[offset] = missing.fill;
      if (missing.flag) out[offset + 1] = 1;
    }
  };
}

function categoryWriter(
  { reference, levels, other, missing }: CategoryRecipe,
  texts: readonly string[],
  offset: number,
): CellWriter {
  const otherPlace = other ? levels.length : -1;
  const missingPlace = missing === 'flag' ? levels.length + (other ? 1 : 0) : -1;
  const places = Int32Array.from(texts, (text) => {
    if (text === reference) return -1;
    const place = levels.indexOf(text);
    return place >= 0 ? place : otherPlace;
  });
  return (code, out) => {
    const place = Number.isNaN(code) ? missingPlace : (places[code] ?? otherPlace);
    if (place >= 0) out[offset + place] = 1;
  };
}

/**
 * The table that a recipe makes of one that was read: features in the recipe's order, a target of text as the number of its class.
 * @param recipe absent where every column is a feature as it is
 */
export function applyRecipe(table: RawTable, recipe: Recipe | undefined): RowTable {
  const { source, rows, columns } = table;
  const rawWidth = columns.length;
  const target = columns[rawWidth - 1];
  const names = { source, target: target?.name ?? '', rows };
  if (recipe === undefined) {
    const features = columns.slice(0, -1).map(({ name }) => name);
    return {
      ...names,
      columns: features,
      features: features.length,
      targets: table.targets,
      read: table.read,
    };
  }
  const featureNames = featureNamesOf(recipe);
  const width = featureNames.length + 1;
  const write = rowWriter(recipe, columns);
  const targetOf = targetReader(recipe, target?.levels, source);
  let buffer = new Float64Array(0);
  const read = (first: number, cells: Float64Array): void => {
    const count = cells.length / width;
    if (buffer.length < count * rawWidth) buffer = new Float64Array(count * rawWidth);
    const block = buffer.subarray(0, count * rawWidth);
    table.read(first, block);
    for (let row = 0; row < count; row++) {
      const raw = block.subarray(row * rawWidth, (row + 1) * rawWidth);
      const out = cells.subarray(row * width, (row + 1) * width);
      write(raw, out);
      out[width - 1] = targetOf(raw[rawWidth - 1] ?? NaN);
    }
  };
  const targets = table.targets.map(targetOf);
  return { ...names, recipe, columns: featureNames, features: width - 1, targets, read };
}

/** What makes a target of a cell's value. @throws TrainingError VT7014 for a text that is no class */
export function targetReader(
  { classes }: Recipe,
  levels: readonly string[] | undefined,
  source: string,
): (value: number) => number {
  if (classes === undefined || levels === undefined) return (value) => value;
  const values = levels.map((level) => {
    const place = classes.indexOf(level);
    if (place >= 0) return place;
    const what = `${source}: the target ${shown(level)} is none of ${classes.map(shown).join(', ')}`;
    throw new TrainingError('VT7014', what, { source });
  });
  return (code) => values[code] ?? NaN;
}
