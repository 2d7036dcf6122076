import { z } from 'zod';
import { canonicalJson, digestOf } from './canonical.js';
import { TrainingError } from './errors.js';
import { COEFFICIENT_PARAMETERS, LINEAR_PARAMETERS, PRODUCT_PARAMETERS } from './he/ckks/parameters.js';
import { mappedWidth, isMapped, type MapUse } from './maps/mappedRows.js';
import { featureMapSchema } from './maps/registry.js';
import type { Exposure } from './models/family.js';
import { families, familyOf, type FamilyName } from './models/registry.js';
import { schemaFault } from './schemaFault.js';

const common = {
  /** Always 2. */
  schemaVersion: z.literal(2),
  /** How a row's columns become features. Public, and computed by hosts. */
  featureMap: featureMapSchema,
  /** Whether hosts see the model. */
  protection: z.enum(['encrypted', 'plain']),
  /**
   * Whether the data owner encrypts what hosts need of its rows, under the model owner's key, so that hosts see neither data nor model:
   * linear models alone, encrypted. Absent where hosts have the rows.
   */
  data: z.literal('encrypted').optional(),
  /** Stop once the gradient's norm stays under `tolerance` × its first value for `patience` rounds. */
  earlyStopping: z
    .strictObject({
      /** Factor on the first norm, 0.00001 to 0.5. */
      tolerance: z.number().min(1e-5).max(0.5),
      /** Rounds in a row, 1 to 100. */
      patience: z.number().int().min(1).max(100),
    })
    .optional(),
};

const slotParameters = {
  /** Parameter set of the encryption; named in clear programs too, so that a twin differs in `protection` alone. */
  parameters: z.literal(LINEAR_PARAMETERS),
};

const coefficientParameters = {
  /** Parameter set of the encryption, as in the others. */
  parameters: z.literal(COEFFICIENT_PARAMETERS),
};

/**
 * The training program: what the couple agrees to run. A document; its digest goes on the ledger. `family` names the kind
 * of model, `head` what that family has to know.
 */
export const trainingProgramSchema = z
  .discriminatedUnion('family', [
    z.strictObject({
      ...common,
      /** As in the others; another with encrypted data. */
      parameters: z.enum([LINEAR_PARAMETERS, PRODUCT_PARAMETERS]),
      /** Least squares or ridge. */
      family: z.literal('linear'),
      /** What the family has to know. */
      head: families.linear.headSchema,
    }),
    z.strictObject({
      ...common,
      ...slotParameters,
      /** Logistic regression of a target of two values. */
      family: z.literal('logistic'),
      /** What the family has to know. */
      head: families.logistic.headSchema,
    }),
    z.strictObject({
      ...common,
      ...coefficientParameters,
      /** Logistic regression of each of several classes against the rest. */
      family: z.literal('multiLogistic'),
      /** What the family has to know. */
      head: families.multiLogistic.headSchema,
    }),
    z.strictObject({
      ...common,
      ...coefficientParameters,
      /** Ridge regression of a number on many features. */
      family: z.literal('ridge'),
      /** What the family has to know. */
      head: families.ridge.headSchema,
    }),
    z.strictObject({
      ...common,
      ...coefficientParameters,
      /** Ridge regression of the indicators of several classes. */
      family: z.literal('ridgeClassifier'),
      /** What the family has to know. */
      head: families.ridgeClassifier.headSchema,
    }),
  ])
  .refine(
    ({ data, protection, parameters }) =>
      (data === 'encrypted') === (parameters === PRODUCT_PARAMETERS) &&
      !(data === 'encrypted' && protection === 'plain'),
    {
      error:
        'data are encrypted for linear models alone, under a model that is encrypted and parameters of their own',
    },
  );

/** What a couple agrees to run. See {@link trainingProgramSchema}. */
export type TrainingProgram = z.infer<typeof trainingProgramSchema>;

/** A program of one family. */
export type ProgramOf<Family extends FamilyName> = Extract<
  TrainingProgram,
  {
    /** The kind of model. */
    family: Family;
  }
>;

/** Fields of a program that have defaults in {@link defineProgram}; those of the head stand beside the others. */
export type ProgramChoices<Family extends FamilyName = 'linear'> = {
  /** Default: linear. */
  readonly family?: Family;
} & Partial<
  Pick<TrainingProgram, 'protection' | 'data' | 'earlyStopping' | 'featureMap'> & ProgramOf<Family>['head']
>;

/**
 * A checked program from a few choices. Defaults: a linear model on the columns as they are, encrypted; for the head, what
 * the family takes for good.
 * @throws TrainingError VT7301
 */
export function defineProgram<Family extends FamilyName = 'linear'>(
  choices: ProgramChoices<Family> = {},
): ProgramOf<Family> {
  const { family = 'linear', protection = 'encrypted', data, earlyStopping, featureMap, ...head } = choices;
  return parseProgram({
    schemaVersion: 2,
    family,
    featureMap: featureMap ?? { kind: 'identity' },
    head: familyOf(family).chooseHead(head),
    protection,
    parameters: parametersFor(family, data),
    ...(data === undefined ? {} : { data }),
    ...(earlyStopping === undefined ? {} : { earlyStopping }),
  }) as ProgramOf<Family>;
}

function parametersFor(family: FamilyName, data: TrainingProgram['data']): TrainingProgram['parameters'] {
  if (data === 'encrypted') return PRODUCT_PARAMETERS;
  return family === 'linear' || family === 'logistic' ? LINEAR_PARAMETERS : COEFFICIENT_PARAMETERS;
}

/** The same training, in clear: hosts have the rows, and see the model. */
export function inClear(program: TrainingProgram): TrainingProgram {
  const { data, parameters, ...rest } = program;
  return parseProgram({
    ...rest,
    protection: 'plain',
    parameters: data === undefined ? parameters : LINEAR_PARAMETERS,
  });
}

/** Checks an unknown value as a program. @throws TrainingError VT7301 */
export function parseProgram(value: unknown): TrainingProgram {
  const parsed = trainingProgramSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { what, cause } = schemaFault(parsed.error);
  throw new TrainingError('VT7301', what, {}, cause);
}

/** Canonical bytes of a program (UTF-8 JSON, sorted keys). */
export function encodeProgram(program: TrainingProgram): Uint8Array {
  return Buffer.from(canonicalJson(parseProgram(program)), 'utf8');
}

/** Reads {@link encodeProgram}'s bytes; anything else than the canonical bytes is refused. @throws TrainingError VT7301 */
export function decodeProgram(bytes: Uint8Array): TrainingProgram {
  const program = parseProgram(readJson(bytes));
  if (Buffer.compare(encodeProgram(program), bytes) !== 0) {
    throw new TrainingError('VT7301', 'the program is not in canonical form');
  }
  return program;
}

/** What the model owner of a program can work out of every subset. See {@link Exposure}. */
export function programExposes({ family, head, featureMap }: TrainingProgram): Exposure {
  return isMapped(featureMap) ? 'mappedMoments' : familyOf(family).exposes(head);
}

/** The program's map, and what its family wants of it. */
export function mapUseOf({ family, featureMap }: Pick<TrainingProgram, 'family' | 'featureMap'>): MapUse {
  return { map: featureMap, hasOnes: familyOf(family).wantsOnes };
}

/**
 * How many features a program's family gets of a dataset of so many columns, known before any work.
 * @param columns beside the target
 * @throws TrainingError VT7302 where the map does not take so many columns, or the family not so many features
 */
export function programFeatures(
  program: Pick<TrainingProgram, 'family' | 'featureMap'>,
  columns: number,
): number {
  const features = mappedWidth(mapUseOf(program), columns);
  const { maxFeatures } = familyOf(program.family);
  if (features <= maxFeatures) return features;
  const what = `a ${program.family} model takes at most ${maxFeatures} features, not ${features}`;
  throw new TrainingError('VT7302', what, { family: program.family, features, most: maxFeatures });
}

/** `sha256:…` of the canonical bytes. */
export function programDigest(program: TrainingProgram): string {
  return digestOf(encodeProgram(program));
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new TrainingError('VT7301', 'the program is not JSON text', { bytes: bytes.length }, cause);
  }
}
