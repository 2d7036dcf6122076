import { groupsOf } from '../data/batches.js';
import type { Template } from '../data/template.js';
import { mappedTemplate, type FamilyTemplate } from '../maps/mappedRows.js';
import { mapUseOf, type TrainingProgram } from '../program.js';

/**
 * A dataset as a family sees it at the model owner: with mapped features, and a batch of subsets whose replies are added up in the
 * place of one subset. @throws TrainingError VT7302
 */
export function familyTemplate(program: TrainingProgram, template: Template): FamilyTemplate {
  const mapped = mappedTemplate(mapUseOf(program), template);
  if (template.aggregation !== 'sum') return mapped;
  const { rows, subsetRows } = template;
  const rowsOf = (subset: number): number => subsetRows[subset] ?? 0;
  return {
    ...mapped,
    subsetRows: groupsOf(template).map((group) => group.reduce((sum, subset) => sum + rowsOf(subset), 0)),
    maxMeanSquare: summedMeanSquare(mapped.maxMeanSquare, Math.min(...subsetRows), rows),
  };
}

/**
 * Bound on the mean square of a feature where replies are added up: that of the smallest subset, since each host makes its local
 * steps on its own rows. Host and model owner both compute it.
 * @param mapped where a feature map makes features
 */
export function summedMeanSquare(mapped: number | undefined, leastRows: number, totalRows: number): number {
  return Math.max(mapped ?? 0, totalRows / leastRows);
}
