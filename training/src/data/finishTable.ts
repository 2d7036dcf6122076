import { checkCsvOptions, type Recognised } from './csvOptions.js';
import { checkHeldOut, holdOut, rawCsv, type HeldOutRows } from './heldOut.js';
import type { RawTable } from './rawTable.js';
import { applyRecipe } from './recipe/apply.js';
import { checkRecipeChoices } from './recipe/choices.js';
import { codebookOf, isCoded, type Codebook } from './recipe/codebook.js';
import { checkCodes, codeLevels } from './recipe/codeLevels.js';
import { fitRecipe } from './recipe/fit.js';
import type { RecipeNote } from './recipe/notes.js';
import { suspectsOf } from './recipe/suspects.js';
import { inMemory, type RowTable } from './rowTable.js';
import type { TableOptions } from './table.js';

/** What readers of tables give beside the table. */
export interface ReadFacts extends Recognised {
  /** The rows that were set aside, as the same features; absent where none were. */
  readonly heldOut: HeldOutRows | undefined;
  /** What the codes of the recipe stand for; absent where it has none. */
  readonly codebook?: Codebook | undefined;
  /** What the owner should know of its columns. Levels that are coded are named by their codes. */
  readonly notes: readonly RecipeNote[];
}

/** @throws TrainingError VT7501 */
export function checkTableOptions(options: TableOptions): void {
  checkCsvOptions(options);
  checkRecipeChoices(options);
  checkHeldOut(options.heldOut);
  checkCodes(options.codes);
}

/**
 * Sets rows aside, replaces levels by codes, finds the recipe of the other rows, and applies it to both. Rows that are set aside keep
 * their texts.
 * @throws TrainingError VT7003, VT7007, VT7008, VT7010, VT7011, VT7014, VT7015, VT7501
 */
export function finishTable(
  raw: RawTable,
  options: TableOptions,
): Pick<ReadFacts, 'heldOut' | 'codebook' | 'notes'> & { table: RowTable } {
  const { train, heldOut } = holdOut(raw, options.heldOut);
  const columns = codeLevels(raw, options.codes);
  const { recipe, notes } = fitRecipe({ ...train, columns }, options);
  const tableOf = (rows: RawTable): RowTable => applyRecipe({ ...rows, columns }, recipe);
  const table = tableOf(train);
  return {
    table,
    heldOut: heldOut && { ...inMemory(tableOf(heldOut)), csv: () => rawCsv(heldOut) },
    ...(recipe?.columns.some(isCoded) && { codebook: codebookOf(recipe, columns) }),
    notes: [...notes, ...suspectsOf(table)],
  };
}
