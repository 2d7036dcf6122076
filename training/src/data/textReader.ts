import { isAscii } from 'node:buffer';
import { TrainingError } from '../errors.js';
import type { Encoding } from './csvOptions.js';

/** How files begin that people take for tables, and what they are. */
const NOT_TEXT: readonly (readonly [string, string])[] = [
  ['504b0304', 'a ZIP archive, as Excel workbooks are'],
  ['d0cf11e0', 'an Excel workbook'],
  ['50415231', 'a Parquet file, which is read from a file alone'],
  ['28b52ffd', 'compressed with zstd'],
  ['fd377a58', 'compressed with xz'],
  ['425a68', 'compressed with bzip2'],
  ['1f8b', 'compressed with gzip, twice'],
  ['25504446', 'a PDF'],
];

/**
 * Decodes the bytes of a table, however they are cut: UTF-8, UTF-16 (by its byte order mark or its zero bytes), or else
 * Windows-1252, as long as nothing before was UTF-8 beyond ASCII. Byte order marks are left out.
 */
export class TextReader {
  readonly #source: string;
  #encoding: Encoding | undefined;
  #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** Reads Windows-1252 as UTF-8: a character beyond ASCII says that the text is damaged UTF-8. */
  readonly #witness = new TextDecoder('utf-8', { ignoreBOM: true });
  /** Bytes of a beginning, or of a character, that is not whole yet. */
  #pending: Uint8Array = new Uint8Array(0);
  #ascii = true;

  constructor(source: string) {
    this.#source = source;
  }

  get encoding(): Encoding {
    return this.#encoding ?? 'utf-8';
  }

  /** @throws TrainingError VT7001 */
  push(bytes: Uint8Array): string {
    const whole = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    this.#pending = new Uint8Array(0);
    if (this.#encoding !== undefined) return this.#decode(whole, true);
    if (whole.length >= 4) return this.#begin(whole, true);
    this.#pending = Uint8Array.from(whole);
    return '';
  }

  /** @throws TrainingError VT7001 */
  end(): string {
    const rest = this.#pending;
    this.#pending = new Uint8Array(0);
    return this.#encoding === undefined ? this.#begin(rest, false) : this.#decode(rest, false);
  }

  #begin(bytes: Uint8Array, more: boolean): string {
    const hex = Buffer.from(bytes.subarray(0, 4)).toString('hex');
    const what = NOT_TEXT.find(([magic]) => hex.startsWith(magic))?.[1];
    if (what !== undefined) this.#refuse(what);
    const [encoding, mark] = beginningOf(hex);
    this.#encoding = encoding;
    if (encoding !== 'utf-8') this.#decoder = new TextDecoder(encoding, { fatal: true });
    return this.#decode(bytes.subarray(mark), more);
  }

  #decode(bytes: Uint8Array, more: boolean): string {
    if (this.#encoding === 'utf-8') return this.#decodeUtf8(bytes, more);
    if (this.#encoding === 'windows-1252') this.#requireNoUtf8(bytes, more);
    try {
      return this.#decoder.decode(bytes, { stream: more });
    } catch (error) {
      return this.#refuse(`not whole as text in ${this.encoding.toUpperCase()}`, error);
    }
  }

  #decodeUtf8(bytes: Uint8Array, more: boolean): string {
    const whole = more ? wholeCharacters(bytes) : bytes.length;
    this.#pending = Uint8Array.from(bytes.subarray(whole));
    const known = bytes.subarray(0, whole);
    try {
      const text = this.#decoder.decode(known);
      this.#ascii &&= isAscii(known);
      return text;
    } catch (error) {
      if (!this.#ascii) this.#refuse('not whole as text in UTF-8', error);
    }
    this.#pending = new Uint8Array(0);
    this.#encoding = 'windows-1252';
    this.#decoder = new TextDecoder('windows-1252');
    return this.#decode(bytes, more);
  }

  #requireNoUtf8(bytes: Uint8Array, more: boolean): void {
    const isMixed = /[^\p{ASCII}\ufffd]/u.test(this.#witness.decode(bytes, { stream: more }));
    if (isMixed) this.#refuse('not whole as text in UTF-8');
  }

  #refuse(what: string, cause?: unknown): never {
    throw new TrainingError('VT7001', `${this.#source} is ${what}`, { source: this.#source }, cause);
  }
}

/** Encoding by the first four bytes, and how many of them are a byte order mark. */
function beginningOf(hex: string): [Encoding, number] {
  if (hex.startsWith('efbbbf')) return ['utf-8', 3];
  if (hex.startsWith('fffe')) return ['utf-16le', 2];
  if (hex.startsWith('feff')) return ['utf-16be', 2];
  if (/^(?!00)..00(?!00)..00$/.test(hex)) return ['utf-16le', 0];
  if (/^00(?!00)..00(?!00)..$/.test(hex)) return ['utf-16be', 0];
  return ['utf-8', 0];
}

/** How many bytes come before a last character of UTF-8 that may go on. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return back < needed ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
