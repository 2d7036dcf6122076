import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesText, figure, plural, secondsText, shortDigest, visible, visibleLine } from './printable.js';

describe('figures for people', () => {
  it.each([
    [2859.690398, 6, '2,859.69'],
    [0, 2, '0'],
    [0.0021, 2, '0.0021'],
    [3.21e-8, 2, '3.2e-8'],
    [-1.23456e12, 6, '-1.23e+12'],
    [1e-300, 1, '1e-300'],
  ])('writes %d in %i digits as %s', (value, digits, text) => {
    expect(figure(value, digits)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [48_123_456, '48.1 MB'],
    [2e15, '2000 TB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it('writes seconds, digests and plurals', () => {
    expect(secondsText(41.234)).toBe('41.2 s');
    expect(shortDigest(`sha256:${'0123456789abcdef'.repeat(4)}`)).toBe('01234567…89abcdef');
    expect([plural(1, 'host'), plural(2, 'host')]).toEqual(['1 host', '2 hosts']);
  });
});

describe('visible', () => {
  it.each([
    ['an escape sequence', '\u001b[31mred\u001b[0m', '\\u001b[31mred\\u001b[0m'],
    ['C1 controls', 'a\u009b31m', 'a\\u009b31m'],
    ['a carriage return', 'paid 1\rpaid 9', 'paid 1\\u000dpaid 9'],
    ['a bidi override', 'abc\u202ecba', 'abc\\u202ecba'],
    ['an isolate', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['a zero-width space', 'tar\u200bget', 'tar\\u200bget'],
    ['a tag character', `x${String.fromCodePoint(0xe0041)}`, 'x\\udb40\\udc41'],
    ['half a surrogate pair', 'x\ud800', 'x\\ud800'],
  ])('shows %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('leaves letters of every script, and the layout’s line feeds', () => {
    const text = 'größe 体重 वजन وزن 🙂\nnext';
    expect(visible(text)).toBe(text);
    expect(visibleLine('a\nb')).toBe('a\\u000ab');
  });

  it('does not change what JSON text means', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(visible(JSON.stringify({ text })))).toEqual({ text });
      }),
    );
  });
});
