import type { FamilyTemplate } from '../../maps/mappedRows.js';
import { LARGEST_UPDATE, LARGEST_WEIGHT } from '../../he/ckks/parameters.js';
import type { SubsetShape } from '../family.js';
import type { LinearHead } from './head.js';

/**
 * The step that a host makes on a subset: the program's learning rate, or the largest step with which every standardised
 * shard of this shape stays within the range of the encryption, whatever its rows and the model's weights. Host and
 * model owner both compute it. So no shard is ever refused: a refusal is public, and would say something of the rows.
 *
 * A column of the whole table has mean square 1, so in a subset S = totalRows / rows at most (packages are checked
 * for it; where features come from a map, S is at least their bound), no entry of XᵀX/n or Xᵀy/n exceeds S, and no eigenvalue of XᵀX/n exceeds features·S. One step makes of
 * weights of at most W an entry of at most W + step·(W·(features·S + lambda) + S). Several are kept from growing at all.
 */
export function stepSize(
  { lambda, learningRate, localSteps }: Pick<LinearHead, 'lambda' | 'learningRate' | 'localSteps'>,
  { features, rows, totalRows, maxMeanSquare = 0 }: SubsetShape,
): number {
  const most = Math.max(totalRows / rows, maxMeanSquare);
  const curvature = features * most + lambda;
  const largest =
    localSteps === 1
      ? (LARGEST_UPDATE - LARGEST_WEIGHT) / (LARGEST_WEIGHT * curvature + most)
      : 2 / curvature;
  return Math.min(learningRate, largest);
}

/** By subset, η·steps: a reply is this much of a gradient away from the point that was asked about. */
export function spansOf(head: LinearHead, template: FamilyTemplate): number[] {
  const { features, rows: totalRows, subsetRows, maxMeanSquare } = template;
  return subsetRows.map(
    (rows) => head.localSteps * stepSize(head, { features, rows, totalRows, maxMeanSquare }),
  );
}
