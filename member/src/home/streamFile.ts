import { createReadStream } from 'node:fs';
import type { ActionContext } from '../calls/context.js';

const pieceBytes = 1024 * 1024;

/** A file's bytes, a piece at a time. @throws whatever the file system says */
export function streamFile(path: string, { signal }: ActionContext = {}): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: pieceBytes, ...(signal && { signal }) });
}
