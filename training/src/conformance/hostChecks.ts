import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { MAX_FEATURES } from '../data/limits.js';
import type { HostMap, SubsetShape } from '../models/family.js';
import { familyOf } from '../models/registry.js';
import { mappedTemplate } from '../maps/mappedRows.js';
import { mapUseOf, programExposes, programFeatures, type TrainingProgram } from '../program.js';
import { messageShape } from '../trainer/messageShape.js';
import { momentsOf } from '../trainer/openedPackage.js';
import type { Split } from './training.js';

/** What a subset's host makes of its rows. */
export interface HostNumbers {
  readonly map: HostMap;
  readonly setup: readonly number[] | undefined;
}

/** Map and set-up of a subset. */
export function hostNumbers(
  { template, packages }: Split,
  program: TrainingProgram,
  subset: number,
): HostNumbers {
  const opened = packages[subset];
  if (opened === undefined) throw new RangeError(`no subset ${subset}`);
  const family = familyOf(program.family);
  const { maxMeanSquare } = mappedTemplate(mapUseOf(program), template);
  const features = programFeatures(program, template.features);
  const shape: SubsetShape = { features, rows: opened.rows, totalRows: template.rows, maxMeanSquare };
  const moments = momentsOf(opened, program);
  const numbers = family.setup?.numbers(moments, program.head, shape);
  return {
    map: family.hostMap(moments, program.head, shape),
    setup: numbers && [...numbers],
  };
}

/** Host map and set-up have the sizes that the messages say. */
export function mapSizes(split: Split, program: TrainingProgram): void {
  const sizes = messageShape(program, split.template.features);
  const { map, setup } = hostNumbers(split, program, 0);
  const numbers = sizes.inputs * sizes.outputs;
  deepStrictEqual([map.inputs, map.outputs, map.vectors], [sizes.inputs, sizes.outputs, sizes.vectors]);
  strictEqual(map.matrix.length, numbers);
  strictEqual(map.offset.length, sizes.outputs * (sizes.vectors ?? 1));
  strictEqual(map.imaginary?.length ?? 0, sizes.imaginary ? numbers : 0);
  strictEqual(setup?.length ?? 0, sizes.setup);
}

/** Blocks of rows may end anywhere. */
export function momentsInPieces({ template, cells }: Split, program: TrainingProgram): void {
  const { features } = template;
  const width = features + 1;
  const [whole, ...others] = [1024, 1, 7].map((rows) => {
    const sums = familyOf(program.family).sums({ head: program.head, template });
    sums.begin(features);
    for (let at = 0; at < cells.length; at += rows * width) {
      const part = cells.subarray(at, at + rows * width);
      sums.rows({ rows: part.length / width, cells: part });
    }
    return sums.moments();
  });
  for (const other of others) deepStrictEqual(other, whole);
}

/** Pairs of columns, which third moments show, are counted of so many features and no more. */
export function exposesThirdMoments(program: TrainingProgram): void {
  const { maxFeatures } = familyOf(program.family);
  ok(programExposes(program) !== 'thirdMoments' || maxFeatures <= MAX_FEATURES, `${maxFeatures} features`);
}
