import type { Hash } from 'node:crypto';
import { type ActionContext, inSteps } from '../calls/action.js';

const reportEveryRows = 100_000;

/** Passes chunks on, and hashes them. */
export async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** A table in chunks, whatever it came in. */
export async function* chunksOf(
  csv: string | Uint8Array | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (typeof csv === 'string') yield Buffer.from(csv);
  else if (csv instanceof Uint8Array) yield csv;
  else yield* csv;
}

/** Tells how many rows were read, and stops where it is told to. */
export function progressOf({ progress, signal }: ActionContext): (rows: number) => void {
  const report = inSteps(reportEveryRows, (rows) => progress?.(`read ${rows} rows`));
  return (rows) => {
    signal?.throwIfAborted();
    report(rows);
  };
}
