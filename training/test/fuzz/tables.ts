import { binaryTable } from '../../src/testing/logistic.js';
import { threeClasses } from '../../src/testing/multiLogistic.js';
import type { Training } from './target.js';

type Table = ReturnType<typeof binaryTable>;

/** Rows of two classes, which families of numbers learn, too. */
export const twoClassTable = binaryTable('noisy', 4, 3);

/** Rows of three classes, with as many features. */
export const threeClassTable = threeClasses('noisy', 4, 3);

/** A table in two packages, or in the three of a batch. */
export function splitForPackages(training: Training, table: Table, aggregation?: 'sum') {
  const subsets = aggregation === 'sum' ? 3 : 2;
  const options = { subsets, seed: Buffer.from('fuzz'), ...(aggregation && { aggregation }) };
  const { shards, template } = training.splitTable(table, options);
  const maskSecret = aggregation && new Uint8Array(32).fill(9);
  const packages = shards.map((shard) => {
    const shardSecret = new Uint8Array(32).fill(shard.subset + 1);
    return training.encodePackage({ template, shard, shardSecret, maskSecret });
  });
  return { template, packages };
}
