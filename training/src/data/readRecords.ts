import type { Encoding } from './csvOptions.js';
import { inflate, isGzip } from './inflate.js';
import { PIECE_CHARACTERS, RecordReader, type RecordOptions } from './recordReader.js';
import { TextReader } from './textReader.js';

/** Records of a table in memory. */
export interface Records {
  /** Read while they are asked for. @throws TrainingError VT7001, VT7013 */
  readonly records: Iterable<string[]>;
  /** How they were read; known once the first one is. */
  readonly reading: () => { compressed: boolean; encoding: Encoding; delimiter: string };
}

/** The records of CSV text, or of a file's bytes, header first. @throws TrainingError VT7001 */
export function readRecords(csv: string | Uint8Array, options: RecordOptions): Records {
  const compressed = typeof csv !== 'string' && isGzip(csv);
  const text = new TextReader(options.source);
  const whole = typeof csv === 'string' ? csv.replace(/^\ufeff/, '') : decode();
  const reader = new RecordReader(options);
  return {
    records: records(),
    reading: () => ({ compressed, encoding: text.encoding, delimiter: reader.delimiter }),
  };

  function decode(): string {
    const bytes = csv as Uint8Array;
    return text.push(compressed ? inflate(bytes, options.source) : bytes) + text.end();
  }

  function* records(): Generator<string[]> {
    for (let start = 0; start < whole.length; start += PIECE_CHARACTERS)
      yield* reader.push(whole.slice(start, start + PIECE_CHARACTERS));
    yield* reader.end();
  }
}
