import { hashParts } from '../../canonical.js';
import { Drbg } from '../../drbg.js';
import type { Template } from '../template.js';
import { featuresOf, OTHER, type CategoryRecipe, type ColumnRecipe, type Recipe } from './recipe.js';

/** Rows that nobody has: a table's columns, the target last. */
export interface MadeUpRows {
  /** Names of the columns. */
  readonly header: readonly string[];
  /** Numbers, texts of categories, and empty texts for no value. */
  readonly rows: readonly (readonly (number | string)[])[];
}

/** What is public of a feature. */
interface Figures {
  readonly mean: number;
  readonly scale: number;
}

/**
 * Rows as a dataset's might look, drawn column by column from its template alone: numbers by mean and standard deviation,
 * categories by their shares. The same template gives the same rows.
 * @param count 1 to 1000
 */
export function madeUpRows(template: Template, count: number): MadeUpRows {
  const { columns, target, statistics } = template;
  const { classes, columns: recipes }: Recipe = template.recipe ?? {
    columns: columns.map((column) => ({ column, kind: 'number' })),
  };
  const drbg = new Drbg(hashParts('veritrain/made-up-rows/1', new Uint8Array(0)));
  const uniform = (): number => (drbg.below(2 ** 32) + 0.5) / 2 ** 32;
  const figures = columns.map((_, place) => ({
    mean: statistics.means[place] ?? 0,
    scale: statistics.scales[place] ?? 0,
  }));
  const ofTarget = { mean: statistics.targetMean, scale: statistics.targetScale };
  const row = (): (number | string)[] => {
    let offset = 0;
    const cells = recipes.map((recipe) => {
      const own = figures.slice(offset, (offset += featuresOf(recipe).length));
      return recipe.kind === 'number' ? numberCell(recipe, own, uniform) : levelCell(recipe, own, uniform);
    });
    return [...cells, classes ? classCell(classes, ofTarget, uniform) : normal(ofTarget, uniform)];
  };
  return {
    header: [...recipes.map(({ column }) => column), target],
    rows: Array.from({ length: count }, row),
  };
}

function numberCell(
  { missing }: ColumnRecipe & { kind: 'number' },
  [value, flag]: readonly Figures[],
  uniform: () => number,
): number | string {
  if (missing?.flag === true && flag !== undefined && uniform() < flag.mean) return '';
  return value === undefined ? '' : normal(value, uniform);
}

/** The means of flags are shares; what is left is the reference's. */
function levelCell(
  { reference, levels, other, missing }: CategoryRecipe,
  shares: readonly Figures[],
  uniform: () => number,
): string {
  const texts = [...levels, ...(other ? [OTHER] : []), ...(missing === 'flag' ? [''] : [])];
  let left = uniform();
  const place = shares.findIndex(({ mean }) => (left -= mean) < 0);
  return texts[place] ?? reference;
}

/** Of two classes the mean is a share; of more the template says no shares. */
function classCell(classes: readonly string[], { mean }: Figures, uniform: () => number): string {
  const place = classes.length === 2 ? Number(uniform() < mean) : Math.floor(uniform() * classes.length);
  return classes[place] ?? '';
}

/** Four digits (Box and Muller). */
function normal({ mean, scale }: Figures, uniform: () => number): number {
  const drawn = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return Number((mean + scale * drawn).toPrecision(4));
}
