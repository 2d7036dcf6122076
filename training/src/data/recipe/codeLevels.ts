import { z } from 'zod';
import { TrainingError } from '../../errors.js';
import { checkArgument } from '../checkArgument.js';
import { placeIn } from '../checks.js';
import { columnName } from '../columnName.js';
import type { RawColumn, RawTable } from '../rawTable.js';
import { shown } from '../shown.js';
import { levelCode } from './levelCode.js';

/** Levels whose texts nobody but the data owner may know: the recipe has codes in their place. */
export interface CodeChoice {
  /** Names of columns of texts. Default: all of them, but for the target. */
  readonly columns?: readonly string[] | undefined;
  /** 32 secret bytes that codes are made from: the same secret gives a text of a column the same code. */
  readonly secret: Uint8Array;
}

const choiceSchema = z
  .object({
    columns: z.array(z.string()).optional(),
    secret: z.instanceof(Uint8Array).refine(({ length }) => length === 32, '32 bytes'),
  })
  .optional();

/** @throws TrainingError VT7501 */
export const checkCodes = (choice: CodeChoice | undefined): void => checkArgument(choiceSchema, choice);

/**
 * The columns of a table with codes as levels. A recipe that is found from them knows no text, and so its order, its references and
 * its notes cannot tell one. The classes of the target stay texts.
 * @throws TrainingError VT7011 for a chosen column that is not there, VT7501 for one without levels, and for the target
 */
export function codeLevels({ source, columns }: RawTable, choice: CodeChoice | undefined): RawColumn[] {
  if (choice === undefined) return [...columns];
  const features = columns.slice(0, -1);
  const chosen = choice.columns?.map(columnName);
  for (const column of chosen ?? []) requireLevels(columns, column, source);
  const coded = features.map((column): RawColumn => {
    const { name, levels } = column;
    if (levels === undefined || chosen?.includes(name) === false) return column;
    return { name, levels: levels.map((text) => levelCode(choice.secret, name, text)), texts: levels };
  });
  return [...coded, ...columns.slice(-1)];
}

function requireLevels(columns: readonly RawColumn[], column: string, source: string): void {
  const names = columns.map(({ name }) => name);
  const place = placeIn(names, column, source);
  if (place === columns.length - 1)
    throw new TrainingError('VT7501', `${source}: ${shown(column)} is the target, whose classes stay texts`, {
      source,
      column,
    });
  if (columns[place]?.levels === undefined)
    throw new TrainingError(
      'VT7501',
      `${source}: ${shown(column)} holds numbers, and is no category (--category)`,
      {
        source,
        column,
      },
    );
}
