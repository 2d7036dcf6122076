import { binaryTable } from '../../src/testing/logistic.js';
import type { Training } from './target.js';

/** Rows of two classes, which both families learn. */
export const table = binaryTable('noisy', 4, 3);

/** The table in two packages, or in the three of a batch. */
export function splitForPackages(training: Training, aggregation?: 'sum') {
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
