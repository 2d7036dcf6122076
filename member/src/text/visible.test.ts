import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, visibleLine } from './visible.js';

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
