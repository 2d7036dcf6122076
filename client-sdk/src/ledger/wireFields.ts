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

/** A message of length-delimited fields, in the order in which they are given; fields without bytes are left out. */
export function wireMessage(
  ...fields: readonly (readonly [number: number, bytes: Uint8Array | string])[]
): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, content]) => {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      return bytes.length === 0 ? [] : [Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes];
    }),
  );
}

/** @param value a whole number from 0 to 2^53 */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}
