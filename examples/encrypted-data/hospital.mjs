// The data owner. Rows stay here; what leaves is a template of names, means and scales, and ciphertexts.
import { randomBytes } from 'node:crypto';
import {
  encodePackage,
  encryptPackage,
  evaluateModel,
  openPackage,
  parseTable,
  splitTable,
} from '@veritrain/training';

export function hospital(csv, target, subsets) {
  const table = parseTable(csv, { target });
  const { shards, template } = splitTable(table, { subsets });
  const packages = shards.map((shard) =>
    openPackage(encodePackage({ template, shard, shardSecret: randomBytes(32) })),
  );
  return {
    template,
    /** One ciphertext for each subset, whatever its rows, under the laboratory's key. The laboratory must not get them. */
    encrypt: (agreed) => Promise.all(packages.map((rows) => encryptPackage({ package: rows, ...agreed }))),
    errorOf: (model) => evaluateModel(table, model)[0].value,
  };
}
