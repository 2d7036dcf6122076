import * as http from 'node:http';
import * as https from 'node:https';
import { type AnswerLimits, SlowServer, readXml, replay } from './answer.js';
import { readRefusal } from './refusal.js';
import type { Pace } from './timing.js';

export interface TransportOptions extends Pace {
  /** Whether the server speaks TLS. */
  readonly secure: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A page of 1000 long names takes less, in bytes. */
const maxXmlBytes = 4 * 1024 * 1024;

/** A server may begin to answer, and go on with it only when it has put an object of many parts together. */
const completionFactor = 10;

/**
 * How the requests of one attempt go out. Each part of an answer comes in time or counts as lost: its head, and what is
 * no object as a whole; pieces of objects are for their reader to time. What is no success becomes an `S3Refusal` here,
 * with the server's own code and its Retry-After: the client library hides both of answers that it would repeat itself.
 */
export function transportOf(given: TransportOptions): Pick<typeof http, 'request'> {
  const { secure, silenceMs, signal } = given;
  const send = secure ? https.request : http.request;
  const request = (
    options: http.RequestOptions,
    onSuccess: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const sent = send(signal === undefined ? options : { ...options, signal });
    sent.setTimeout(silenceMs, () => sent.destroy(new SlowServer(silenceMs)));
    requireHead(sent, silenceMs + sendingMs(options, given));
    sent.on('response', (response) => {
      const { statusCode = 0 } = response;
      const isSuccess = statusCode >= 200 && statusCode < 300;
      if (isSuccess && isObject(options)) {
        sent.setTimeout(0);
        onSuccess(response);
        return;
      }
      const read = isSuccess
        ? readXml(response, xmlLimits(options, silenceMs)).then((xml) => replay(response, xml))
        : readRefusal(response, silenceMs).then((refusal) => Promise.reject(refusal));
      read.then(onSuccess).catch((error: unknown) => {
        sent.emit('error', error);
        // Nobody reads the rest of a body whose request is refused.
        if (!sent.writableFinished) sent.destroy();
      });
    });
    return sent;
  };
  return { request: request as typeof http.request };
}

/** The head must have come so long after the connection was there. */
function requireHead(sent: http.ClientRequest, withinMs: number): void {
  let late: NodeJS.Timeout | undefined;
  sent.once('socket', () => {
    late = setTimeout(() => sent.destroy(new SlowServer(withinMs)), withinMs);
  });
  for (const end of ['response', 'close'])
    sent.once(end, () => {
      clearTimeout(late);
    });
}

/** How long the body may take on its way. */
function sendingMs({ headers }: http.RequestOptions, { minBytesPerSecond }: Pace): number {
  const given = headers as Record<string, unknown> | undefined;
  const sizeBytes = Number(given?.['content-length'] ?? 0);
  return Number.isFinite(sizeBytes) ? (sizeBytes / minBytesPerSecond) * 1000 : 0;
}

/** Only objects are asked for without a query. */
const isObject = ({ method, path }: http.RequestOptions): boolean =>
  method === 'GET' && path?.includes('?') === false;

const xmlLimits = ({ method, path }: http.RequestOptions, silenceMs: number): AnswerLimits => ({
  maxBytes: maxXmlBytes,
  withinMs:
    method === 'POST' && path?.includes('uploadId=') === true ? silenceMs * completionFactor : silenceMs,
});
