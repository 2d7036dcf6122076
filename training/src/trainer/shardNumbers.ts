import type { DataPackage } from '../data/package.js';
import { TrainingError } from '../errors.js';
import { LARGEST_FEATURE } from '../maps/featureMap.js';
import { isMapped } from '../maps/mappedRows.js';
import type { HostMap, MessageShape, SubsetShape } from '../models/family.js';
import { familyOf } from '../models/registry.js';
import { programDigest, programFeatures, type TrainingProgram } from '../program.js';
import { summedMeanSquare } from './groups.js';
import { momentsOf, packageContent } from './openedPackage.js';
import { RecentValues } from './recentValues.js';

/** What a host makes of its shard for a program, once for all rounds. */
export interface ShardNumbers {
  readonly map: HostMap;
  /** Empty where the family has no set-up. */
  readonly setup: Float64Array;
}

/** What is public of a subset's rows, with the features that the program's map makes of its columns. */
function subsetShape(
  program: TrainingProgram,
  { features, rows, batch }: DataPackage,
  totalRows: number,
): SubsetShape {
  const mapped = isMapped(program.featureMap) ? LARGEST_FEATURE * LARGEST_FEATURE : undefined;
  const shape = { features: programFeatures(program, features), rows, totalRows, maxMeanSquare: mapped };
  if (batch === undefined) return shape;
  const maxMeanSquare = summedMeanSquare(mapped, batch.leastRows, totalRows);
  return { ...shape, rows: batch.rows, maxMeanSquare, isSummed: true };
}

/** The map and set-up of a subset as its part of a batch: weighted by its rows, so that the sum is that of the batch's rows. */
function weighted({ map, setup }: ShardNumbers, weight: number): ShardNumbers {
  const times = (numbers: Float64Array): Float64Array => numbers.map((value) => weight * value);
  const { matrix, offset, imaginary } = map;
  return {
    map: {
      ...map,
      matrix: times(matrix),
      offset: times(offset),
      ...(imaginary && { imaginary: times(imaginary) }),
    },
    setup: times(setup),
  };
}

const known = new WeakMap<DataPackage, RecentValues<ShardNumbers>>();

/** The numbers of a shard. @throws TrainingError VT7501 where a family makes others than its shape says */
export function shardNumbers(
  opened: DataPackage,
  program: TrainingProgram,
  shape: MessageShape,
): ShardNumbers {
  const byProgram = known.get(opened) ?? new RecentValues<ShardNumbers>(4);
  known.set(opened, byProgram);
  return byProgram.get(programDigest(program), () => {
    const { family: name, head } = program;
    const family = familyOf(name);
    const moments = momentsOf(opened, program);
    const { totalRows } = packageContent(opened);
    const subset = subsetShape(program, opened, totalRows);
    const map = family.hostMap(moments, head, subset);
    const setup = family.setup?.numbers(moments, head, subset) ?? new Float64Array(0);
    requireShape({ map, setup }, shape);
    const { rows, batch } = opened;
    return batch === undefined ? { map, setup } : weighted({ map, setup }, rows / batch.rows);
  });
}

function requireShape({ map, setup }: ShardNumbers, shape: MessageShape): void {
  const fits =
    map.inputs === shape.inputs &&
    map.outputs === shape.outputs &&
    map.vectors === shape.vectors &&
    (map.imaginary !== undefined) === shape.imaginary &&
    setup.length === shape.setup &&
    setup.every(Number.isFinite);
  if (!fits) throw new TrainingError('VT7501', 'a family makes other numbers than its messages have', {});
}
