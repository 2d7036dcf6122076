import { describe, expect, it } from 'vitest';
import { bytesText, figure, plural, secondsText, shortDigest } from './figures.js';

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
