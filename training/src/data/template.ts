import { z } from 'zod';
import { canonicalJson, digestOf } from '../canonical.js';
import { TrainingError } from '../errors.js';
import { privacyTermsSchema } from '../privacy/terms.js';
import { schemaFault } from '../schemaFault.js';
import { MIN_BATCH } from './batches.js';
import { columnNameSchema } from './columnName.js';
import { MAX_COLUMNS, MAX_ROWS, MAX_MAGNITUDE, MIN_ROWS } from './limits.js';
import { featureNamesOf, recipeSchema } from './recipe/recipe.js';

const mean = z.number().min(-MAX_MAGNITUDE).max(MAX_MAGNITUDE);
const scale = z.number().positive().max(MAX_MAGNITUDE);

/** Public facts of a dataset: what a model owner sees before it asks, and needs to report a model in input units. */
export const templateSchema = z
  .strictObject({
    /** Always 1. */
    schemaVersion: z.literal(1),
    /** Name of the column to predict. */
    target: columnNameSchema,
    /** How the table's columns became features. Absent where each is one as it is. */
    recipe: recipeSchema.optional(),
    /** Names of the features, in their order. */
    columns: z.array(columnNameSchema).min(1).max(MAX_COLUMNS),
    /** Rows of the table, 30 to 4000000. */
    rows: z.number().int().min(MIN_ROWS).max(MAX_ROWS),
    /** How many features, 1 to 1,024. */
    features: z.number().int().min(1).max(MAX_COLUMNS),
    /** Rows of each subset, by index. */
    subsetRows: z.array(z.number().int().min(1)).min(2),
    /**
     * Where it is given, a model owner gets the sum of the replies of a batch of subsets, and no subset's own: see `groupsOf`. Needs
     * three subsets.
     */
    aggregation: z.literal('sum').optional(),
    /** Means and population standard deviations, in input units. */
    statistics: z.strictObject({
      /** One for each feature. */
      means: z.array(mean),
      /** One for each feature. */
      scales: z.array(scale),
      /** Of the target. */
      targetMean: mean,
      /** Of the target. */
      targetScale: scale,
    }),
    /** The terms of differential privacy under which statistics and moments got noise. Absent where they have none. */
    privacy: privacyTermsSchema.optional(),
  })
  .refine((template) => template.columns.length === template.features, 'one name per feature')
  .refine(
    ({ aggregation, subsetRows }) => aggregation === undefined || subsetRows.length >= MIN_BATCH,
    'sums need three subsets',
  )
  .refine(
    ({ aggregation, privacy }) => aggregation === undefined || privacy === undefined,
    'moments with noise are not added up',
  )
  .refine(
    (template) => new Set([...template.columns, template.target]).size === template.features + 1,
    'names differ',
  )
  .refine(
    ({ recipe, columns }) => recipe === undefined || featureNamesOf(recipe).join('\n') === columns.join('\n'),
    'the features that the recipe makes',
  )
  .refine((template) => template.statistics.means.length === template.features, 'one mean per feature')
  .refine((template) => template.statistics.scales.length === template.features, 'one scale per feature')
  .refine(
    (template) => template.subsetRows.reduce((sum, rows) => sum + rows, 0) === template.rows,
    'subset rows add up',
  );

/** Public facts of a dataset. See {@link templateSchema}. */
export interface Template extends z.infer<typeof templateSchema> {}

/** Checks an unknown value as a template. @throws TrainingError VT7201 */
export function parseTemplate(value: unknown): Template {
  const parsed = templateSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { what, cause } = schemaFault(parsed.error);
  throw new TrainingError('VT7201', what, {}, cause);
}

/** Canonical bytes (UTF-8 JSON, sorted keys). @throws TrainingError VT7201 */
export function encodeTemplate(template: Template): Uint8Array {
  return Buffer.from(canonicalJson(parseTemplate(template)), 'utf8');
}

/** Reads {@link encodeTemplate}'s bytes; refuses anything but the canonical bytes. @throws TrainingError VT7201 */
export function decodeTemplate(bytes: Uint8Array): Template {
  const template = parseTemplate(readJson(bytes));
  if (Buffer.compare(encodeTemplate(template), bytes) !== 0) {
    throw new TrainingError('VT7201', 'the template is not in canonical form');
  }
  return template;
}

/** `sha256:…` of the canonical bytes. */
export function templateDigest(template: Template): string {
  return digestOf(encodeTemplate(template));
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new TrainingError('VT7201', 'the template is not JSON text', { bytes: bytes.length }, cause);
  }
}
