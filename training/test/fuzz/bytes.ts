import type { Chance } from './chance.js';

/** Words of eight bytes that readers of residues and doubles may stumble over. */
const words = [
  0n,
  1n,
  2n ** 60n - 1n,
  2n ** 60n,
  2n ** 63n,
  2n ** 64n - 1n,
  0x7ff0000000000000n, // infinity
  0xfff0000000000000n,
  0x7ff8000000000000n, // not a number
  0x7ff0000000000001n,
  0x7fefffffffffffffn, // the largest double
  0x8000000000000000n, // −0
  0x0000000000000001n, // the smallest double
  0x3ff0000000000000n, // 1
];
const counts = [0, 1, 2, 3, 16, 255, 256, 1024, 4096, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

type Mutation = (bytes: Uint8Array, chance: Chance, others: readonly Uint8Array[]) => Uint8Array;

const inPlace =
  (change: (view: DataView, chance: Chance) => void): Mutation =>
  (bytes, chance) => {
    if (bytes.length < 8) return chance.bytes(1 + chance.below(64));
    const copy = Uint8Array.from(bytes);
    change(new DataView(copy.buffer), chance);
    return copy;
  };

/** Most changes hit the first bytes, where headers are, or the last. */
function placeIn(length: number, chance: Chance, width = 1): number {
  const last = length - width;
  const region = chance.below(10);
  if (region < 5) return chance.below(Math.min(last + 1, 128));
  return region < 7 ? last - chance.below(Math.min(last + 1, 160)) : chance.below(last + 1);
}

const aligned = (length: number, chance: Chance, width: number): number =>
  Math.floor(placeIn(length, chance, width) / width) * width;

const mutations: readonly Mutation[] = [
  inPlace((view, chance) => {
    const place = placeIn(view.byteLength, chance);
    view.setUint8(place, view.getUint8(place) ^ (1 << chance.below(8)));
  }),
  inPlace((view, chance) => view.setUint8(placeIn(view.byteLength, chance), chance.below(256))),
  inPlace((view, chance) => view.setUint32(aligned(view.byteLength, chance, 4), chance.of(counts), true)),
  inPlace((view, chance) => view.setUint16(aligned(view.byteLength, chance, 2), chance.below(65536), true)),
  inPlace((view, chance) => view.setBigUint64(aligned(view.byteLength, chance, 8), chance.of(words), true)),
  inPlace((view, chance) => {
    const place = placeIn(view.byteLength, chance);
    const length = Math.min(view.byteLength - place, 1 + chance.below(64));
    new Uint8Array(view.buffer).set(chance.bytes(length), place);
  }),
  (bytes, chance) => bytes.slice(0, chance.below(bytes.length)),
  (bytes, chance) => bytes.slice(0, placeIn(Math.max(1, bytes.length), chance)),
  (bytes, chance) => Buffer.concat([bytes, chance.bytes(1 + chance.below(200))]),
  (bytes, chance) => {
    const place = placeIn(Math.max(1, bytes.length), chance);
    const inserted = chance.bytes(chance.of([1, 4, 8, 32]));
    return Buffer.concat([bytes.subarray(0, place), inserted, bytes.subarray(place)]);
  },
  (bytes, chance) => {
    const place = placeIn(Math.max(1, bytes.length), chance);
    return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + chance.of([1, 4, 8, 32]))]);
  },
  (bytes, chance, others) => {
    const other = chance.of(others);
    const place = placeIn(Math.max(1, Math.min(bytes.length, other.length)), chance);
    return Buffer.concat([bytes.subarray(0, place), other.subarray(place)]);
  },
  (_, chance, others) => chance.of(others),
  (_, chance) => chance.bytes(chance.below(300)),
];

/** An honest message with one to three changes. @param others of other kinds, rounds or couples, to splice with */
export function mutatedBytes(honest: Uint8Array, others: readonly Uint8Array[], chance: Chance): Uint8Array {
  let bytes = honest;
  const changes = chance.of([1, 1, 1, 2, 3]);
  for (let change = 0; change < changes; change++) bytes = chance.of(mutations)(bytes, chance, others);
  return bytes;
}
