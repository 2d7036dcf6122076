import type { IncomingMessage } from 'node:http';
import { saysTlsOnly } from '../../errors/plainToTls.js';
import { readUpTo } from './answer.js';

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
const maxBytes = 65_536;

/** Reads an answer that is no success. @throws SlowServer, and what broke the connection */
export async function readRefusal(response: IncomingMessage, withinMs: number): Promise<S3Refusal> {
  const content = await readUpTo(response, { maxBytes, withinMs });
  return refusalOf(response, content.toString());
}

/** An error as XML, which may also come with status 200 where the server began to answer before it knew. */
export function refusalOf({ statusCode = 0, headers }: IncomingMessage, xml: string): S3Refusal {
  const named = headers['x-minio-error-code'];
  const code =
    fieldOf(xml, 'Code') ?? (typeof named === 'string' ? named : unsaidCode(statusCode, headers.date, xml));
  return new S3Refusal(statusCode, code, fieldOf(xml, 'Message') ?? '', retryAfterMs(headers['retry-after']));
}

/** This program's own code for an answer of who speaks TLS to who does not. */
export const plainToTlsCode = 'PlainHttpToTls';

/** S3 takes no request that is further off its own clock. */
const maxSkewMs = 15 * 60_000;

/** What an answer without a code comes to: that to a HEAD has no body. The clock is the server's own word too. */
function unsaidCode(status: number, date: string | undefined, answer: string): string {
  if (saysTlsOnly(answer)) return plainToTlsCode;
  const skewMs = Math.abs(Date.parse(date ?? '') - Date.now());
  return status === 403 && skewMs > maxSkewMs ? 'RequestTimeTooSkewed' : '';
}

/** A field of a flat XML answer. */
export const fieldOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

/** Seconds, or a date. */
function retryAfterMs(header: string | undefined): number {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
