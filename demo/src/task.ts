import { memberError } from '@veritrain/member/errors';
import { defineProgram, type Table, type Task, type TrainingProgram } from '@veritrain/training';

/** What to learn: `auto` takes a target of two values for two classes. */
export type TaskChoice = Task | 'auto';

/**
 * The program that learns a table's target.
 * @throws WRONG_ARGUMENT where the target has not two values, and classes are asked for
 */
export function programFor({ target, targets }: Table, choice: TaskChoice): TrainingProgram {
  const values = firstValues(targets, 3);
  const [low, high] = values;
  const isTwoValued = values.length === 2 && low !== undefined && high !== undefined;
  if (choice === 'regression' || (choice === 'auto' && !isTwoValued)) return defineProgram();
  if (!isTwoValued)
    throw memberError('VT9001', `--task classification: column "${target}" has not two values.`, {
      facts: { column: target, values: values.length > 2 ? 'three or more' : values.length },
      hint: 'Two classes can be learnt, as any two numbers. For more values: --task regression.',
    });
  return defineProgram({ family: 'logistic', classes: [low, high] });
}

/** The values of a column in ascending order, as far as there are fewer than `enough`. */
function firstValues(column: ArrayLike<number>, enough: number): number[] {
  const found = new Set<number>();
  for (let row = 0; row < column.length && found.size < enough; row += 1) found.add(column[row] ?? 0);
  return [...found].sort((a, b) => a - b);
}
