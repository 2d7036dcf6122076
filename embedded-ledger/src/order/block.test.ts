import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBlockHeader, hashBlockData } from './block.js';

const hash = (byte: number): Buffer => Buffer.alloc(32, byte);

describe('encodeBlockHeader', () => {
  it.each([
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [256, '02020100'],
    [32768, '0203008000'],
    [2 ** 40, '0206010000000000'],
  ])('writes number %i as the ASN.1 integer %s', (number, integer) => {
    const hex = encodeBlockHeader({ number, previousHash: hash(1), dataHash: hash(2) }).toString('hex');
    expect(hex.slice(4)).toBe(`${integer}0420${'01'.repeat(32)}0420${'02'.repeat(32)}`);
  });

  it('differs for different headers', () => {
    const header = fc.record({
      number: fc.nat(),
      previousHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      dataHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    });
    fc.assert(
      fc.property(header, header, (left, right) => {
        const same = encodeBlockHeader(left).equals(encodeBlockHeader(right));
        expect(same).toBe(
          left.number === right.number &&
            Buffer.compare(left.previousHash, right.previousHash) === 0 &&
            Buffer.compare(left.dataHash, right.dataHash) === 0,
        );
      }),
    );
  });
});

describe('hashBlockData', () => {
  it('is SHA-256 over all envelopes', () => {
    expect(hashBlockData([Buffer.from('ab'), Buffer.from('c')])).toEqual(hashBlockData([Buffer.from('abc')]));
  });
});
