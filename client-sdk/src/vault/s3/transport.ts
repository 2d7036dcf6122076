import * as http from 'node:http';
import * as https from 'node:https';
import { readRefusal } from './refusal.js';

export interface TransportOptions {
  /** Whether the server speaks TLS. */
  readonly secure: boolean;
  readonly silenceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The connection was there, and nothing came. */
class SilentServer extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(silenceMs: number) {
    super(`nothing was heard for ${silenceMs} ms`);
  }
}

/**
 * How the requests of one attempt go out. What is no success becomes an `S3Refusal` here, with the server's own code and
 * its Retry-After: the client library hides both of answers that it would repeat itself.
 */
export function transportOf({ secure, silenceMs, signal }: TransportOptions): Pick<typeof http, 'request'> {
  const send = secure ? https.request : http.request;
  const request = (
    options: http.RequestOptions,
    onSuccess: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const sent = send(signal === undefined ? options : { ...options, signal });
    sent.setTimeout(silenceMs, () => sent.destroy(new SilentServer(silenceMs)));
    sent.on('response', (response) => {
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode < 300) onSuccess(response);
      else
        readRefusal(response)
          .catch((error: unknown) => error)
          .then((error) => {
            sent.emit('error', error);
            // Nobody reads the rest of a body whose request is refused.
            if (!sent.writableFinished) sent.destroy();
          })
          .catch(() => undefined);
    });
    return sent;
  };
  return { request: request as typeof http.request };
}
