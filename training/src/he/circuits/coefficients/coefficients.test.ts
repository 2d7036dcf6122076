import { expect, it, describe } from 'vitest';
import { Drbg } from '../../../drbg.js';
import { applyMap } from '../../../models/applyMap.js';
import type { HostMap, MessageShape } from '../../../models/family.js';
import { refusal } from '../../../testing/errors.js';
import { createWasmBackend } from '../../backends/wasm/wasmBackend.js';
import { loadCiphertexts } from '../../ckks/encryption.js';
import { loadPublicKey, makeKeyPair, parsePublicKey } from '../../ckks/keys.js';
import { coefficientParameters as parameters } from '../../ckks/parameters.js';
import { openScheme } from '../../ckks/scheme.js';
import { FRAME_BYTES } from '../../../messages/frame.js';
import { SETUP_FLAG_BYTES } from '../../../messages/setupFlags.js';
import { mapCircuitOf } from '../circuit.js';
import { allAtOnce } from '../../../work.js';
import { coefficientLayout } from './layout.js';

const couple = { channel: 'market', chaincode: 'market', couple: 'tc_1' };
const secret = new Uint8Array(32).fill(3);

function numbers(seed: string, count: number, size: number): Float64Array {
  const drbg = new Drbg(Buffer.from(seed));
  return Float64Array.from({ length: count }, () => (drbg.below(2 ** 30) / 2 ** 29 - 1) * size);
}

function mapOf(inputs: number, outputs: number, vectors: number): HostMap {
  const matrix = numbers('matrix', inputs * outputs, 4 / Math.sqrt(inputs));
  return { inputs, outputs, vectors, matrix, offset: numbers('offset', outputs * vectors, 90) };
}

/** Encrypts, computes and decrypts. */
async function reply(
  map: HostMap,
  query: Float64Array,
  seed: Uint8Array = new Uint8Array(32).fill(7),
  setup: Float64Array = new Float64Array(0),
) {
  const { inputs, outputs, vectors } = map;
  const shape: MessageShape = {
    inputs,
    outputs,
    vectors,
    imaginary: false,
    maxInput: 2,
    setup: setup.length,
  };
  const circuit = mapCircuitOf(shape);
  const scheme = await openScheme(parameters, createWasmBackend());
  const { secretKey, message } = await makeKeyPair(scheme, secret, couple);
  const publicKey = loadPublicKey(scheme, parsePublicKey(parameters, message, couple), couple);
  const withSetup = setup.length > 0;
  const context = { ...couple, ...shape, attempt: 1, features: 3, subset: 0, withSetup };
  const flags = new Uint8Array(withSetup ? SETUP_FLAG_BYTES : 0).fill(1);
  const model = await circuit.encryptQuery(scheme, { secret, secretKey }, context, query, flags);
  const parsed = circuit.parseQuery(model, context);
  expect(parsed.setupFlags).toEqual(flags);
  const input = {
    query: loadCiphertexts(scheme, parsed.ciphertexts, context),
    publicKey,
    seed,
    setup: withSetup ? circuit.encodeSetup(scheme, setup) : undefined,
  };
  const bytes = await allAtOnce(circuit.encodeMap(scheme, map)).evaluate(input, context);
  return {
    bytes,
    model,
    circuit,
    shape,
    context,
    said: await circuit.decryptReply(scheme, secretKey, [{ bytes, reply: context }]),
  };
}

describe.each([
  [1, 1, 1],
  [5, 3, 2],
  [65, 65, 10],
  [257, 200, 16],
])('a matrix of %d × %d numbers that %d vectors share', (inputs, outputs, vectors) => {
  it('times each of them, plus an offset, is the reply, and what is free in it is noise', async () => {
    const map = mapOf(inputs, outputs, vectors);
    const query = numbers('query', inputs * vectors, 1);
    const { said, circuit, bytes, model, shape } = await reply(map, query);
    const exact = applyMap(map, query);
    const errors = Array.from(said.values, (value, place) => Math.abs(value - exact[place]!));
    expect(Math.max(...errors)).toBeLessThan(2 ** -26 + Math.sqrt(inputs) * 2 ** -36);
    expect(said.values).toHaveLength(outputs * vectors);
    expect(said.free.every((value) => Math.abs(value) <= circuit.maxNoise.result)).toBe(true);
    expect([model.length, bytes.length]).toEqual([
      FRAME_BYTES + circuit.queryBytes(shape),
      FRAME_BYTES + circuit.replyBytes(shape),
    ]);
  });
});

it('a reply follows from its input to the last bit, and shares nothing with that of another seed or map', async () => {
  const map = mapOf(40, 40, 4);
  const query = numbers('query', 160, 1);
  const one = await reply(map, query);
  expect((await reply(map, query)).bytes).toEqual(one.bytes);
  const others = [
    await reply(map, query, new Uint8Array(32).fill(8)),
    await reply({ ...map, offset: map.offset.map((value) => value + 2 ** -20) }, query),
  ];
  for (const { bytes } of others) {
    const same = bytes.filter((byte, place) => byte === one.bytes[place]).length;
    // Headers and the high bytes of residues agree; the rest does by chance.
    expect(same / bytes.length).toBeLessThan(0.1);
  }
});

it('a query of zeros, too, is answered with ciphertexts that differ from each other', async () => {
  const map = mapOf(65, 65, 10);
  const { bytes, shape, circuit } = await reply(map, new Float64Array(650));
  const { outputRuns, groups } = coefficientLayout(parameters, { ...shape, vectors: 10 });
  const size = circuit.replyBytes(shape) / (outputRuns * groups);
  const parts = Array.from({ length: outputRuns * groups }, (_, index) =>
    Buffer.from(bytes.subarray(FRAME_BYTES + index * size, FRAME_BYTES + (index + 1) * size)).toString('hex'),
  );
  expect(parts.length).toBeGreaterThan(1);
  expect(new Set(parts).size).toBe(parts.length);
});

it('messages of another length, attempt or with residues too large are refused', async () => {
  const { circuit, context, bytes, model } = await reply(mapOf(5, 3, 2), new Float64Array(10));
  refusal(() => circuit.checkReply(bytes.subarray(1), context), 'VT7402');
  refusal(() => circuit.checkReply(bytes.subarray(0, bytes.length - 8), context), 'VT7401');
  refusal(() => circuit.checkReply(bytes, { ...context, attempt: 2 }), 'VT7408');
  refusal(() => circuit.parseQuery(model.subarray(0, model.length - 8), context), 'VT7401');
  refusal(() => circuit.parseQuery(Uint8Array.from(model).fill(0xff, 200, 208), context), 'VT7407');
  refusal(() => circuit.checkReply(Uint8Array.from(bytes).fill(0xff, 200, 208), context), 'VT7407');
});

describe('a set-up', () => {
  const map = mapOf(5, 4, 3);
  const query = numbers('query', 15, 1);
  const seed = new Uint8Array(32).fill(7);

  it.each([1, 17, 1089, 8192])(
    'of %d numbers comes back to 26 bits, in a ciphertext of its own',
    async (count) => {
      const sent = numbers('setup', count, 119);
      const { said, bytes, model, circuit, shape } = await reply(map, query, seed, sent);
      const errors = said.setup!.numbers.map((value, place) => Math.abs(value - sent[place]!));
      expect(errors).toHaveLength(count);
      expect(Math.max(...errors)).toBeLessThan(2 ** -26);
      expect(said.setup!.noise.every((value) => Math.abs(value) <= circuit.maxNoise.setup)).toBe(true);
      const exact = applyMap(map, query);
      const apart = Array.from(said.values, (value, place) => Math.abs(value - exact[place]!));
      expect(Math.max(...apart)).toBeLessThan(2 ** -25);
      expect([model.length, bytes.length]).toEqual([
        FRAME_BYTES + circuit.queryBytes(shape),
        FRAME_BYTES + circuit.replyBytes({ ...shape, withSetup: true }),
      ]);
      expect(circuit.replyBytes({ ...shape, withSetup: true })).toBeGreaterThan(circuit.replyBytes(shape));
    },
  );

  it('is cut to its range: one number cannot spoil the others', async () => {
    const { said, circuit } = await reply(map, query, seed, Float64Array.of(1e30, -1e30, 3));
    expect(said.setup!.numbers.map(Math.round)).toEqual([120, -120, 3]);
    expect(said.setup!.noise.every((value) => Math.abs(value) <= circuit.maxNoise.setup)).toBe(true);
  });

  it('shares no randomness with the result, another seed or other numbers', async () => {
    const sent = numbers('setup', 40, 100);
    const tail = async (own: Float64Array, other: Uint8Array = seed): Promise<Uint8Array> => {
      const { bytes, circuit, shape } = await reply(map, query, other, own);
      return bytes.subarray(FRAME_BYTES + circuit.replyBytes(shape));
    };
    const first = await tail(sent);
    expect(await tail(sent)).toEqual(first);
    for (const other of [
      await tail(sent, new Uint8Array(32).fill(8)),
      await tail(sent.map((value) => value + 2 ** -30)),
    ]) {
      const same = other.filter((byte, place) => byte === first[place]).length;
      expect(same / first.length).toBeLessThan(0.15);
    }
  });
});

it('layouts have the fewest ciphertexts', () => {
  const counts = ([64, 256, 1024] as const).map((size) => {
    const layout = coefficientLayout(parameters, { inputs: size, outputs: size, vectors: 10 });
    expect(layout.block * layout.outputs * layout.vectors).toBeLessThanOrEqual(8192);
    return [layout.groups * layout.inputRuns, layout.groups * layout.outputRuns];
  });
  expect(counts).toEqual([
    [2, 3],
    [8, 11],
    [32, 41],
  ]);
});
