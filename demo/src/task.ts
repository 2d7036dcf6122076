import { memberError } from '@veritrain/member/errors';
import {
  defineProgram,
  familiesThatTake,
  type FamilyName,
  type Table,
  type Task,
  type TrainingProgram,
} from '@veritrain/training';

/** What to learn: `auto` takes a target of two values, or of texts, for classes. */
export type TaskChoice = Task | 'auto';

const maxClasses = 16;

/**
 * The program that learns a table's target: classes by logistic regression, of more than two one against the rest, numbers by least
 * squares; of more features than these take, by ridge regression.
 *
 * @param isPrivate the dataset gives second moments alone
 * @throws WRONG_ARGUMENT where the target does not allow the task
 */
export function programFor(table: Table, choice: TaskChoice, isPrivate = false): TrainingProgram {
  const values = firstValues(table.targets, maxClasses + 1);
  const hasTexts = table.recipe?.classes !== undefined;
  const byTarget = values.length === 2 || hasTexts ? 'classification' : 'regression';
  const task = choice === 'auto' ? byTarget : choice;
  if (task === 'classification') return classifierOf(values, table, isPrivate);
  if (hasTexts && values.length > 2)
    throw memberError('VT9001', `--task regression: column "${table.target}" has texts.`, {
      facts: { column: table.target, texts: values.length },
      hint: 'Texts can be learnt as classes: --task classification.',
    });
  return takes('linear', table) ? defineProgram() : defineProgram({ family: 'ridge' });
}

const takes = (family: FamilyName, { features }: Table): boolean =>
  familiesThatTake(features).includes(family);

function classifierOf(values: readonly number[], table: Table, isPrivate: boolean): TrainingProgram {
  const { target } = table;
  const [low, high] = values;
  if (values.length > maxClasses || low === undefined || high === undefined)
    throw memberError('VT9001', `--task classification: column "${target}" has more than 16 values.`, {
      facts: { column: target, most: maxClasses },
      hint: 'Up to 16 classes can be learnt, as numbers or texts. For more values: --task regression.',
    });
  if (values.length === 2 && takes('logistic', table))
    return defineProgram({ family: 'logistic', classes: [low, high], degree: isPrivate ? 1 : 2 });
  const family = values.length > 2 && takes('multiLogistic', table) ? 'multiLogistic' : 'ridgeClassifier';
  return defineProgram({ family, classes: [...values] });
}

/** The values of a column in ascending order, as far as there are fewer than `enough`. */
function firstValues(column: ArrayLike<number>, enough: number): number[] {
  const found = new Set<number>();
  for (let row = 0; row < column.length && found.size < enough; row += 1) found.add(column[row] ?? 0);
  return [...found].sort((a, b) => a - b);
}
