import { createHash, randomBytes } from 'node:crypto';
import { canonicalJson, hashParts, type JsonValue } from '../canonical.js';
import { quantileBins, sortRows } from '../data/bins.js';
import { MAX_FEATURES } from '../data/limits.js';
import { blocksOf, type RowTable } from '../data/rowTable.js';
import type { SecondMoments } from '../data/secondMoments.js';
import { checkSubsets, templateOf } from '../data/split.js';
import { reportSplit, type SplitReport } from '../data/splitReport.js';
import type { Template } from '../data/template.js';
import { Drbg } from '../drbg.js';
import { TrainingError } from '../errors.js';
import { domainOf, type ColumnBounds, type Domain } from './domain.js';
import { momentsSensitivity, noisedSums, outerSums } from './moments.js';
import { GaussianNoise } from './noise.js';
import { plausibleMoments } from './plausible.js';
import { noisedStatistics, statisticsSensitivity } from './statistics.js';
import { muShares, privacyTermsSchema, type PrivacyTerms } from './terms.js';

/** Longest features by default, by the root of their number: that of an average row is 1. */
const DEFAULT_CLIP = 0.75;
/** Farthest target of numbers, in standard deviations. */
const FARTHEST_TARGET = 3;

/** How much a dataset may tell of a single row, and what is known without its rows. */
export interface PrivacyChoices {
  /** See `Template.privacy`. */
  readonly epsilon: number;
  /** Default: 0.00001. */
  readonly delta?: number | undefined;
  /** Default: 0.75 times the root of the number of features. */
  readonly clip?: number | undefined;
  /** Least and largest value of each column, features and target, known without looking at the rows. Default: of none. */
  readonly bounds?: Readonly<Record<string, readonly [least: number, largest: number]>> | undefined;
  /**
   * Takes for public knowledge what the rows show of the other columns: their ranges, and the levels and medians of a recipe.
   * Default: false, and a column without bounds is refused.
   */
  readonly observed?: boolean | undefined;
}

/** Choices of {@link splitPrivately}. */
export interface PrivateSplitOptions {
  /** Number of subsets, 2 to rows / 10. */
  readonly subsets: number;
  /** What the dataset may tell. */
  readonly privacy: PrivacyChoices;
  /** Secret seed of deal and noise; fresh random bytes when left out. Another table, or other terms, get other noise. */
  readonly seed?: Uint8Array;
}

/** What {@link splitPrivately} gives. All but the report may leave the data owner. */
export interface PrivateSplit {
  /** What the data owner sees of the split. */
  readonly report: SplitReport;
  /** The dataset's public facts, with their noise. */
  readonly template: Template;
  /** By subset, with their noise: what hosts get in place of rows. */
  readonly moments: readonly SecondMoments[];
}

/**
 * Splits a table with differential privacy: template and moments of the subsets get Gaussian noise, once, and whatever is made of them
 * later, in any number of rounds, costs nothing more. Rows are dealt at random: a deal that went by values would move other rows
 * when one changes. So a row is in one subset, and the subsets' releases cost no more than one of them.
 * @throws TrainingError VT7101, VT7102; VT7302 for more than 32 features; VT7501 for terms out of range, or a delta of 1 / rows or
 * more; VT7509 for columns of which nothing is stated
 */
export function splitPrivately(table: RowTable, options: PrivateSplitOptions): PrivateSplit {
  const { subsets, privacy, seed = randomBytes(32) } = options;
  checkSubsets(table, subsets);
  checkFeatures(table);
  const { epsilon, delta = 1e-5, clip = DEFAULT_CLIP * Math.sqrt(table.features), ...known } = privacy;
  if (!(delta < 1 / table.rows)) refuseTerms('delta is to be below 1 / rows', { delta, rows: table.rows });
  const domain = domainOf(table, { bounds: known.bounds ?? {}, observed: known.observed ?? false });
  const asked = checkTerms({ epsilon, delta, clip, targetClip: FARTHEST_TARGET, domain: domain.origin });
  const draws = seedOf(seed, table, { ...asked, bounds: domain.bounds, subsets });
  const members = deal(table.rows, subsets, new Drbg(hashParts('veritrain/deal/1', draws)));
  const noise = new GaussianNoise(new Drbg(hashParts('veritrain/privacy-noise/1', draws)));
  const mu = muShares(asked);
  const deviation = statisticsSensitivity(table.features + 1) / mu.statistics;
  const statistics = noisedStatistics(table, domain, noise, deviation);
  const classes = classesOf(domain, statistics);
  const terms = classes ? { ...asked, targetClip: Math.max(-classes[0], classes[1]) } : asked;
  const onMoments = momentsSensitivity(terms) / mu.moments;
  const moments = members.map((rows) => {
    const sums = noisedSums(outerSums(table, rows, { domain, statistics, terms }), noise, onMoments);
    const shape = { features: table.features, rows: rows.length, totalRows: table.rows };
    return plausibleMoments(sums, terms, { ...shape, classes, deviation: onMoments });
  });
  return {
    report: reportOf(table, members),
    template: { ...templateOf(table, members, statistics), privacy: terms },
    moments,
  };
}

function checkFeatures({ features }: RowTable): void {
  if (features <= MAX_FEATURES) return;
  const what = `moments with noise are made of at most ${MAX_FEATURES} features, not ${features}`;
  throw new TrainingError('VT7302', what, { features, most: MAX_FEATURES });
}

function checkTerms(terms: PrivacyTerms): PrivacyTerms {
  const parsed = privacyTermsSchema.safeParse(terms);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  return refuseTerms(`${fields} of the privacy terms is out of range`, {
    epsilon: terms.epsilon,
    delta: terms.delta,
    clip: terms.clip,
  });
}

function refuseTerms(what: string, facts: Record<string, number>): never {
  throw new TrainingError('VT7501', what, facts);
}

/** The seed of one release: the same noise on two tables, or at two scales, would cancel between them. */
function seedOf(seed: Uint8Array, table: RowTable, terms: Readonly<Record<string, JsonValue>>): Uint8Array {
  const hash = createHash('sha256');
  for (const cells of blocksOf(table, table.features + 1))
    hash.update(new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength));
  const { columns, target } = table;
  const of = canonicalJson({ columns, target, terms });
  return hashParts('veritrain/private-split/1', seed, hash.digest(), of);
}

/** Rows by subset, whatever their values; sizes differ by at most one. */
function deal(rows: number, subsets: number, drbg: Drbg): Uint32Array[] {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  drbg.shuffle(order);
  return Array.from({ length: subsets }, (_, subset) =>
    order.subarray(Math.floor((subset * rows) / subsets), Math.floor(((subset + 1) * rows) / subsets)),
  );
}

/** The two values of the target in standardised units. */
function classesOf(
  { hasClasses, bounds }: Domain,
  { targetMean, targetScale }: Template['statistics'],
): readonly [number, number] | undefined {
  const [low, high]: ColumnBounds = bounds.at(-1) ?? [0, 1];
  return hasClasses ? [(low - targetMean) / targetScale, (high - targetMean) / targetScale] : undefined;
}

const REPORT_BINS = 4;

function reportOf(table: RowTable, members: readonly Uint32Array[]): SplitReport {
  const { target, targets } = table;
  const bins = quantileBins(targets, sortRows(targets), REPORT_BINS);
  const binOf = new Uint8Array(table.rows);
  bins.rows.forEach((rows, bin) => rows.forEach((row) => (binOf[row] = bin)));
  const counts = members.map((rows) =>
    bins.rows.map((_, bin) => rows.filter((row) => binOf[row] === bin).length),
  );
  const plan = { rule: 'random' as const, column: target, values: targets, bins, counts };
  return reportSplit(table, plan, members, { leastCells: [], pairCells: [] });
}
