import { z } from 'zod';
import { canonicalJson, digestOf } from './canonical.js';
import { TrainingError } from './errors.js';
import { COEFFICIENT_PARAMETERS, LINEAR_PARAMETERS, PRODUCT_PARAMETERS } from './he/ckks/parameters.js';
import { mappedWidth, isMapped, type MapUse } from './maps/mappedRows.js';
import { featureMapSchema } from './maps/registry.js';
import type { Exposure } from './models/family.js';
import { families, familyDigestOf, familyOf, isBroughtFamily, type FamilyName } from './models/registry.js';
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
 * of model, `head` what that family has to know. Of families of one's own: {@link OwnProgram}.
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

const ownProgramSchema = z.strictObject({
  ...common,
  /** Parameter set of the encryption: the one of the family's messages. */
  parameters: z.enum([LINEAR_PARAMETERS, COEFFICIENT_PARAMETERS]),
  /** A name that {@link trainingProgramSchema} does not have. */
  family: z
    .string()
    .regex(/^[a-z][A-Za-z0-9]{0,63}$/)
    .refine((name) => !isBroughtFamily(name), 'is a family of this package, which has no digest')
    .brand<'OwnFamily'>(),
  /** `sha256:…` of the family's code. */
  familyDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** What the family has to know. */
  head: z.record(z.string(), z.json()),
  /** Families of one's own learn from rows. */
  data: z.undefined().optional(),
});

/** A program of a family of one's own (`@veritrain/training/families`): it names name and digest of the code. */
export interface OwnProgram extends z.infer<typeof ownProgramSchema> {}

/** A program of a family that this package brings. See {@link trainingProgramSchema}. */
export type BroughtProgram = z.infer<typeof trainingProgramSchema>;

/** What a couple agrees to run. */
export type TrainingProgram = BroughtProgram | OwnProgram;

/** A program of one family. */
export type ProgramOf<Family extends FamilyName> = Extract<
  BroughtProgram,
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
  Pick<BroughtProgram, 'protection' | 'data' | 'earlyStopping' | 'featureMap'> & ProgramOf<Family>['head']
>;

/** The same of a family of one's own; what else is given is for its head. */
export interface OwnProgramChoices<Name extends string> extends Partial<
  Pick<OwnProgram, 'protection' | 'earlyStopping' | 'featureMap'>
> {
  /** A registered family. */
  readonly family: Name extends FamilyName ? never : Name;
  /** Whatever the family's `chooseHead` takes. */
  readonly [choice: string]: unknown;
}

/**
 * A checked program from a few choices. Defaults: a linear model on the columns as they are, encrypted; for the head, what
 * the family takes for good.
 * @throws TrainingError VT7301
 */
export function defineProgram<Family extends FamilyName = 'linear'>(
  choices?: ProgramChoices<Family>,
): ProgramOf<Family>;
/** The same of a family of one's own. @throws TrainingError VT7301 */
export function defineProgram<Name extends string>(choices: OwnProgramChoices<Name>): OwnProgram;
export function defineProgram(choices: ProgramChoices | OwnProgramChoices<string> = {}): TrainingProgram {
  const { family = 'linear', protection = 'encrypted', data, earlyStopping, featureMap, ...given } = choices;
  const head = familyOf(family).chooseHead(given);
  const familyDigest = familyDigestOf(family);
  return parseProgram({
    schemaVersion: 2,
    family,
    featureMap: featureMap ?? { kind: 'identity' },
    head,
    protection,
    parameters: data === 'encrypted' ? PRODUCT_PARAMETERS : parametersFor(family, head),
    ...(familyDigest === undefined ? {} : { familyDigest }),
    ...(data === undefined ? {} : { data }),
    ...(earlyStopping === undefined ? {} : { earlyStopping }),
  });
}

function parametersFor(
  family: string,
  head: unknown,
): typeof LINEAR_PARAMETERS | typeof COEFFICIENT_PARAMETERS {
  if (isBroughtFamily(family))
    return family === 'linear' || family === 'logistic' ? LINEAR_PARAMETERS : COEFFICIENT_PARAMETERS;
  const { headSchema, messages } = familyOf(family);
  const parsed = headSchema.safeParse(head);
  // How many features there are makes no difference to how messages are packed. The program's own check refuses a bad head.
  const isPacked = parsed.success && messages(parsed.data, 1).vectors !== undefined;
  return isPacked ? COEFFICIENT_PARAMETERS : LINEAR_PARAMETERS;
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

/**
 * Checks an unknown value as a program. One of a family of one's own needs that family in this process, from the same code.
 * @throws TrainingError VT7301; VT7304 where the family's code is other code
 */
export function parseProgram(value: unknown): TrainingProgram {
  const isOwn = typeof value === 'object' && value !== null && 'familyDigest' in value;
  return isOwn ? parseOwnProgram(value) : checked(trainingProgramSchema, value);
}

function parseOwnProgram(value: object): OwnProgram {
  const program = checked(ownProgramSchema, value);
  const { family, familyDigest, parameters } = program;
  const here = familyDigestOf(family) ?? '';
  if (here !== familyDigest) {
    const what = `the program is of another family ${family} than the one that is registered here`;
    throw new TrainingError('VT7304', what, { family, program: familyDigest, here });
  }
  const head = checked(z.object({ head: familyOf(family).headSchema }), { head: program.head }).head;
  if (parametersFor(family, head) !== parameters) {
    const what = `messages of the family ${family} have other parameters than ${parameters}`;
    throw new TrainingError('VT7301', what, { family, parameters });
  }
  return { ...program, head: head as OwnProgram['head'] };
}

/** @throws TrainingError VT7301 */
function checked<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
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
