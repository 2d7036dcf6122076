import { memberError } from '@veritrain/member/errors';
import { defineProgram, type Table, type Task, type TrainingProgram } from '@veritrain/training';

/** What to learn: `auto` takes a target of two values, or of texts, for classes. */
export type TaskChoice = Task | 'auto';

const maxClasses = 16;

/**
 * The program that learns a table's target: two classes by logistic regression, more by a ridge classifier, numbers by least squares.
 * @throws WRONG_ARGUMENT where the target does not allow the task
 */
export function programFor(table: Table, choice: TaskChoice): TrainingProgram {
  const values = firstValues(table.targets, maxClasses + 1);
  const hasTexts = table.recipe?.classes !== undefined;
  const byTarget = values.length === 2 || hasTexts ? 'classification' : 'regression';
  const task = choice === 'auto' ? byTarget : choice;
  if (task === 'classification') return classifierOf(values, table.target);
  if (hasTexts && values.length > 2)
    throw memberError('VT9001', `--task regression: column "${table.target}" has texts.`, {
      facts: { column: table.target, texts: values.length },
      hint: 'Texts can be learnt as classes: --task classification.',
    });
  return defineProgram();
}

function classifierOf(values: readonly number[], target: string): TrainingProgram {
  const [low, high] = values;
  if (values.length > maxClasses || low === undefined || high === undefined)
    throw memberError('VT9001', `--task classification: column "${target}" has more than 16 values.`, {
      facts: { column: target, most: maxClasses },
      hint: 'Up to 16 classes can be learnt, as numbers or texts. For more values: --task regression.',
    });
  return values.length === 2
    ? defineProgram({ family: 'logistic', classes: [low, high] })
    : defineProgram({ family: 'ridgeClassifier', classes: [...values] });
}

/** The values of a column in ascending order, as far as there are fewer than `enough`. */
function firstValues(column: ArrayLike<number>, enough: number): number[] {
  const found = new Set<number>();
  for (let row = 0; row < column.length && found.size < enough; row += 1) found.add(column[row] ?? 0);
  return [...found].sort((a, b) => a - b);
}
