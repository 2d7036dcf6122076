import { TrainingError } from '../errors.js';

/**
 * 1 for each target of the positive class, 0 for each of the negative one.
 * @param classes [the value of the negative class, that of the positive one]
 * @param targets of a table's rows, the first of which is row 2, below the header
 * @throws TrainingError VT7014 for any other value
 */
export function labelsOf(
  [negative, positive]: readonly [number, number],
  targets: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(targets, (target, index) => {
    if (target === positive) return 1;
    if (target === negative) return 0;
    const row = index + 2;
    throw new TrainingError('VT7014', `row ${row}: the target is neither ${negative} nor ${positive}`, {
      row,
      negative,
      positive,
    });
  });
}
