/** A length-delimited field of a protobuf message: its number, and its bytes without copying them. */
export interface WireField {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * The fields of a message that holds strings, bytes and messages alone, in the order in which they stand. It reads what a
 * canonical writer writes and nothing else: no unknown wire type, no length in more bytes than it needs, nothing after
 * the last field.
 *
 * @throws RangeError for any other bytes
 */
export function wireFields(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0;
    if ((tag & 0x87) !== 2) throw new RangeError('a field is not length-delimited');
    const [length, start] = lengthAt(bytes, at + 1);
    at = start + length;
    if (at > bytes.length) throw new RangeError('a field is cut off');
    fields.push({ number: tag >> 3, bytes: bytes.subarray(start, at) });
  }
  return fields;
}

function lengthAt(bytes: Uint8Array, from: number): [length: number, start: number] {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[from + index];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte > 0x7f) continue;
    if (byte === 0 && index > 0) break;
    return [length, from + index + 1];
  }
  throw new RangeError('a length is not written as canonical writers write it');
}

/**
 * The fields of a message that has exactly the numbered ones, each once and in this order.
 *
 * @throws RangeError for a message that has others
 */
export function exactFields<const N extends readonly number[]>(
  bytes: Uint8Array,
  ...numbers: N
): { readonly [K in keyof N]: Uint8Array } {
  const fields = wireFields(bytes);
  if (fields.length !== numbers.length || fields.some(({ number }, index) => number !== numbers[index]))
    throw new RangeError('a message has other fields than it should');
  // As many as the numbers are, which the compiler cannot see.
  return fields.map((field) => field.bytes) as { [K in keyof N]: Uint8Array };
}

/** A whole number from 0 to 2^53, or what is written with its length before it. */
type WireValue = number | string | Uint8Array;

/**
 * A message of fields, in the order in which they are given. Zeros and fields without bytes are left out, as canonical
 * writers do. It is written into one buffer, since a transaction takes fifteen messages.
 */
export function wireMessage(...fields: readonly (readonly [number: number, value: WireValue])[]): Buffer {
  let size = 0;
  for (const [, value] of fields) size += sizeOf(value);
  const message = Buffer.allocUnsafe(size);
  let at = 0;
  for (const [number, value] of fields) {
    const isNumber = typeof value === 'number';
    const head = headOf(value);
    if (head === 0) continue;
    message[at] = (number << 3) | (isNumber ? 0 : 2);
    at = writeVarint(head, message, at + 1);
    if (isNumber) continue;
    if (typeof value === 'string') message.write(value, at);
    else message.set(value, at);
    at += head;
  }
  return message;
}

/** What stands after a field's number: the number that it holds, or how many bytes follow. */
const headOf = (value: WireValue): number => (typeof value === 'number' ? value : Buffer.byteLength(value));

function sizeOf(value: WireValue): number {
  const head = headOf(value);
  if (head === 0) return 0;
  return 1 + varintBytes(head) + (typeof value === 'number' ? 0 : head);
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}

/** @returns where the next byte goes */
function writeVarint(value: number, into: Buffer, from: number): number {
  let at = from;
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) into[at++] = (rest % 128) | 0x80;
  into[at++] = rest;
  return at;
}
