import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { HttpHandlerOptions, HttpRequest } from '@smithy/types';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type AnswerLimits, SlowServer, readXml } from './answer.js';
import { readRefusal } from './refusal.js';
import type { Pace } from './timing.js';

/** A page of 1000 long names takes less, in bytes. */
const maxXmlBytes = 4 * 1024 * 1024;

/** A server may begin to answer, and go on with it only when it has put an object of many parts together. */
const completionFactor = 10;

type Handled = ReturnType<NodeHttpHandler['handle']>;
type Request = Parameters<NodeHttpHandler['handle']>[0];

/**
 * How requests go out. The client library reads answers whole, whatever their size and however long they take; so each
 * part of an answer comes here in time and within bounds, or counts as lost: its head, and what is no object as a whole;
 * pieces of objects are for their reader to time. What is no success becomes an `S3Refusal`, with the server's own code
 * and its Retry-After.
 */
export class BoundedHandler extends NodeHttpHandler {
  constructor(
    private readonly pace: Pace,
    agents: { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent },
  ) {
    super({ ...agents, socketTimeout: pace.silenceMs, throwOnRequestTimeout: true });
  }

  override async handle(request: Request, options?: HttpHandlerOptions): Handled {
    const { silenceMs } = this.pace;
    const { response } = await this.#head(request, options);
    const body = response.body as IncomingMessage & {
      readonly req: NodeJS.WritableStream & { destroy(): void };
    };
    if (response.statusCode < 200 || response.statusCode >= 300) {
      const refusal = await readRefusal(body, silenceMs);
      // Nobody reads the rest of a body whose request is refused.
      body.req.destroy();
      throw refusal;
    }
    if (request.query['x-id'] === 'GetObject') body.setTimeout(0);
    else response.body = Buffer.from(await readXml(body, xmlLimits(request, silenceMs)));
    return { response };
  }

  async #head(request: Request, options?: HttpHandlerOptions): Handled {
    const requestTimeout = this.pace.silenceMs + sendingMs(request, this.pace);
    try {
      return await super.handle(request, { ...options, requestTimeout });
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError' && !('code' in error))
        throw new SlowServer(this.pace.silenceMs);
      throw error;
    }
  }
}

/** How long the body may take on its way. */
const sendingMs = ({ headers }: HttpRequest, { leastBytesPerSecond }: Pace): number =>
  (Number(headers['content-length'] ?? 0) / leastBytesPerSecond) * 1000;

const xmlLimits = ({ method, query = {} }: HttpRequest, silenceMs: number): AnswerLimits => ({
  maxBytes: maxXmlBytes,
  withinMs: method === 'POST' && 'uploadId' in query ? silenceMs * completionFactor : silenceMs,
});
