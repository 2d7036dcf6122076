import type { IncomingMessage } from 'node:http';

/** The server's own word about a request that it did not do. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal';

  constructor(
    readonly status: number,
    /** S3's code, such as `NoSuchKey`; empty where the answer has none. */
    readonly code: string,
    detail: string,
    /** How long the server asks to be left alone, in milliseconds. */
    readonly retryAfterMs = 0,
  ) {
    super(detail === '' ? `${status} ${code}` : detail);
  }
}

/** Answers of this size are no S3 error; what is behind it says nothing new. */
const mostBytes = 65_536;

/** Reads an answer that is no success. */
export async function readRefusal(response: IncomingMessage): Promise<S3Refusal> {
  return refusalOf(response, await bodyOf(response));
}

/** An error as XML, which may also come with status 200 where the server began to answer before it knew. */
export function refusalOf({ statusCode = 0, headers }: IncomingMessage, xml: string): S3Refusal {
  const named = headers['x-minio-error-code'];
  const code = fieldOf(xml, 'Code') ?? (typeof named === 'string' ? named : '');
  return new S3Refusal(statusCode, code, fieldOf(xml, 'Message') ?? '', retryAfterMs(headers['retry-after']));
}

/** A field of a flat XML answer. */
export const fieldOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

export async function bodyOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes <= mostBytes) pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** Seconds, or a date. */
function retryAfterMs(header: string | undefined): number {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
