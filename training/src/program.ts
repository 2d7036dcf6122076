import { z } from 'zod';
import { canonicalJson, digestOf } from './canonical.js';
import { TrainingError } from './errors.js';

/**
 * Name of the one checked parameter set for encrypted linear models (see `linearParameters`). Caches are keyed by it, so
 * other numbers need another name.
 */
export const LINEAR_PARAMETERS = 'ckks-8192-60-60-60/2';

const nesterovSchema = z.strictObject({
  kind: z.literal('nesterov'),
  /** Factor on the step per applied round, 1 for none. */
  decay: z.number().min(0.9).max(1),
});

const quasiNewtonSchema = z.strictObject({
  kind: z.literal('quasiNewton'),
  /** Curvature assumed before anything is known; standardised features make 1 a good guess. */
  initialCurvature: z.number().min(0.01).max(1000),
});

/** The training program: what the couple agrees to run. A document; its digest goes on the ledger. */
export const trainingProgramSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: z.literal('linear'),
  /** Ridge penalty on the weights in standardised units: loss = mean squared error / 2 + lambda·|w|²/2. 0 is least squares. */
  lambda: z.number().min(0).max(100),
  /**
   * Step size of the host's local gradient steps, and of Nesterov. Gradients are differences over it: below the noise
   * of an update, 2^-20, they say nothing, and far below they overflow. Where it is larger than the dataset's public
   * shape allows, hosts take the largest step that does (see `stepSize`).
   */
  learningRate: z.number().min(1e-6).max(2),
  /** Local gradient steps folded into one reply. */
  localSteps: z.number().int().min(1).max(1000),
  /** What the model owner does, in clear, with the replies. */
  optimiser: z.discriminatedUnion('kind', [nesterovSchema, quasiNewtonSchema]),
  protection: z.enum(['encrypted', 'plain']),
  /** Parameter set of the encryption; named in clear programs too, so that a twin differs in `protection` alone. */
  parameters: z.literal(LINEAR_PARAMETERS),
  /** Stop once the gradient's norm stays under `tolerance` × its first value for `patience` rounds. */
  earlyStopping: z
    .strictObject({ tolerance: z.number().min(1e-5).max(0.5), patience: z.number().int().min(1).max(100) })
    .optional(),
});

/** See {@link trainingProgramSchema}. */
export type TrainingProgram = z.infer<typeof trainingProgramSchema>;

/** Fields of a program that have defaults in {@link defineProgram}. */
export type ProgramChoices = Partial<Omit<TrainingProgram, 'schemaVersion' | 'model' | 'parameters'>>;

/**
 * A checked program from a few choices. Defaults: encrypted, least squares, one local step, incremental
 * quasi-Newton. The learning rate defaults to 1 there, where it only scales the reply (its noise least), and to 0.2
 * where steps of that size are made.
 * @throws TrainingError VT7301
 */
export function defineProgram(choices: ProgramChoices = {}): TrainingProgram {
  const { optimiser = { kind: 'quasiNewton', initialCurvature: 1 }, localSteps = 1 } = choices;
  return parseProgram({
    schemaVersion: 1,
    model: 'linear',
    lambda: 0,
    learningRate: optimiser.kind === 'quasiNewton' && localSteps === 1 ? 1 : 0.2,
    protection: 'encrypted',
    parameters: LINEAR_PARAMETERS,
    ...choices,
    localSteps,
    optimiser,
  });
}

/** Checks an unknown value as a program. @throws TrainingError VT7301 */
export function parseProgram(value: unknown): TrainingProgram {
  const parsed = trainingProgramSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new TrainingError('VT7301', z.prettifyError(parsed.error).replaceAll('\n', ' '), {}, parsed.error);
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
