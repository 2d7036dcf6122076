import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  digestOf,
  digestOfJson,
  encodeParts,
  hashParts,
  macParts,
  type JsonValue,
} from './canonical.js';

describe('canonical forms', () => {
  it('write JSON with sorted keys, without undefined fields', () => {
    expect(canonicalJson({ b: [1, 'x', null, true], a: { d: 1e21, c: undefined } })).toBe(
      '{"a":{"d":1e+21},"b":[1,"x",null,true]}',
    );
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
  });

  const vectors = JSON.parse(readFileSync('test/support/vectors/canonicalJson.json', 'utf8')) as {
    about: string;
    value: JsonValue;
    text: string;
  }[];

  it.each(vectors)('write JSON as the contract does: $about', ({ value, text }) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('read back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text) as JsonValue)).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('encode different lists of parts differently', () => {
    const parts = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(Buffer.compare(encodeParts(a), encodeParts(b)) === 0).toBe(same);
      }),
    );
    expect(Buffer.from(encodeParts(['ab', ''])).toString('hex')).toBe('00000002616200000000');
  });

  it('hash as SHA-256 and HMAC-SHA-256 do', () => {
    expect(digestOf(Buffer.from('abc'))).toBe(
      'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(digestOfJson({})).toBe(digestOf(Buffer.from('{}')));
    expect(Buffer.from(hashParts('a')).toString('hex')).toBe(digestOf(encodeParts(['a'])).slice(7));
    expect(macParts(new Uint8Array(32), 'a')).not.toEqual(hashParts('a'));
  });
});
