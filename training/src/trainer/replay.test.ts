import { describe, expect, it } from 'vitest';
import { digestOf, macParts } from '../canonical.js';
import { loadCiphertexts } from '../he/ckks/encryption.js';
import { decryptTrace } from '../he/ckks/decryption.js';
import type { PairMask } from '../he/ckks/masks.js';
import { coefficientParameters } from '../he/ckks/parameters.js';
import type { TraceCiphertext } from '../he/ckks/sanitising.js';
import { encodeCoefficientMap } from '../he/circuits/coefficients/map.js';
import { parseCoefficientReply } from '../he/circuits/coefficients/reply.js';
import { encodeMap } from '../he/circuits/hostMap.js';
import { parseProductReply } from '../he/circuits/product/reply.js';
import { parseReply } from '../he/circuits/reply.js';
import { decodeTrace } from '../he/circuits/traceSlots.js';
import { inverseOf } from '../he/ring/modular.js';
import type { Residues } from '../he/ring/residues.js';
import { applyMap } from '../models/applyMap.js';
import { subtract } from '../optimisers/vectors.js';
import { defineProgram, type TrainingProgram } from '../program.js';
import { curiousOwner, type CuriousOwner } from '../testing/curiousOwner.js';
import { context, packageOf, prepare, syntheticTable, type Prepared } from '../testing/fixtures.js';
import { combine, minus, readFactor, scheme as slots } from '../testing/scheme.js';
import { allAtOnce } from '../work.js';
import { replyEncrypted, replyToEncryptedMap } from './encryptedHost.js';
import { encryptedContent } from './encryptedPackage.js';
import { defaultBackend } from './defaultBackend.js';
import { trainOnShard } from './host.js';
import { packageContent } from './openedPackage.js';
import { shardNumbers } from './shardNumbers.js';

// A model owner has a host answer twice. What both answers are hidden by must not be the same, or their difference shows the host's
// matrix. The weakened host is the real one but for its seeds: they follow from the attempt alone.

const FEATURES = 6;
const SUBSET = 1;
const one = [0.5, -0.25, 1, 0.125, 0.75, -1];
const other = [0.25, 0.5, -1, 0.5, -0.375, 1];

interface Asked {
  readonly model: Uint8Array;
  readonly attempt: number;
}

interface Round {
  readonly prepared: Prepared;
  readonly program: TrainingProgram;
  readonly owner: CuriousOwner;
}

type Host = (round: Round, asked: Asked) => Promise<Uint8Array>;

const nameOf = ({ owner }: Round, attempt: number) => ({
  ...context,
  ...owner.shape,
  features: FEATURES,
  attempt,
  subset: SUBSET,
});

const realHost: Host = async ({ program, owner }, { model, attempt }) =>
  trainOnShard({
    ...{ package: await owner.packageOf(SUBSET), program, model, heKey: owner.heKey },
    ...{ ...context, attempt },
  });

/** Masks and randomness by the number of the attempt alone. */
const weakenedHost: Host = async (round, { model, attempt }) => {
  const { program, owner } = round;
  const opened = await owner.packageOf(SUBSET);
  const keyDigest = digestOf(owner.heKey);
  const seedOf = (secret: Uint8Array): Uint8Array => macParts(secret, 'attempt', String(attempt));
  const job = { model, heKey: owner.heKey, keyDigest };
  const reply = nameOf(round, attempt);
  if (program.data === 'encrypted') {
    const { map, replySecret } = encryptedContent(opened, { program, heKey: owner.heKey });
    return replyToEncryptedMap(defaultBackend(), map, { ...job, seed: seedOf(replySecret) }, reply);
  }
  const { shardSecret, pairSeeds } = packageContent(opened);
  const masks = pairSeeds.map((pairSeed): PairMask => ({ seed: seedOf(pairSeed), isNegative: false }));
  const numbers = shardNumbers(opened, program, owner.shape);
  return replyEncrypted(defaultBackend(), () => numbers, { ...job, seed: seedOf(shardSecret), masks }, reply);
};

async function roundOf(program: TrainingProgram, aggregation?: 'sum'): Promise<Round> {
  const table = syntheticTable(120, FEATURES);
  const prepared = prepare(table, 3, { program, ...(aggregation && { aggregation }) });
  return { prepared, program, owner: await curiousOwner(prepared, program) };
}

/** What a reply multiplies with the query's second part, and that part of the query. */
interface Parts {
  readonly sent: Residues;
  readonly reply: Residues;
}

const secondIn = async (round: Round, { model, attempt }: Asked): Promise<Residues> => {
  const { circuit, scheme } = round.owner;
  const name = nameOf(round, attempt);
  const [query] = loadCiphertexts(scheme, circuit.parseQuery(model, name).ciphertexts, name);
  const [residues] = await scheme.ring.read([query!.second]);
  return residues;
};

/** By family: what of a reply is sent on from the query's second part, and by which factor, were it not hidden. */
const kinds: readonly {
  readonly program: TrainingProgram;
  readonly partOf: (round: Round, bytes: Uint8Array, attempt: number) => Residues;
  readonly secretOf: (round: Round) => Promise<Residues>;
}[] = [
  {
    program: defineProgram(),
    partOf: (round, bytes, attempt) =>
      parseReply(slots.parameters, bytes, nameOf(round, attempt)).result.second,
    secretOf: ({ prepared, program, owner }) =>
      readFactor(
        encodeMap(slots, shardNumbers(packageOf(prepared, SUBSET), program, owner.shape).map).matrix[0]!,
      ),
  },
  {
    program: defineProgram({ family: 'ridge' }),
    partOf: (round, bytes, attempt) =>
      parseCoefficientReply(coefficientParameters, bytes, nameOf(round, attempt)).results[0]!.second,
    secretOf: ({ prepared, program, owner }) => {
      const { map } = shardNumbers(packageOf(prepared, SUBSET), program, owner.shape);
      const encoded = allAtOnce(
        encodeCoefficientMap({ parameters: coefficientParameters, ring: slots.ring }, map),
      );
      return readFactor(encoded.matrix[0]![0]!);
    },
  },
  {
    program: defineProgram({ data: 'encrypted' }),
    partOf: (round, bytes, attempt) => parseProductReply(bytes, nameOf(round, attempt)).third,
    // Not the rows' moments, but the second part of the ciphertext that the data owner made of them.
    secretOf: async ({ owner, program }) =>
      encryptedContent(await owner.packageOf(SUBSET), { program, heKey: owner.heKey }).map.second,
  },
];

describe.each(kinds)(
  'two replies of $program.family under $program.parameters',
  async ({ program, partOf, secretOf }) => {
    const round = await roundOf(program);
    const secret = await secretOf(round);
    const partsOf = async (host: Host, asked: Asked): Promise<Parts> => ({
      sent: await secondIn(round, asked),
      reply: partOf(round, await host(round, asked), asked.attempt),
    });
    const asked = async (weights: readonly number[], attempt: number): Promise<Asked> => ({
      model: await round.owner.query(weights, attempt),
      attempt,
    });

    /** How many residues of the secret the difference of two replies says, over that of what was sent. */
    async function told(host: Host, first: Asked, second: Asked): Promise<number> {
      const [a, b] = [await partsOf(host, first), await partsOf(host, second)];
      const found = combine(
        [minus(a.reply, b.reply), minus(a.sent, b.sent)],
        ([value, by], q) => (value! * inverseOf(by!, q)) % q,
      );
      return found.filter((value, place) => value === secret[place]).length;
    }

    it('attack 67: say the whole matrix, were they hidden by the number of the attempt alone', async () => {
      expect(await told(weakenedHost, await asked(one, 1), await asked(other, 1))).toBe(secret.length);
    });

    it.each([
      ['two models in one attempt', 1, other],
      ['one model in two attempts', 2, one],
      ['two models in two attempts', 2, other],
    ])('attack 67: say nothing of it, to %s', async (_, attempt, weights) => {
      expect(await told(realHost, await asked(one, 1), await asked(weights, attempt))).toBeLessThan(2);
    });

    it('attack 67: are one and the same, to the same bytes', async () => {
      const same = await asked(one, 1);
      expect(await realHost(round, same)).toEqual(await realHost(round, same));
    });
  },
);

describe('two masked replies of one subset', async () => {
  const round = await roundOf(defineProgram(), 'sum');
  const { owner, program, prepared } = round;
  const { scheme, secretKey } = owner;
  const { map } = shardNumbers(packageOf(prepared, SUBSET), program, owner.shape);
  // What a subset alone replies to both, one less the other.
  const truth = subtract(
    [...applyMap(map, Float64Array.from(one))],
    [...applyMap(map, Float64Array.from(other))],
  );

  async function difference(host: Host, attempt: number): Promise<number[]> {
    const replies: TraceCiphertext[] = [];
    for (const [weights, of] of [[one, 1] as const, [other, attempt] as const]) {
      const bytes = await host(round, { model: await owner.query(weights, of), attempt: of });
      replies.push(parseReply(scheme.parameters, bytes, nameOf(round, of)).result);
    }
    const [a, b] = replies;
    const apart = { trace: minus(a!.trace, b!.trace), second: minus(a!.second, b!.second) };
    const coefficients = await decryptTrace(scheme.ring, secretKey, [apart]);
    const { ringDegree, modelScaleBits, matrixScaleBits } = scheme.parameters;
    const { real } = decodeTrace(
      coefficients,
      ringDegree / coefficients.length,
      modelScaleBits + matrixScaleBits,
    );
    return [...real];
  }

  const far = (found: readonly number[]): number =>
    Math.max(...truth.map((value, place) => Math.abs(found[place]! - value)));

  it('attack 67: say what that subset alone does, were masks of the number of the attempt alone', async () => {
    expect(far(await difference(weakenedHost, 1))).toBeLessThan(2 ** -17);
  });

  it.each([1, 2])('attack 67: are noise, in attempt 1 and attempt %d', async (attempt) => {
    expect(far(await difference(realHost, attempt))).toBeGreaterThan(1);
  });
});
