import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonicalJson.js';

interface Vector {
  readonly about: string;
  readonly value: unknown;
  readonly text: string;
}
const vectors = JSON.parse(readFileSync('test/support/vectors/canonicalJson.json', 'utf8')) as Vector[];

describe('canonical JSON', () => {
  it.each(vectors)('$about', ({ value, text }) => {
    expect(canonicalJson(value)).toBe(text);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  it('leaves out undefined fields', () => {
    expect(canonicalJson({ b: undefined, a: { c: undefined } })).toBe('{"a":{}}');
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY, undefined, [undefined]])('refuses %s', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});
