import { gateway, peer } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundReads } from './boundedReads.js';

boundReads();

/** Field 1 with this length and no content. */
const endless = (length: number[]): Uint8Array => Uint8Array.from([0x0a, ...length]);
const fourGigabytes = [0xff, 0xff, 0xff, 0xff, 0x0f];

describe('a length that reaches beyond the bytes', () => {
  it.each<[string, (bytes: Uint8Array) => unknown]>([
    ['a text', (bytes) => gateway.CommitStatusRequest.deserializeBinary(bytes)],
    ['a message', (bytes) => peer.ChaincodeInvocationSpec.deserializeBinary(bytes)],
  ])('is refused in front of %s', (_, read) => {
    for (const length of [fourGigabytes, [1], [0x80]]) expect(() => read(endless(length))).toThrow('proto');
  });

  it('is refused at any depth', () => {
    const name = endless(fourGigabytes);
    const id = [0x12, name.length, ...name];
    const nested = Uint8Array.from([0x0a, id.length, ...id]);
    expect(() => peer.ChaincodeInvocationSpec.deserializeBinary(nested)).toThrow('proto');
  });
});

describe('a message of millions of empty fields', () => {
  it('is refused before they become as many objects', () => {
    const ofArguments = (count: number): Buffer => Buffer.alloc(2 * count, Buffer.from([0x0a, 0]));
    expect(() => peer.ChaincodeInput.deserializeBinary(ofArguments(3_000_000))).toThrow('proto');
    expect(peer.ChaincodeInput.deserializeBinary(ofArguments(1000)).getArgsList()).toHaveLength(1000);
  });
});

describe('a message that is whole', () => {
  it('is read as before, however long its texts are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.uint8Array({ maxLength: 300 }),
        (text, bytes) => {
          const request = new gateway.CommitStatusRequest();
          request.setTransactionId(text);
          request.setIdentity(bytes);
          const read = gateway.CommitStatusRequest.deserializeBinary(request.serializeBinary());
          expect([read.getTransactionId(), Buffer.from(read.getIdentity_asU8())]).toEqual([
            text,
            Buffer.from(bytes),
          ]);
        },
      ),
    );
  });
});
