import type { DataPackage } from '../data/package.js';
import { makeKeyPair, type SecretKey } from '../he/ckks/keys.js';
import { openScheme, type Scheme } from '../he/ckks/scheme.js';
import { circuitOf, type Circuit, type ReplyNumbers } from '../he/circuits/circuit.js';
import { writeSetupFlags } from '../messages/setupFlags.js';
import type { MessageShape } from '../models/family.js';
import type { TrainingProgram } from '../program.js';
import { defaultBackend } from '../trainer/defaultBackend.js';
import { encryptPackage, openEncryptedPackage } from '../trainer/encryptedPackage.js';
import { trainOnShard } from '../trainer/host.js';
import { messageShape } from '../trainer/messageShape.js';
import { context, packageOf, type Prepared } from './fixtures.js';

/** A model owner's own secret: another one than the other fixtures', so that nothing depends on it. */
const secret = new Uint8Array(32).fill(21);

/** A model owner that sends whatever vector it likes in messages of the right form, and reads replies to the last bit of noise. */
export interface CuriousOwner {
  readonly shape: MessageShape;
  readonly circuit: Circuit;
  readonly scheme: Scheme;
  readonly secretKey: SecretKey;
  readonly heKey: Uint8Array;
  /** What hosts of a subset have. */
  packageOf(subset: number): Promise<DataPackage>;
  /** The message of a vector; it asks all subsets for their set-ups, where there are any. */
  query(values: ArrayLike<number>, attempt?: number): Promise<Uint8Array>;
  /** What the hosts of subsets reply to a vector, added up. */
  ask(values: ArrayLike<number>, subsets: readonly number[], attempt?: number): Promise<ReplyNumbers>;
}

/** Of the fixtures' couple; hosts are the real ones. */
export async function curiousOwner(prepared: Prepared, program: TrainingProgram): Promise<CuriousOwner> {
  const { features, subsetRows } = prepared.template;
  const shape = messageShape(program, features);
  const circuit = circuitOf(shape);
  const scheme = await openScheme(circuit.parameters, defaultBackend());
  const { secretKey, message: heKey } = await makeKeyPair(scheme, secret, context);
  const flags = shape.setup > 0 ? writeSetupFlags([...subsetRows.keys()]) : new Uint8Array(0);
  const nameOf = (attempt: number) => ({ ...context, ...shape, features, attempt });
  const opened = (subset: number) => hostsPackage(prepared, program, heKey, subset);
  const query = (values: ArrayLike<number>, attempt = 1) =>
    circuit.encryptQuery(
      scheme,
      { secret, secretKey },
      nameOf(attempt),
      Float64Array.from(whole(values, shape)),
      flags,
    );
  return {
    ...{ shape, circuit, scheme, secretKey, heKey, packageOf: opened, query },
    ask: async (values, subsets, attempt = 1) => {
      const model = await query(values, attempt);
      const job = { program, model, heKey, ...context, attempt };
      const replies = await Promise.all(
        subsets.map(async (subset) => ({
          bytes: await trainOnShard({ ...job, package: await opened(subset) }),
          reply: { ...nameOf(attempt), subset, withSetup: shape.setup > 0 },
        })),
      );
      return circuit.decryptReply(scheme, secretKey, replies);
    },
  };
}

/** A vector with zeros behind it. */
function whole(values: ArrayLike<number>, { inputs, vectors = 1 }: MessageShape): Float64Array {
  const all = new Float64Array(inputs * vectors);
  all.set(Array.from(values));
  return all;
}

async function hostsPackage(
  prepared: Prepared,
  program: TrainingProgram,
  heKey: Uint8Array,
  subset: number,
): Promise<DataPackage> {
  const rows = packageOf(prepared, subset);
  if (program.data !== 'encrypted') return rows;
  const sent = await encryptPackage({ package: rows, program, heKey, ...context });
  return openEncryptedPackage(sent, { program, template: prepared.template, ...context });
}
