import { binaryTable } from '../../src/testing/logistic.js';
import type { Training } from './target.js';

/** Rows of two classes, which both families learn. */
export const table = binaryTable('noisy', 4, 3);

/** The table in two packages. */
export function splitForPackages(training: Training) {
  const { shards, template } = training.splitTable(table, { subsets: 2, seed: Buffer.from('fuzz') });
  const packages = shards.map((shard) =>
    training.encodePackage({ template, shard, shardSecret: new Uint8Array(32).fill(shard.subset + 1) }),
  );
  return { template, packages };
}
