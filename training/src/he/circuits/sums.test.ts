import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasmBackend.js';
import { Drbg } from '../../drbg.js';
import type { HostMap, MessageShape } from '../../models/family.js';
import { applyImaginary, applyMap } from '../../models/applyMap.js';
import { largest } from '../../optimisers/vectors.js';
import { context } from '../../testing/fixtures.js';
import { loadCiphertexts } from '../ckks/encryption.js';
import { makeKeyPair, readPublicKey } from '../ckks/keys.js';
import type { PairMask } from '../ckks/masks.js';
import { openScheme } from '../ckks/scheme.js';
import { mapCircuitOf, type ReplyNumbers } from './circuit.js';
import { allAtOnce } from '../../work.js';

// Attacks on single updates: each works without masks, and fails with them.

const drbg = new Drbg(Buffer.from('sums'));
const uniform = (): number => drbg.below(2 ** 32) / 2 ** 31 - 1;
const numbers = (length: number): Float64Array => Float64Array.from({ length }, uniform);
const SUBSETS = [0, 1, 2];
const secret = new Uint8Array(32).fill(3);

const shapes: Readonly<Record<string, MessageShape>> = {
  slots: { inputs: 5, outputs: 5, imaginary: true, maxInput: 16, setup: 30 },
  coefficients: { inputs: 40, outputs: 40, vectors: 3, imaginary: false, maxInput: 2, setup: 0 },
};

/** What the host of each subset shares with those of the others. */
const masks = SUBSETS.map((subset) =>
  SUBSETS.filter((other) => other !== subset).map((other): PairMask => ({
    seed: Buffer.from(`pair ${Math.min(subset, other)} ${Math.max(subset, other)}`),
    isNegative: other < subset,
  })),
);

describe.each(Object.entries(shapes))('replies of a batch, packed in %s', async (_, shape) => {
  const { inputs, outputs, vectors = 1, imaginary } = shape;
  const circuit = mapCircuitOf(shape);
  const scheme = await openScheme(circuit.parameters, createWasmBackend());
  const { secretKey, message } = await makeKeyPair(scheme, secret, context);
  const publicKey = readPublicKey(scheme, message, context);
  const round = { ...context, ...shape, features: 5, attempt: 1, withSetup: shape.setup > 0 };
  const query = numbers(inputs * vectors);
  const flags = new Uint8Array(shape.setup > 0 ? 128 : 0);
  const sent = await circuit.encryptQuery(scheme, { secret, secretKey }, round, query, flags);
  const maps = SUBSETS.map((): HostMap => ({
    inputs,
    outputs,
    ...(shape.vectors && { vectors }),
    matrix: numbers(inputs * outputs),
    offset: numbers(outputs * vectors),
    ...(imaginary && { imaginary: numbers(inputs * outputs) }),
  }));
  const setups = SUBSETS.map(() => numbers(shape.setup));
  const replies = (isMasked: boolean) =>
    Promise.all(
      SUBSETS.map(async (subset) => {
        const reply = { ...round, subset };
        const input = {
          query: loadCiphertexts(scheme, circuit.parseQuery(sent, round).ciphertexts, round),
          publicKey,
          seed: Buffer.from(`host ${subset}`),
          setup: shape.setup > 0 ? circuit.encodeSetup(scheme, setups[subset]!) : undefined,
          masks: isMasked ? masks[subset] : [],
        };
        const map = allAtOnce(circuit.encodeMap(scheme, maps[subset]!));
        return { bytes: await map.evaluate(input, reply), reply };
      }),
    );
  const [plain, masked] = [await replies(false), await replies(true)];
  const truth = (subset: number) => ({
    values: applyMap(maps[subset]!, query),
    imaginary: imaginary ? applyImaginary(maps[subset]!, query) : new Float64Array(0),
    setup: setups[subset]!,
  });
  const sumsOf = (pick: (subset: number) => Float64Array): Float64Array =>
    pick(0).map((__, place) => SUBSETS.reduce((sum, subset) => sum + pick(subset)[place]!, 0));
  const far = (found: ArrayLike<number>, expected: Float64Array): number =>
    largest([...expected].map((value, place) => value - (found[place] ?? NaN)));
  const noiseOf = ({ free, setup }: ReplyNumbers): number => largest([...free, ...(setup?.noise ?? [])]);
  const read = (sent_: typeof masked) => circuit.decryptReply(scheme, secretKey, sent_);

  it('say what they always said where they have no masks', async () => {
    for (const subset of SUBSETS) {
      const said = await read([plain[subset]!]);
      expect(far(said.values, truth(subset).values)).toBeLessThan(2 ** -15);
      expect(noiseOf(said)).toBeLessThan(2 ** -15);
    }
  });

  it('decrypt to the sum of their results, with three times the noise at most', async () => {
    const said = await read(masked);
    expect(
      far(
        said.values,
        sumsOf((subset) => truth(subset).values),
      ),
    ).toBeLessThan(2 ** -14);
    expect(
      far(
        said.imaginary,
        sumsOf((subset) => truth(subset).imaginary),
      ),
    ).toBeLessThan(2 ** -14);
    expect(
      far(
        said.setup?.numbers ?? [],
        sumsOf((subset) => truth(subset).setup),
      ),
    ).toBeLessThan(2 ** -14);
    expect(noiseOf(said)).toBeLessThan(3 * circuit.maxNoise.result);
  });

  it('decrypt to noise alone, and in any sum of fewer', async () => {
    const sets = [[0], [1], [2], [0, 1], [0, 2], [1, 2]];
    for (const set of sets) {
      const said = await read(set.map((subset) => masked[subset]!));
      const numbersOf = [...Array.from(said.values), ...Array.from(said.imaginary), ...said.free];
      // Numbers of up to 2^7 and more: hardly one is as small as the truth's are.
      const setupNumbers = said.setup === undefined ? [] : [...said.setup.numbers, ...said.setup.noise];
      for (const part of [numbersOf, setupNumbers]) {
        const near = part.filter((value) => Math.abs(value) < 2 ** -3).length;
        expect(near).toBeLessThan(Math.max(3, part.length / 20));
      }
    }
  });
});
