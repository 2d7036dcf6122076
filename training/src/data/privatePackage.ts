import { TrainingError } from '../errors.js';
import { encodeCells, joined } from './package.js';
import { encodeHead } from './packageHead.js';
import { momentCount, momentList, type SecondMoments } from './secondMoments.js';
import { templateDigest, type Template } from './template.js';

/** What {@link encodePrivatePackage} needs. */
export interface PrivatePackageInput {
  /** The dataset's public facts, with the terms of its privacy. */
  readonly template: Template;
  /** Index of the subset, from 0. */
  readonly subset: number;
  /** Of the subset, with their noise. */
  readonly moments: SecondMoments;
  /** 32 bytes that all replicas of the subset share: it seeds the randomness of their replies. */
  readonly shardSecret: Uint8Array;
}

/**
 * The package that every replica of a private dataset's subset gets: moments with noise, and no row. Canonical bytes, the same for the
 * same input.
 * @throws TrainingError VT7501 (moments, template and secret do not fit), VT7201
 */
export function encodePrivatePackage(input: PrivatePackageInput): Uint8Array {
  const { template, subset, moments, shardSecret } = input;
  const rows = template.subsetRows[subset];
  const list = momentList(moments);
  const fits = template.privacy !== undefined && moments.features === template.features;
  if (rows === undefined || !fits || list.length !== momentCount(template.features))
    throw new TrainingError('VT7501', `moments ${subset} do not belong to a private template`, { subset });
  const { features, rows: totalRows } = template;
  const head = encodeHead({
    header: {
      schemaVersion: 2,
      templateDigest: templateDigest(template),
      subset,
      rows,
      totalRows,
      features,
      content: 'secondMoments',
    },
    shardSecret,
    pairSeeds: [],
  });
  return joined([head, encodeCells(list)]);
}
