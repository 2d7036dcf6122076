import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Drbg } from '../../drbg.js';
import { TrainingError, type TrainingErrorCode } from '../../errors.js';
import type { HostMap } from '../../models/family.js';
import { SETUP_FLAG_BYTES } from '../../messages/setupFlags.js';
import { refusal } from '../../testing/errors.js';
import { context } from '../../testing/fixtures.js';
import { key, keyMessage, publicKey, scheme } from '../../testing/scheme.js';
import { parsePublicKey } from '../ckks/keys.js';
import { linearParameters } from '../ckks/parameters.js';
import { encodeMap } from './hostMap.js';
import { encryptQuery, parseQuery, readQuery } from './query.js';
import { evaluateReply, parseReply } from './reply.js';
import { encodeSetup } from './setup.js';

// What parses messages gets no backend, so whatever is refused here is refused before anything is computed.

const drbg = new Drbg(Buffer.from('malformed'));
const numbers = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => drbg.below(2 ** 32) / 2 ** 31 - 1);
const round = {
  ...context,
  attempt: 2,
  features: 31,
  inputs: 527,
  outputs: 31,
  setup: 1056,
  subset: 3,
  withSetup: true,
};
const map: HostMap = {
  inputs: 527,
  outputs: 31,
  matrix: numbers(527 * 31),
  offset: numbers(31),
  imaginary: numbers(527 * 31),
};
const query = await encryptQuery(scheme, key, round, numbers(527));
const input = {
  map: encodeMap(scheme, map),
  query: readQuery(scheme, query, round),
  publicKey,
  seed: Buffer.from('seed'),
};
const setup = encodeSetup(scheme, numbers(1056));
const first = await evaluateReply(scheme, { ...input, setup }, round);
const later = { ...round, withSetup: false };
const reply = await evaluateReply(scheme, input, later);

const HEADER = 96;
const POLYNOMIAL = 8 * 2 * 8192;
const parsers = {
  key: [keyMessage, (bytes: Uint8Array) => parsePublicKey(linearParameters, bytes, context)],
  query: [query, (bytes: Uint8Array) => parseQuery(linearParameters, bytes, round)],
  'first reply': [first, (bytes: Uint8Array) => parseReply(linearParameters, bytes, round)],
  'later reply': [reply, (bytes: Uint8Array) => parseReply(linearParameters, bytes, later)],
} as const;

const changed = (bytes: Uint8Array, change: (view: DataView) => void): Uint8Array => {
  const copy = bytes.slice();
  change(new DataView(copy.buffer));
  return copy;
};
const fields: [string, TrainingErrorCode, (view: DataView) => void][] = [
  ['kind', 'VT7402', (view) => view.setUint8(5, 18)],
  ['packing', 'VT7406', (view) => view.setUint16(6, 30, true)],
  ['ring', 'VT7403', (view) => view.setUint32(8, 4096, true)],
  ['level', 'VT7404', (view) => view.setUint32(12, 3, true)],
  ['scale', 'VT7405', (view) => view.setUint32(16, 40, true)],
  ['attempt', 'VT7408', (view) => view.setUint32(20, 9, true)],
  ['subset', 'VT7408', (view) => view.setUint32(24, 9, true)],
  ['parameters', 'VT7403', (view) => view.setUint8(40, view.getUint8(40) ^ 1)],
  ['couple', 'VT7408', (view) => view.setUint8(70, view.getUint8(70) ^ 1)],
];

describe.each(Object.entries(parsers))('a %s', (name, [bytes, parse]) => {
  it('of the right form is taken', () => {
    expect(() => parse(bytes)).not.toThrow();
  });

  it.each(fields)('of another %s is refused', (_field, code, change) => {
    refusal(() => parse(changed(bytes, change)), code);
  });

  it('with a ciphertext too few or too many, or any bytes, is refused', () => {
    const lengths = [0, HEADER - 1, HEADER, HEADER + 32, bytes.length - POLYNOMIAL, bytes.length - 1];
    for (const length of lengths) refusal(() => parse(bytes.slice(0, length)), 'VT7401');
    for (const more of [1, 8, 32, SETUP_FLAG_BYTES, POLYNOMIAL])
      refusal(() => parse(Buffer.concat([bytes, new Uint8Array(more)])), 'VT7401');
  });

  it('with a residue that is not below its prime is refused, wherever it is', () => {
    const start = name === 'query' ? HEADER + 32 : HEADER;
    const end = bytes.length - (name === 'query' ? SETUP_FLAG_BYTES : 0);
    const places = fc.integer({ min: 0, max: (end - start) / 8 - 1 });
    const values = fc.bigInt({ min: linearParameters.primes[1]!, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(places, values, (place, value) => {
        const spoilt = changed(bytes, (view) => view.setBigUint64(start + 8 * place, value, true));
        refusal(() => parse(spoilt), 'VT7407');
      }),
      { numRuns: 50 },
    );
  });

  it('of random bytes is refused with a code, whatever they are', () => {
    const cut = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.uint8Array({ maxLength: 400 }));
    fc.assert(
      fc.property(cut, ([kept, random]) => {
        try {
          parse(Buffer.concat([bytes.subarray(0, kept), random]));
          expect.unreachable();
        } catch (error) {
          expect(error).toBeInstanceOf(TrainingError);
        }
      }),
    );
  });
});

describe('a reply', () => {
  it('with a set-up that was not asked for is refused, and without one that was', () => {
    refusal(() => parseReply(linearParameters, first, later), 'VT7401');
    refusal(() => parseReply(linearParameters, reply, round), 'VT7401');
  });

  it('with a set-up of another size is refused', () => {
    for (const size of [272, 2049, 8192])
      refusal(() => parseReply(linearParameters, first, { ...round, setup: size }), 'VT7401');
  });
});

describe('a query', () => {
  it('of another packing, or without the flags of set-ups, is refused', () => {
    for (const other of [{ inputs: 641 }, { inputs: 512 }, { inputs: 31 }, { setup: 0 }])
      refusal(() => parseQuery(linearParameters, query, { ...round, ...other }), 'VT7401');
  });
});

describe('a key', () => {
  it.each([{ couple: 'tc_2' }, { channel: 'x' }, { chaincode: 'x' }])(
    'of another place is refused',
    (other) => {
      refusal(() => parsePublicKey(linearParameters, keyMessage, { ...context, ...other }), 'VT7408');
    },
  );
});
