import { checkCsvOptions, type Recognised } from './csvOptions.js';
import { checkHeldOut, holdOut, rawCsv, type HeldOutRows } from './heldOut.js';
import type { RawTable } from './rawTable.js';
import { applyRecipe } from './recipe/apply.js';
import { checkRecipeChoices } from './recipe/choices.js';
import { fitRecipe } from './recipe/fit.js';
import type { RecipeNote } from './recipe/notes.js';
import { suspectsOf } from './recipe/suspects.js';
import { inMemory, type RowTable } from './rowTable.js';
import type { TableOptions } from './table.js';

/** What readers of tables give beside the table. */
export interface ReadFacts extends Recognised {
  /** The rows that were set aside, as the same features; absent where none were. */
  readonly heldOut: HeldOutRows | undefined;
  /** What the owner should know of its columns. */
  readonly notes: readonly RecipeNote[];
}

/** @throws TrainingError VT7501 */
export function checkTableOptions(options: TableOptions): void {
  checkCsvOptions(options);
  checkRecipeChoices(options);
  checkHeldOut(options.heldOut);
}

/**
 * Sets rows aside, finds the recipe of the others, and applies it to both.
 * @throws TrainingError VT7003, VT7007, VT7008, VT7010, VT7014, VT7015
 */
export function finishTable(
  raw: RawTable,
  options: TableOptions,
): Pick<ReadFacts, 'heldOut' | 'notes'> & { table: RowTable } {
  const { train, heldOut } = holdOut(raw, options.heldOut);
  const { recipe, notes } = fitRecipe(train, options);
  const table = applyRecipe(train, recipe);
  return {
    table,
    heldOut: heldOut && { ...inMemory(applyRecipe(heldOut, recipe)), csv: () => rawCsv(heldOut) },
    notes: [...notes, ...suspectsOf(table)],
  };
}
