import { z } from 'zod';
import { MAX_COLUMNS } from '../data/limits.js';
import type { ModelFamily } from './family.js';

type Part = (...given: never[]) => unknown;

const part = z.custom<Part>((value) => typeof value === 'function', 'has to be a function');

const judge = z.custom<z.ZodType>(
  (value) => typeof (value as Partial<z.ZodType> | null | undefined)?.safeParse === 'function',
  'has to be a zod schema',
);

/** The form of a {@link ModelFamily} that came at run time: names and kinds of its parts. What they compute the conformance suite judges. */
export const familySchema = z.strictObject({
  name: z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/),
  maxFeatures: z.number().int().min(1).max(MAX_COLUMNS),
  wantsOnes: z.boolean(),
  task: z.enum(['regression', 'classification']),
  sumsNeedProgram: z.boolean(),
  headSchema: judge,
  stateSchema: judge,
  chooseHead: part,
  exposes: part,
  messages: part,
  setup: z.object({ numbers: part, isKnown: part }).optional(),
  sums: part,
  fromSecondMoments: part.optional(),
  privateChoices: z.record(z.string(), z.unknown()).optional(),
  hostMap: part,
  firstState: part,
  fits: part,
  query: part,
  isComplete: part,
  unusable: part.optional(),
  step: part,
  trainingLoss: part.optional(),
  parameters: part,
  loss: part,
  metrics: part,
  predictor: part,
  classes: part.optional(),
  severalClasses: part.optional(),
  probabilities: part.optional(),
  scores: part.optional(),
} satisfies Record<keyof ModelFamily, z.ZodType>);
