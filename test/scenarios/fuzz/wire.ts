import type { Random } from './random.js';

/** One field of a protobuf message as it lies in its bytes. */
interface Field {
  /** Where its key begins, its content begins (behind the length, where it has one), and it ends. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
  readonly hasLength: boolean;
}

/** The bytes with a change in them: at any depth of nested messages, or without any regard for what they mean. */
export function mutatedBytes(random: Random, bytes: Uint8Array): Buffer {
  const fields = fieldsOf(bytes);
  if (fields.length === 0 || random.oneIn(3)) return scrambled(random, bytes);
  const field = random.pick(fields);
  const { start, content, end, hasLength } = field;
  const whole = Buffer.from(bytes.subarray(start, end));
  const replaced = (by: Buffer): Buffer => Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)]);
  const kinds: (() => Buffer)[] = [
    () => replaced(Buffer.alloc(0)),
    () => replaced(Buffer.concat([whole, whole])),
    () => replaced(Buffer.concat([Buffer.from([random.below(256)]), whole.subarray(1)])),
    () => replaced(Buffer.concat([keyOf(bytes, start, content, hasLength), varint(random.pick(lengths))])),
  ];
  if (!hasLength || random.oneIn(4)) return random.pick(kinds)();
  // The length is written anew, so that what is inside is reached.
  const inner = mutatedBytes(random, bytes.subarray(content, end));
  return replaced(Buffer.concat([keyOf(bytes, start, content, true), varint(inner.length), inner]));
}

const lengths = [0, 1, 127, 128, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

function scrambled(random: Random, bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  const at = random.below(copy.length + 1);
  const kinds: (() => Buffer)[] = [
    () => copy.subarray(0, at),
    () => Buffer.concat([copy.subarray(0, at), random.bytes(1 + random.below(20)), copy.subarray(at)]),
    () => Buffer.concat([copy.subarray(0, at), copy.subarray(at + 1 + random.below(20))]),
    () => Buffer.concat([copy, random.bytes(random.below(20))]),
    () => random.bytes(random.below(200)),
    () => {
      for (let flips = 1 + random.below(8); flips > 0 && copy.length > 0; flips--) {
        const place = random.below(copy.length);
        copy[place] = (copy[place] ?? 0) ^ (1 << random.below(8));
      }
      return copy;
    },
  ];
  return random.pick(kinds)();
}

/** The fields of a message, none where the bytes are no message. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const field = fieldAt(bytes, at);
    if (field === undefined) return [];
    fields.push(field);
    at = field.end;
  }
  return fields;
}

function fieldAt(bytes: Uint8Array, start: number): Field | undefined {
  const key = readVarint(bytes, start);
  if (key === undefined || key.value >>> 3 === 0) return undefined;
  const type = key.value & 7;
  const number = type === 0 || type === 2 ? readVarint(bytes, key.end) : undefined;
  const fixed = { 1: 8, 5: 4 }[type];
  if (fixed !== undefined)
    return within(bytes, { start, content: key.end, end: key.end + fixed, hasLength: false });
  if (number === undefined) return undefined;
  if (type === 0) return { start, content: key.end, end: number.end, hasLength: false };
  return within(bytes, { start, content: number.end, end: number.end + number.value, hasLength: true });
}

const within = (bytes: Uint8Array, field: Field): Field | undefined =>
  field.end <= bytes.length ? field : undefined;

function keyOf(bytes: Uint8Array, start: number, content: number, hasLength: boolean): Uint8Array {
  const end = hasLength ? (readVarint(bytes, start)?.end ?? content) : content;
  return bytes.subarray(start, end);
}

function readVarint(bytes: Uint8Array, from: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = from; at < bytes.length && at < from + 5; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (at - from));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
