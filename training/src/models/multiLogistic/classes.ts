import type { Template } from '../../data/template.js';
import { TrainingError } from '../../errors.js';

/** For rounding. */
const TOLERANCE = 1e-6;

/**
 * Checks that a dataset's target can have these values, by its public statistics.
 * @param classes increasing
 * @throws TrainingError VT7014 where no target between the least and the largest has this mean and variance (Bhatia and Davis 2000)
 */
export function requireClasses(classes: readonly number[], { target, statistics }: Template): void {
  const [least = 0, largest = 0] = [classes[0], classes.at(-1)];
  const { targetMean, targetScale } = statistics;
  const width = largest - least;
  const [below, above] = [(targetMean - least) / width, (largest - targetMean) / width];
  if (below > 0 && above > 0 && (targetScale / width) ** 2 <= below * above + TOLERANCE) return;
  throw new TrainingError('VT7014', `column "${target}" holds other values than ${classes.join(', ')}`, {
    column: target,
    classes: classes.length,
  });
}
