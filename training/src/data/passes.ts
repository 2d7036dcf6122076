import type { Pieces, WorkProgress } from '../work.js';
import type { RowBlock, RowVisitor } from './rowBlock.js';
import type { Template } from './template.js';

/** Counts rows of a table that went by. @returns where the work stands */
export type Passed = (rows: number) => WorkProgress;

/** Of so many passes over the rows of a table. */
export function rowPasses(passes: number, rows: number): Passed {
  let done = 0;
  return (more) => ({ phase: 'splitRows', done: (done += more), of: passes * rows, unit: 'rows' });
}

/** Hands a visitor the rows of some subsets, block by block. */
export function* visitBlocks(
  template: Template,
  group: readonly number[],
  blocks: (subset: number) => Iterable<RowBlock>,
  { visitor, passed }: { readonly visitor: RowVisitor; readonly passed: Passed },
): Pieces<void> {
  visitor.begin(template.features);
  for (const subset of group) {
    for (const block of blocks(subset)) {
      visitor.rows(block);
      yield passed(block.rows);
    }
  }
}
